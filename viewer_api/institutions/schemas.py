"""Bodies of institutions."""

from typing import Annotated

from pydantic import Field

from storage.domain.reading import InstitutionKind
from viewer_api.schemas import RequestSchema, Schema

Name = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(max_length=200)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+() -]*$")]


class InstitutionIn(RequestSchema):
    """A new institution. Its code stands in orders, files and other systems, and never changes."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$", examples=["t16"])]
    kind: InstitutionKind = InstitutionKind.CLINIC
    name: Name
    name_en: Text = ""
    contact: Text = ""
    phone: Phone = ""
    address: Text = ""


class InstitutionChange(RequestSchema):
    """What is given is changed, the rest stays."""

    name: Name | None = None
    name_en: Text | None = None
    contact: Text | None = None
    phone: Phone | None = None
    address: Text | None = None
    active: bool | None = None


class InstitutionLine(Schema):
    """An institution with how much hangs on it, and what it pays by."""

    code: str
    kind: InstitutionKind
    name: str
    name_en: str
    contact: str
    phone: str
    address: str
    active: bool
    devices: int
    users: int
    contract: str
    """Class of contract, by the price list in force; empty: the list's fees."""
    contract_en: str
    contract_percent: float | None


class InstitutionList(Schema):
    """By code."""

    items: list[InstitutionLine]
