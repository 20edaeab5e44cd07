"""Bodies of studies."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reading_queue.sla import Standing
from storage.db.queries.studies import StudyFilter
from storage.domain.readiness import ReadyReason, WaitingFor
from storage.domain.reading import Priority, TaskState
from viewer_api.quality.schemas import MarkOut
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema
from viewer_api.worklist.schemas import TaskOut


class StudyQuery(RequestSchema):
    """Which studies to list."""

    state: tuple[TaskState | Literal["receiving"], ...] = ()
    """`receiving`, or the state of the latest task; repeat for several."""
    modality: Annotated[str, Field(max_length=16)] = ""
    institution: Annotated[str, Field(max_length=64)] = ""
    """Code of the clinic."""
    q: Annotated[str, Field(max_length=64)] = ""
    """Parts of a name, an ID or an accession number."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None

    def wanted(self, institution_id: int | None) -> StudyFilter:
        """As the queries take it."""
        return StudyFilter(states=self.state, modality=self.modality, institution_id=institution_id, text=self.q)


class StudyOut(Schema):
    """A study, and where it stands: `receiving` until it is whole, then the state of its latest task."""

    study_instance_uid: str
    institution: str
    institution_name: str
    institution_name_en: str
    modality: str
    description: str
    body_part: str
    series: int
    instances: int
    state: TaskState | Literal["receiving"]
    priority: Priority
    patient: PatientOut
    exam_started_at: Moment | None
    exam_date: date | None
    """The day it was made, where its objects tell a day and no time."""
    first_received_at: Moment
    last_received_at: Moment
    ready_at: Moment | None
    ready_reason: ReadyReason | None
    """Why it was opened for reading; null until it was."""
    waiting_for: WaitingFor | None
    """What keeps a study that is `receiving` from being read; null until that has been looked at."""
    missing: int
    """Objects that were named or announced and have not come."""
    expected: int | None
    """Out of how many, where that is known."""
    may_be_incomplete: bool
    """It is read although objects are missing, or the waiting was cut short."""
    due_at: Moment | None
    limit_at: Moment | None
    sla: Standing | None
    task_id: int | None
    report_id: int | None
    thumbnail: str | None
    device: str
    accession_number: str


class SeriesOut(Schema):
    """A series. `kind` says which viewer it needs."""

    series_instance_uid: str
    modality: str
    number: int | None
    description: str
    body_part: str
    laterality: str
    instances: int
    rejected: int
    """How many of them a reader has rejected: they were, or are to be, taken again."""
    thumbnail: str | None
    preview: str | None
    kind: Literal["image", "ecg", "document"]


class RequestOut(Schema):
    """What the reader wants of the clinic: `return` asks for new images, `ask` for an answer."""

    kind: Literal["ask", "return"]
    text: str
    code: str
    series_instance_uid: str | None
    marked: MarkOut | None
    """The image and the place in it that are meant."""
    by: str
    at: Moment


class StudyDetail(StudyOut):
    """A study with its series and tasks, and what is wanted of the clinic while it waits for that."""

    series_list: list[SeriesOut]
    tasks: list[TaskOut]
    request: RequestOut | None
