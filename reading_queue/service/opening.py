"""From arrived to readable: when a study is whole, it gets its one task (I2)."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.exc import IntegrityError

from reading_queue import policies, sla
from reading_queue.service.actors import SYSTEM
from reading_queue.service.sop_classes import NOT_READ
from reading_queue.service.stepping import add_event, by_system
from reading_queue.service.waiting import new_images
from reading_queue.transitions import OPENING
from storage.db.models import Association, Heartbeat, Instance, ReadingTask, Study, StudyAssociation
from storage.db.session import Hint, UnitOfWork
from storage.domain.reading import CLOSED_STATES, Action, Priority, TaskState
from storage.domain.studies import InstanceState, RenditionState, StudyState

READ_STEP = "read"
"""The only reading step so far; a study has one open task per step."""

GATEWAY_KIND = "gateway"
_BATCH = 100
_READY = {
    "state": StudyState.READY,
    "rendition_state": RenditionState.PENDING,
    "rendition_attempts": 0,
    "rendition_tried_at": None,
}


def open_ready_studies(work: UnitOfWork, *, ready_idle: float, gateway_alive_within: float = 30) -> list[int]:
    """Make every study that is whole READY, with its one open task. Safe anywhere and any number of times at once.

    Whole means: nothing new for `ready_idle` seconds, no association that brought something to it still open on a gateway
    that gave a sign of life within `gateway_alive_within` seconds, everything in the object store, and something to read.
    Returns the identities of the studies that became ready.
    """
    query = (
        select(Study)
        .where(
            Study.state == StudyState.RECEIVING,
            Study.last_received_at <= work.now - timedelta(seconds=ready_idle),
            ~_still_coming(work, gateway_alive_within),
            ~_has_instance(Instance.state != InstanceState.STORED),
            _has_instance(Instance.sop_class_uid.not_in(NOT_READ)),
        )
        .order_by(Study.last_received_at)
        .limit(_BATCH)
        .with_for_update(of=Study, skip_locked=True, key_share=True)
    )
    return [study.id for study in work.session.execute(query).scalars().all() if _make_ready(work, study)]


def ensure_task(work: UnitOfWork, study: Study) -> ReadingTask | None:
    """Give a READY study its open task; None when it has one already, or another process was faster."""
    if _open_task(work, study) is not None:
        return None
    task = _new_task(work, study)
    try:
        with work.session.begin_nested():
            work.session.add(task)
            work.session.flush()
    except IntegrityError:
        return None
    add_event(work, task, OPENING, SYSTEM, "", {})
    return task


def _make_ready(work: UnitOfWork, study: Study) -> bool:
    seen = Study.id == study.id, Study.state == StudyState.RECEIVING, Study.last_received_at == study.last_received_at
    changed = update(Study).where(*seen).values({**_READY, "ready_at": work.now}).returning(Study.id)
    options = {"synchronize_session": False}
    if work.session.execute(changed, execution_options=options).scalar_one_or_none() is None:
        return False
    work.session.refresh(study)
    open_task = _open_task(work, study)
    if open_task is None:
        ensure_task(work, study)
    else:
        _more_images(work, open_task)
    work.after_commit(Hint("make_renditions", (study.id, study.priority)))
    return True


def _more_images(work: UnitOfWork, task: ReadingTask) -> None:
    if task.state == TaskState.RETAKE_WAIT:
        new_images(work, task)
    else:
        by_system(work, task, Action.LATE_IMAGES).take()


def _open_task(work: UnitOfWork, study: Study) -> ReadingTask | None:
    query = select(ReadingTask).where(
        ReadingTask.study_id == study.id, ReadingTask.step == READ_STEP, ReadingTask.state.not_in(CLOSED_STATES)
    )
    locked = query.with_for_update(of=ReadingTask)
    return work.session.execute(locked, execution_options={"populate_existing": True}).scalar_one_or_none()


def _new_task(work: UnitOfWork, study: Study) -> ReadingTask:
    times = sla.deadlines(
        policies.policy_at(work.now.date()),
        policies.CENTRE_CALENDAR,
        Priority(study.priority),
        study.modality,
        study.body_part,
        work.now,
        study.exam_started_at,
    )
    task = ReadingTask(
        institution_id=study.institution_id,
        study_id=study.id,
        step=READ_STEP,
        state=OPENING.target,
        priority=study.priority,
        modality=study.modality,
        version=1,
        previous_task_id=_previous_task(work, study),
        created_at=work.now,
        state_since=work.now,
        exam_started_at=study.exam_started_at,
        ready_at=work.now,
        clock_started_at=work.now,
        paused_seconds=0.0,
        due_at=times.due_at,
        limit_at=times.limit_at,
        regulatory_due_at=times.regulatory_due_at,
        sla_policy=times.row,
        escalation=0,
    )
    task.next_escalation_at = sla.next_escalation(sla.ClockB.of(task), 0)
    return task


def _previous_task(work: UnitOfWork, study: Study) -> int | None:
    query = select(ReadingTask.id).where(ReadingTask.study_id == study.id, ReadingTask.step == READ_STEP)
    return work.session.execute(query.order_by(ReadingTask.id.desc()).limit(1)).scalar_one_or_none()


def _still_coming(work: UnitOfWork, gateway_alive_within: float) -> ColumnElement[bool]:
    alive = exists().where(
        Heartbeat.process == Association.gateway,
        Heartbeat.kind == GATEWAY_KIND,
        Heartbeat.seen_at > work.now - timedelta(seconds=gateway_alive_within),
    )
    return exists().where(
        StudyAssociation.study_id == Study.id,
        Association.id == StudyAssociation.association_id,
        Association.ended_at.is_(None),
        alive,
    )


def _has_instance(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(and_(Instance.study_id == Study.id, condition))
