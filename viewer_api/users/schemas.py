"""Bodies of accounts."""

from typing import Annotated

from pydantic import Field

from storage.domain.reading import InstitutionKind, Role
from viewer_api.schemas import Moment, RequestSchema, Schema

Username = Annotated[str, Field(min_length=2, max_length=64, pattern=r"^[\w.@-]+$", examples=["li.doctor"])]
Name = Annotated[str, Field(min_length=1, max_length=64, examples=["李医生"])]
Title = Annotated[str, Field(max_length=64, examples=["主治医师"])]
Code = Annotated[str, Field(min_length=1, max_length=64, examples=["t01"])]
Modalities = Annotated[list[Annotated[str, Field(max_length=16)]] | None, Field(max_length=40, examples=[["CT", "DX"]])]


class NewAccount(RequestSchema):
    """Somebody who may log in; the password is made here and shown once."""

    username: Username
    name: Name
    title: Title = ""
    role: Role
    institution: Code
    modalities: Modalities = None
    """What a reader may take; null means everything."""


class AccountChange(RequestSchema):
    """What is given is changed."""

    name: Name | None = None
    title: Title | None = None
    role: Role | None = None
    institution: Code | None = None
    modalities: Modalities = None
    active: bool | None = None


class AccountLine(Schema):
    """An account as those see it who run the centre."""

    username: str
    name: str
    title: str
    role: Role
    institution: str
    institution_name: str
    institution_name_en: str
    modalities: list[str] | None
    active: bool
    must_change_password: bool
    second_factor: bool
    single_sign_on: bool
    """Whether he has logged in by the county's identity provider."""
    last_login_at: Moment | None
    locked_until: Moment | None
    sessions: int
    may_change: bool
    """Whether the caller may change it: those who run the centre are the administrator's."""


class AccountList(Schema):
    """Every account, by institution and name."""

    items: list[AccountLine]
    institutions: list["InstitutionChoice"]


class InstitutionChoice(Schema):
    """Where somebody may belong."""

    code: str
    name: str
    name_en: str
    kind: InstitutionKind


class FirstPassword(Schema):
    """To be handed over in person; it must be changed at the first log-in, and is not shown again."""

    user: AccountLine
    password: Annotated[str, Field(examples=["Kw7-mZq2-Ttx9-pL4v"])]
