"""Bodies of tasks."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from reading_queue.sla import Standing
from storage.db.queries.tasks import TaskFilter
from storage.domain.readiness import ReadyReason
from storage.domain.reading import Action, Priority, ReportKind, TaskState
from viewer_api.consultations.schemas import ConsultationOut
from viewer_api.results.schemas import ReportOut
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema
from viewer_api.templates.structures import StructureOut


class TaskQuery(RequestSchema):
    """Which tasks to list."""

    state: tuple[TaskState, ...] = ()
    """Repeat for several; without one, all that are not finished."""
    modality: tuple[str, ...] = ()
    institution: Annotated[str, Field(max_length=64)] = ""
    """Code of the clinic."""
    priority: tuple[Priority, ...] = ()
    mine: bool = False
    """Only what the caller has in hand, or what is kept for him."""
    open: bool = True
    """False lists finished tasks too."""
    q: Annotated[str, Field(max_length=64)] = ""
    """Part of a name, an ID or an accession number."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=200)] = None

    def wanted(self, user_id: int) -> TaskFilter:
        """As the queries take it."""
        return TaskFilter(
            states=self.state,
            modalities=self.modality,
            priorities=self.priority,
            institution=self.institution,
            mine=user_id if self.mine else None,
            text=self.q,
            open_only=self.open,
        )


class TaskOut(Schema):
    """A reading task as a line of the worklist."""

    id: int
    state: TaskState
    priority: Priority
    modality: str
    step: str
    study_instance_uid: str
    institution: Annotated[str, Field(examples=["t01"])]
    institution_name: str
    institution_name_en: str
    due_at: Moment
    """Target of the contract's clock; moved forward by pauses."""
    limit_at: Moment
    """Maximum of the contract's clock."""
    regulatory_due_at: Moment | None
    ready_at: Moment
    created_at: Moment
    state_since: Moment
    exam_started_at: Moment | None
    exam_date: date | None
    """The day it was made, where its objects tell a day and no time."""
    reader: str | None
    reader_name: str | None
    author: str | None
    author_name: str | None
    signer: str | None
    signer_name: str | None
    kept_for: str | None
    """Who is to read it, while it is assigned or waits for the clinic."""
    kept_for_name: str | None
    lease_expires_at: Moment | None
    paused: bool
    """The clock stands still: the clinic was asked for something."""
    escalation: int
    version: int
    patient: PatientOut
    description: str
    body_part: str
    series: int
    instances: int
    ready_reason: ReadyReason | None
    """Why the study was opened for reading."""
    missing: int
    """Objects of the study that were named or announced and have not come."""
    expected: int | None
    """Out of how many, where that is known."""
    may_be_incomplete: bool
    """It is read although objects are missing, or the waiting was cut short."""
    more_arriving: bool
    """More images are arriving now."""
    previous_task_id: int | None
    """The task that the study had before this one."""
    mismatch: list[str]
    """How the study contradicts its order: name, sex, birth_date, other_clinic."""
    independent: bool
    """One of two readings that know nothing of each other."""
    preliminary_at: Moment | None
    """Since when the clinic has a preliminary report."""
    device: str
    """Calling AE title of the equipment that sent it."""
    accession_number: str
    thumbnail: str | None
    report_id: int | None
    report_kind: ReportKind | None
    """What its last version is: preliminary, or withdrawn, say."""
    allowed_actions: Annotated[list[Action], Field(examples=[["claim"]])]
    """What the caller may do with it now."""
    sla: Standing


class DraftOut(Schema):
    """What a reader has written so far."""

    findings: str
    impression: str
    positive: bool | None
    critical: str
    structure: StructureOut | None
    saved_at: Moment
    saved_by: str
    saved_by_name: str


class TaskEventOut(Schema):
    """One step of a task."""

    seq: int
    action: Action
    from_state: TaskState | Literal[""]
    to_state: TaskState
    actor: str
    at: Moment
    reason: str
    detail: dict[str, Any]


class WordKind(StrEnum):
    """What a word between reader and clinic is."""

    ASK = "ask"
    ANSWER = "answer"
    RETURN = "return"
    RETAKEN = "retaken"


class QuestionOut(Schema):
    """A word between reader and clinic."""

    kind: WordKind
    text: str
    code: str
    """Of a return: why the images must be taken again."""
    series_instance_uid: str | None
    by: str
    at: Moment


class TaskBeforeOut(Schema):
    """Why the study has another task, and what was said the last time."""

    task_id: int
    report_id: int | None
    because: Literal["images_after_report", "images_after_end", "images_replaced", "withdrawn"]
    """Images came after the report was signed, or after the task was cancelled or declined; one that a report rests on was
    replaced; the report was withdrawn."""
    images: int
    """How many had come when this task was opened."""


class ChoiceOut(Schema):
    """Why the last to take the case was given it, in sentences, the most important first."""

    at: Moment
    reader: str
    zh: list[str]
    en: list[str]
    figures: dict[str, Any]
    """Codes and figures that the sentences are made of."""


class RequestOut(Schema):
    """Why the examination was asked for, as its order says."""

    procedure: str
    clinical_information: str
    diagnosis: str
    referring_doctor: str
    referring_department: str


class TaskInHand(TaskOut):
    """A task with what its reader must know besides."""

    late_images: int
    """Images that have come since the case was taken in hand, or since its report was drafted."""
    late_images_since: Moment | None
    before: TaskBeforeOut | None
    request: RequestOut | None
    """Null where the study came without an order."""
    draft: DraftOut | None


class PartsOut(Schema):
    """Seconds spent so far, from the task's events alone; `upload` and `clock_a` are null where nobody told when the exam began."""

    upload: float | None
    queue: float
    read: float
    audit: float
    delivery: float
    retake: float
    clock_a: float | None
    """From the start of the examination to the final report, never paused."""


class TaskDetail(TaskInHand):
    """A task with its draft, its history and its report."""

    parts: PartsOut
    green_channel_case: int | None
    """The green-channel case that it belongs to."""
    read_by: Moment
    """When a draft should be there, so that the auditor has his share of the maximum."""
    events: list[TaskEventOut]
    questions: list[QuestionOut]
    choice: ChoiceOut | None
    """For the centre's people alone."""
    consultations: list[ConsultationOut]
    """Upper-level hospitals that were asked. A clinic sees that they were, not what was said before it is signed."""
    drafts_before: list[DraftOut]
    """Words that stood in the draft before, the last first, and whose they were."""
    readings: list[DraftOut]
    """What two independent readers wrote, for the one who decides over both."""
    report: ReportOut | None


class ClaimedTask(TaskInHand):
    """A task in the caller's hand, with what has been written so far."""


class ClaimOut(Schema):
    """Every write to the task needs `lease_token`; a heartbeat a minute keeps it alive."""

    task: ClaimedTask
    lease_token: str
    lease_expires_at: Moment
