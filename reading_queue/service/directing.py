"""What keeps the work moving: declining, cancelling, and changes of class."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from reading_queue import manning, sla
from reading_queue.service.actors import Actor
from reading_queue.service.guards import require_role
from reading_queue.service.stepping import Allowed, allow, allow_once, audit, locked
from reading_queue.service_times import Terms, case_of, clock_of, terms_of
from storage.db.models import ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, NotFound
from storage.domain.reading import Action, Priority


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
    before = Priority(allowed.task.priority)
    if before == priority:
        raise Invalid(f"The task is {priority} already.")
    task = _change_class(allowed, study, priority, {})
    audit(work, actor, Action.PRIORITISE, task, before=before, after=priority)
    return task


def raise_to_green_channel(
    work: UnitOfWork, task_id: int, actor: Actor, case_id: int, detail: Mapping[str, object], reason: str
) -> ReadingTask:
    """Make the task P0 for a green-channel case. One that belongs to it already stays as it is."""
    study = _locked_study(work, task_id)
    allowed = allow(work, task_id, actor, Action.PRIORITISE, reason=reason)
    before = allowed.task.priority
    if allowed.task.green_channel_case_id == case_id and before == Priority.P0:
        return allowed.task
    task = _change_class(allowed, study, Priority.P0, detail, green_channel_case_id=case_id)
    audit(work, actor, Action.PRIORITISE, task, before=before, after=Priority.P0, **detail)
    return task


def _change_class(
    allowed: Allowed, study: Study, priority: Priority, detail: Mapping[str, object], **values: object
) -> ReadingTask:
    task = allowed.task
    told = {"from": task.priority, "to": priority, **detail}
    study.priority = priority
    if task.priority == priority:
        return allowed.take(told, **values)
    terms = terms_of(allowed.work, task.sla_policy)
    times = _new_times(allowed, terms, study, priority)
    return allowed.take(told, priority=priority, **times, **_manning(allowed, terms, priority), **values)


def _close(work: UnitOfWork, task_id: int, actor: Actor, action: Action, reason: str) -> ReadingTask:
    allowed = allow_once(work, task_id, actor, action, reason=reason)
    if allowed is None:
        return locked(work, task_id)
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


def _new_times(allowed: Allowed, terms: Terms, study: Study, priority: Priority) -> dict[str, object]:
    task, work = allowed.task, allowed.work
    clock = clock_of(work, task)
    case = case_of(work, terms.policy, study, priority)
    calendar = terms.calendar(terms.policy.row_for(case))

    def counted_from(moment: datetime) -> sla.Deadlines:
        return sla.deadlines(terms.policy, calendar, case, moment, task.exam_started_at)

    present = clock.effective(work.now)
    times = sla.reprioritised(clock, counted_from(task.clock_started_at), counted_from(present), present)
    return {
        "due_at": times.due_at,
        "limit_at": times.limit_at,
        "regulatory_due_at": times.regulatory_due_at,
        "sla_policy": f"{task.sla_policy.partition('/')[0]}/{times.row}",
        "clock_started_at": present if times.limit_at < task.limit_at else task.clock_started_at,
    }


def _manning(allowed: Allowed, terms: Terms, priority: Priority) -> dict[str, object]:
    """Another class has another wait for the next shift."""
    task = allowed.task
    if task.open_to_all_at is not None:
        return {}
    found = manning.look(allowed.work, terms.policy, priority, task.modality, task.unmanned_since)
    look_at = allowed.work.now if found.opens else found.look_at
    return {"unmanned_since": found.unmanned_since, "roster_look_at": look_at}
