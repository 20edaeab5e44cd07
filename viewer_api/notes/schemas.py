"""Bodies of the conversation on a study."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from storage.domain.reading import InstitutionKind
from viewer_api.schemas import Moment, RequestSchema, Schema


class LineKind(StrEnum):
    """A note, or which step of the reading said it."""

    NOTE = "note"
    ASK = "ask"
    ANSWER = "answer"
    RETURN = "return"
    RETAKEN = "retaken"


class NoteIn(RequestSchema):
    """What is written; it is kept as it is."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class NotesSeenIn(RequestSchema):
    """The last note that is before the caller's eyes."""

    up_to: Annotated[int, Field(ge=1, le=2**63 - 1)]


class SeenOut(Schema):
    """Who has seen a note, and when first."""

    name: str
    at: Moment


class LineOut(Schema):
    """A note, or what a step of the reading said."""

    kind: LineKind
    id: int | None
    """Of a note; null for what is none."""
    at: Moment
    name: str
    side: InstitutionKind | None
    """Of the speaker; null for the system."""
    mine: bool
    text: str
    code: str
    """Of a retake: its reason."""
    seen_by: list[SeenOut]


class ConversationOut(Schema):
    """Everything that was said about a study, the oldest first."""

    items: list[LineOut]
