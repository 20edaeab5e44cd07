"""Bodies of the green channel."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from storage.domain.green_channel import Kind, Milestone
from viewer_api.schemas import Moment, RequestSchema, Schema


class OpenIn(RequestSchema):
    """Whose study it is, and why he goes before all others."""

    study_instance_uid: Annotated[str, Field(min_length=1, max_length=64)]
    kind: Kind
    reason: Annotated[str, Field(max_length=500)] = ""


class MilestoneIn(RequestSchema):
    """When it happened."""

    name: Milestone
    at: AwareDatetime


class CloseIn(RequestSchema):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class MilestoneOut(Schema):
    """A moment of the case, told once."""

    name: Milestone
    at: Moment
    recorded_at: Moment
    recorded_by: str


class CaseOut(Schema):
    """A green-channel case. `missing` are the moments that nobody has told yet."""

    id: int
    kind: Kind
    institution: str
    institution_name: str
    institution_name_en: str
    opened_at: Moment
    opened_by: str
    reason: str
    closed_at: Moment | None
    closed_by: str
    close_reason: str
    milestones: list[MilestoneOut]
    missing: list[Milestone]
    tasks: list[int]
    """The reading tasks that belong to it."""
