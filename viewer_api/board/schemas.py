"""Bodies of the board and of links to wall screens."""

from typing import Annotated

from pydantic import Field

from reading_queue.parts import Part
from storage.domain.critical import CaseState
from storage.domain.reading import Priority, TaskState
from viewer_api.critical.schemas import CaseOut
from viewer_api.schemas import Moment, RequestSchema, Schema
from viewer_api.worklist.schemas import TaskOut


class ClassLine(Schema):
    """Open tasks of one class: `steps` by the names of the board's steps; what is not named is none."""

    priority: Priority
    open: int
    steps: dict[str, int]


class BacklogLine(Schema):
    """What waits for a reader, is in hand, or waits for the clinic (`paused`), of one modality."""

    modality: str
    waiting: int
    in_hand: int
    paused: int
    breached: int


class InHandOut(Schema):
    """A case in a reader's hand: without its patient."""

    task_id: int
    state: TaskState
    priority: Priority
    modality: str
    institution: str
    institution_name: str
    institution_name_en: str
    since: Moment
    limit_at: Moment


class ReaderLine(Schema):
    """A reader on shift, or off it with a case in hand."""

    username: str
    name: str
    on_duty: bool
    on_call: bool
    shift: str
    until: Moment | None
    in_hand: list[InHandOut]
    kept: int
    """Cases that are assigned to him, or wait for an answer that he asked for."""
    cases_today: int
    rvu_today: float


class BreachLine(Schema):
    """A task past its maximum; `longest` is the part of the clock that took most of the time."""

    task_id: int
    priority: Priority
    modality: str
    institution: str
    institution_name: str
    institution_name_en: str
    limit_at: Moment
    signed_at: Moment | None
    longest: Part | None
    parts: dict[Part, float]
    """Seconds by part; empty where it was not looked at."""


class SilentOut(Schema):
    """Equipment that has not called for longer than the county's rules allow."""

    ae_title: str
    name: str
    modality: str
    institution: str
    institution_name: str
    institution_name_en: str
    last_seen_at: Moment | None


class CriticalClockOut(Schema):
    """An open critical value: where it stands and until when; neither what it is nor whose."""

    id: int
    institution: str
    institution_name: str
    institution_name_en: str
    modality: str
    state: CaseState
    state_since: Moment
    due_at: Moment | None
    overdue: bool


class LostOut(Schema):
    """Seconds by part of the clock."""

    upload: float
    queue: float
    read: float
    audit: float
    delivery: float
    retake: float


class WallOut(Schema):
    """The county at one moment, without anything of a patient. On a wall the readers' names are masked too."""

    at: Moment
    seconds: int
    """After how long a screen may ask again."""
    steps: list[str]
    """Of due time, the worst first: breached, late, minutes, later, paused."""
    classes: list[ClassLine]
    backlog: list[BacklogLine]
    readers: list[ReaderLine]
    breaches: list[BreachLine]
    lost: LostOut
    """Where the time of the breaches went."""
    silent_hours: float
    silent: list[SilentOut]
    critical: list[CriticalClockOut]


class BoardOut(WallOut):
    """The same with what the manager acts on."""

    tasks: list[TaskOut]
    """What is due first first."""
    more_tasks: bool
    critical_cases: list[CaseOut]


class BoardQuery(RequestSchema):
    """How many tasks to name."""

    limit: Annotated[int, Field(ge=1, le=200)] = 60


class NewWall(RequestSchema):
    """A screen's name, and for how many days its link lives; without them for as long as the county's rules allow."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["阅片室大屏"])]
    days: Annotated[int | None, Field(ge=1, le=1100)] = None


class WallLine(Schema):
    """A link, without its token."""

    id: int
    name: str
    created_by: str
    created_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    last_seen_at: Moment | None
    last_seen_address: str
    live: bool


class WallList(Schema):
    """The latest first."""

    items: list[WallLine]


class ShownWall(Schema):
    """`path` behind the application's address is the link, shown this once."""

    wall: WallLine
    path: Annotated[str, Field(examples=["/#/wall/crw_DUiNBRvUvVRmBi0Wz0kiBA4nZbZpTuNAbMjJgUXV1g0"])]
