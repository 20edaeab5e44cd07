"""Bodies of uploads."""

from typing import Annotated

from pydantic import Field

from storage.domain.uploads import UploadFate
from viewer_api.schemas import Moment, RequestSchema, Schema


class UploadIn(RequestSchema):
    """Whose images will come."""

    institution: Annotated[str, Field(max_length=64, examples=["t01"])] = ""
    """Code of the institution; clinics need not say."""


class EntryOut(Schema):
    """One file, or one inside a ZIP."""

    file: str
    """The name that it was put under."""
    name: str
    """Its own name, with the folders inside a ZIP."""
    fate: UploadFate
    code: str
    """Why it was refused or kept aside, for programs; empty otherwise."""
    detail: str
    """Why it was refused, in a sentence."""
    study_instance_uid: str
    size: int


class FileOut(Schema):
    """What came of one file."""

    file: str
    taken: int
    """Objects that are durable, those included that were there before."""
    refused: int
    entries: list[EntryOut]
    """The first two hundred; `GET` of the upload has them all."""


class CountsOut(Schema):
    """Files by what became of them."""

    taken: int
    stored: int
    already_there: int
    quarantined: int
    refused: int


class UploadOut(Schema):
    """An upload as it stands."""

    id: str
    institution: str
    opened_at: Moment
    completed_at: Moment | None
    counts: CountsOut
    items: list[EntryOut]
    next: str | None = None
    """The `cursor` of the entries after these."""
