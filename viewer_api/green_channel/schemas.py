"""Bodies of the green channel."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from reading_queue.sla import Standing
from storage.domain.green_channel import Kind, Milestone
from storage.domain.reading import Priority, TaskState
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema


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


class CaseTaskOut(Schema):
    """A reading task of the case, with both its clocks."""

    id: int
    study_instance_uid: str
    state: TaskState
    priority: Priority
    modality: str
    description: str
    body_part: str
    exam_started_at: Moment | None
    ready_at: Moment
    preliminary_at: Moment | None
    signed_at: Moment | None
    due_at: Moment
    limit_at: Moment
    regulatory_due_at: Moment | None
    paused: bool
    sla: Standing


class CaseOut(Schema):
    """A green-channel case. `missing` are the moments that nobody has told yet."""

    id: int
    kind: Kind
    institution: str
    institution_name: str
    institution_name_en: str
    patient: PatientOut
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
    studies: list[CaseTaskOut]
    """The same tasks, with what is read and how long there is for it."""
