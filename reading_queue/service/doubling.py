"""Studies that are read twice: two readers who know nothing of each other, and an auditing physician who decides over both.

Each reading is a task of its own step, so that a study has one open task for each reading step (I2).
"""

from collections.abc import Sequence

from sqlalchemy import select

from reading_queue.parts import told_at_opening
from reading_queue.service.actors import SYSTEM
from reading_queue.service.drafts import draft_of
from reading_queue.service.guards import signatures_in_force
from reading_queue.service.stepping import add_event
from reading_queue.service_times import next_look
from reading_queue.signatures import SignedCase
from reading_queue.transitions import OPENING
from storage.db.models import Draft, ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.reading import CLOSED_STATES, Priority, ReadingStep, TaskState

_BATCH = 200
_COPIED = (
    "institution_id",
    "study_id",
    "priority",
    "modality",
    "exam_started_at",
    "ready_at",
    "clock_started_at",
    "due_at",
    "limit_at",
    "regulatory_due_at",
    "sla_policy",
    "mismatch",
    "previous_task_id",
    "regulatory_level",
    "unmanned_since",
    "roster_look_at",
    "open_to_all_at",
    "green_channel_case_id",
)


def is_read_twice(work: UnitOfWork, study: Study) -> bool:
    """Whether the county has chosen studies like this one for double reading."""
    case = SignedCase(study.modality, Priority(study.priority), study.body_part, study.description, "", work.now)
    return signatures_in_force(work).is_read_twice(case)


def open_second(work: UnitOfWork, task: ReadingTask) -> ReadingTask:
    """The second reading of a study whose first has just been opened: the same clocks, another task."""
    second = _beside(work, task, ReadingStep.SECOND_READ, independent=True)
    second.state, second.paused_since = task.state, task.paused_since
    _put(work, second, {"beside": task.id})
    return second


def readings_of(work: UnitOfWork, task: ReadingTask) -> Sequence[ReadingTask]:
    """The independent readings that an adjudication is about, the first first."""
    if task.step != ReadingStep.ADJUDICATE:
        return []
    query = select(ReadingTask).where(
        ReadingTask.study_id == task.study_id,
        ReadingTask.independent,
        ReadingTask.state == TaskState.READ,
        ReadingTask.id < task.id,
    )
    found = work.session.execute(query.order_by(ReadingTask.id.desc()).limit(2)).scalars().all()
    return sorted(found, key=lambda one: one.id)


def drafts_before(work: UnitOfWork, task: ReadingTask) -> list[Draft]:
    """What the independent readers wrote, for the one who decides."""
    found = (draft_of(work, one.id) for one in readings_of(work, task))
    return [draft for draft in found if draft is not None]


def adjudicate(work: UnitOfWork, study_id: int) -> ReadingTask | None:
    """Open the third reading once both are handed over; None while one is not, or when there is one. The study is locked."""
    tasks = work.session.execute(
        select(ReadingTask).where(ReadingTask.study_id == study_id).order_by(ReadingTask.id),
        execution_options={"populate_existing": True},
    ).scalars()
    all_of_it = list(tasks)
    last_decision = max((one.id for one in all_of_it if one.step == ReadingStep.ADJUDICATE), default=0)
    round_ = [one for one in all_of_it if one.independent and one.id > last_decision]
    done = [one for one in round_ if one.state == TaskState.READ]
    if not done or any(one.state not in CLOSED_STATES for one in round_):
        return None
    third = _beside(work, done[-1], ReadingStep.ADJUDICATE, independent=False)
    third.state = TaskState.QUEUED
    _put(work, third, {"readings": [one.id for one in done]})
    return third


def lock_study(work: UnitOfWork, study_id: int) -> None:
    """Before any of its tasks, as arrivals do: two who hand over at once wait for each other."""
    query = select(Study.id).where(Study.id == study_id)
    work.session.execute(query.with_for_update(of=Study, key_share=True)).scalar_one()


def follow_readings(work: UnitOfWork) -> int:
    """Open the adjudications that were not opened: of the two one was handed over, and the other cancelled, say."""
    other = select(ReadingTask.study_id).where(
        ReadingTask.independent, ReadingTask.state.in_((TaskState.CANCELLED, TaskState.DECLINED))
    )
    query = select(ReadingTask.study_id).where(
        ReadingTask.independent, ReadingTask.state == TaskState.READ, ReadingTask.study_id.in_(other)
    )
    opened = 0
    for study_id in work.session.execute(query.distinct().limit(_BATCH)).scalars().all():
        lock_study(work, study_id)
        opened += adjudicate(work, study_id) is not None
    return opened


def _beside(work: UnitOfWork, task: ReadingTask, step: ReadingStep, *, independent: bool) -> ReadingTask:
    return ReadingTask(
        **{name: getattr(task, name) for name in _COPIED},
        step=step,
        version=1,
        independent=independent,
        created_at=work.now,
        state_since=work.now,
        paused_seconds=task.paused_seconds,
        escalation=task.escalation,
        state=TaskState.QUEUED,
    )


def _put(work: UnitOfWork, task: ReadingTask, detail: dict[str, object]) -> None:
    work.session.add(task)
    work.session.flush()
    task.next_escalation_at = next_look(work, task)
    work.session.flush()
    add_event(work, task, OPENING, SYSTEM, "", {**told_at_opening(task.exam_started_at), **detail})
