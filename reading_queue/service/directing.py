"""What keeps the work moving: declining, cancelling, changes of class, and telling somebody when time runs out."""

from datetime import datetime

from sqlalchemy import select

from reading_queue import sla
from reading_queue.policies import BREACHED, CENTRE_CALENDAR, policy_at
from reading_queue.service.actors import Actor
from reading_queue.service.guards import require_role
from reading_queue.service.stepping import Allowed, allow, audit, by_system
from storage.db.models import ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, NotFound
from storage.domain.reading import CLOSED_STATES, Action, Priority, TaskState

_BATCH = 200


def decline(work: UnitOfWork, task_id: int, actor: Actor, reason: str) -> ReadingTask:
    """The centre does not take the case."""
    return _close(work, task_id, actor, Action.DECLINE, reason)


def cancel(work: UnitOfWork, task_id: int, actor: Actor, reason: str) -> ReadingTask:
    """Nothing is to be read any more; a lease on it ends at once."""
    return _close(work, task_id, actor, Action.CANCEL, reason)


def prioritise(work: UnitOfWork, task_id: int, actor: Actor, priority: Priority, reason: str) -> ReadingTask:
    """Change the class of a task and its study; the due times are set anew from now on (`sla.reprioritised`)."""
    require_role(actor, Action.PRIORITISE)
    study = _locked_study(work, task_id)
    allowed = allow(work, task_id, actor, Action.PRIORITISE, reason=reason)
    task, before = allowed.task, Priority(allowed.task.priority)
    if before == priority:
        raise Invalid(f"The task is {priority} already.")
    study.priority = priority
    allowed.take({"from": before, "to": priority}, priority=priority, **_new_times(allowed, study, priority))
    audit(work, actor, Action.PRIORITISE, task, before=before, after=priority)
    return task


def escalate_due(work: UnitOfWork) -> int:
    """Record every task that has passed a moment of escalation since the last look. Returns how many."""
    due = (
        ReadingTask.next_escalation_at <= work.now,
        ReadingTask.state.not_in(CLOSED_STATES),
        ReadingTask.paused_since.is_(None),
    )
    query = select(ReadingTask).where(*due).order_by(ReadingTask.next_escalation_at).limit(_BATCH)
    tasks = work.session.execute(query.with_for_update(of=ReadingTask, skip_locked=True)).scalars().all()
    for task in tasks:
        _escalate(work, task)
    return len(tasks)


def _escalate(work: UnitOfWork, task: ReadingTask) -> None:
    clock = sla.ClockB.of(task)
    # A level once told stays told, although a change of class may have moved the clock.
    level = max(task.escalation + 1, sla.escalation_level(clock, work.now))
    moment = sla.next_escalation(clock, level)
    by_system(work, task, Action.ESCALATE).take({"level": level}, escalation=level, next_escalation_at=moment)
    if level >= BREACHED and task.state == TaskState.ASSIGNED:
        by_system(work, task, Action.EXPIRE, "the maximum has passed").take(preferred_reader_id=None)


def _close(work: UnitOfWork, task_id: int, actor: Actor, action: Action, reason: str) -> ReadingTask:
    allowed = allow(work, task_id, actor, action, reason=reason)
    audit(work, actor, action, allowed.task, reason=allowed.reason)
    return allowed.take()


def _locked_study(work: UnitOfWork, task_id: int) -> Study:
    # First the study, then its task, as new images do: the other way round the two would wait for each other.
    query = select(Study).join(ReadingTask, ReadingTask.study_id == Study.id).where(ReadingTask.id == task_id)
    locked = query.with_for_update(of=Study, key_share=True)
    study = work.session.execute(locked, execution_options={"populate_existing": True}).scalar_one_or_none()
    if study is None:
        raise NotFound("There is no such task.")
    return study


def _new_times(allowed: Allowed, study: Study, priority: Priority) -> dict[str, object]:
    task, now = allowed.task, allowed.work.now
    clock = sla.ClockB.of(task)

    def counted_from(moment: datetime) -> sla.Deadlines:
        policy = policy_at(task.ready_at.date())
        return sla.deadlines(
            policy, CENTRE_CALENDAR, priority, task.modality, study.body_part, moment, task.exam_started_at
        )

    present = clock.effective(now)
    times = sla.reprioritised(clock, counted_from(task.clock_started_at), counted_from(present), present)
    started_at = present if times.limit_at < task.limit_at else task.clock_started_at
    working = policy_at(task.ready_at.date()).target(times.row).working
    renewed = sla.ClockB(started_at, times.due_at, times.limit_at, working, task.paused_since)
    return {
        "due_at": times.due_at,
        "limit_at": times.limit_at,
        "regulatory_due_at": times.regulatory_due_at,
        "sla_policy": times.row,
        "clock_started_at": started_at,
        "next_escalation_at": sla.next_escalation(renewed, task.escalation),
    }
