"""Claims: taking a task in hand, keeping it, giving it back, losing it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select, true

from reading_queue.policies import ACCEPT_WITHIN, ANSWER_WITHIN, LEASE_GRACE, WIDENED
from reading_queue.service.actors import Actor, Lease
from reading_queue.service.guards import (
    is_qualified,
    is_up_for_claim,
    readable_modalities,
    require_own_institution,
    require_role,
)
from reading_queue.service.stepping import Allowed, allow, allow_locked, by_system, locked, with_licences
from reading_queue.transitions import HELD_STATES, WAITING_STATES
from storage.db.models import ReadingTask, TaskEvent, User
from storage.db.session import UnitOfWork
from storage.domain.errors import AlreadyClaimed, Forbidden, Invalid
from storage.domain.identifiers import new_uid
from storage.domain.reading import Action, Priority, Role, TaskState

_RELEASED_LATELY = timedelta(minutes=30)
_TIDY_BATCH = 200


def next_task(work: UnitOfWork, actor: Actor, *, lease_minutes: float) -> Lease | None:
    """Pick the next case for this reader and claim it; None when there is none that he may read.

    Green channel and emergencies come first, in each class what is his own (returned to him as author, assigned to him)
    and, for an auditing physician, drafts to audit; then what is due first. What he gave back lately comes last.
    """
    require_role(actor, Action.CLAIM)
    query = _candidates(work, with_licences(work, actor)).with_for_update(of=ReadingTask, skip_locked=True).limit(1)
    task = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    return None if task is None else _claim_locked(work, task, actor, lease_minutes)


def claim(work: UnitOfWork, task_id: int, actor: Actor, *, lease_minutes: float) -> Lease:
    """Take one named case in hand. Raises `AlreadyClaimed` while somebody holds it, `SamePerson` for the author of a draft."""
    require_role(actor, Action.CLAIM)
    task = locked(work, task_id)
    require_own_institution(actor, task.institution_id)
    return _claim_locked(work, task, actor, lease_minutes)


def resume(work: UnitOfWork, task_id: int, actor: Actor, *, lease_minutes: float) -> Lease:
    """A new token for the holder who lost his; the old one is stale from then on."""
    allowed = allow(work, task_id, actor, Action.RESUME)
    return _hand_over(allowed, lease_minutes)


def heartbeat(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, *, lease_minutes: float) -> Lease:
    """The reader is still there: the lease lives on from now."""
    allowed = allow(work, task_id, actor, Action.HEARTBEAT, token=lease_token)
    expires_at = work.now + timedelta(minutes=lease_minutes)
    return Lease(allowed.take(lease_expires_at=expires_at), lease_token, expires_at)


def release(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str | None, reason: str = "") -> ReadingTask:
    """Give the task back; the draft is kept. Also how a named reader turns down an assignment, with a reason."""
    allowed = allow(work, task_id, actor, Action.RELEASE, token=lease_token, reason=reason)
    if allowed.step.source == TaskState.ASSIGNED:
        return allowed.take(preferred_reader_id=None)
    return allowed.take()


def assign(work: UnitOfWork, task_id: int, actor: Actor, reader: User, reason: str = "") -> ReadingTask:
    """Keep the task for `reader`, who has 10 minutes to claim it."""
    allowed = allow(work, task_id, actor, Action.ASSIGN, reason=reason)
    named = with_licences(work, Actor.of(reader))
    require_role(named, Action.CLAIM)
    if not reader.active or not is_qualified(named, allowed.task.modality):
        raise Invalid("That reader cannot take this task: not active, or not registered for the modality.")
    return allowed.take({"reader": reader.username}, preferred_reader_id=reader.id, state_since=work.now)


def expire_leases(work: UnitOfWork) -> int:
    """Tidy up what ran out of time: leases, assignments, questions, retakes. Returns how many; writes decide for themselves."""
    query = select(ReadingTask).where(_ran_out(work)).order_by(ReadingTask.id).limit(_TIDY_BATCH)
    tasks = work.session.execute(query.with_for_update(of=ReadingTask, skip_locked=True)).scalars().all()
    for task in tasks:
        _expire(by_system(work, task, Action.EXPIRE, _WHY.get(TaskState(task.state), "")))
    return len(tasks)


_WHY = {
    TaskState.RETAKE_WAIT: "unreadable: no new images within 24 hours",
    TaskState.INFO_WAIT: "no answer within 24 hours",
    TaskState.ASSIGNED: "not claimed in time",
}


def _expire(allowed: Allowed) -> ReadingTask:
    if allowed.step.source == TaskState.ASSIGNED:
        return allowed.take(preferred_reader_id=None)
    return allowed.take()


def _ran_out(work: UnitOfWork) -> ColumnElement[bool]:
    held = and_(ReadingTask.state.in_(HELD_STATES), ReadingTask.lease_expires_at <= work.now - LEASE_GRACE)
    assigned = and_(ReadingTask.state == TaskState.ASSIGNED, ReadingTask.state_since <= work.now - ACCEPT_WITHIN)
    waiting = and_(ReadingTask.state.in_(WAITING_STATES), ReadingTask.paused_since <= work.now - ANSWER_WITHIN)
    return or_(held, assigned, waiting)


def _claim_locked(work: UnitOfWork, task: ReadingTask, actor: Actor, lease_minutes: float) -> Lease:
    if is_up_for_claim(task, work.now):
        _expire(by_system(work, task, Action.EXPIRE, "claimed by another reader after the lease ran out"))
    elif task.state in HELD_STATES:
        raise AlreadyClaimed("Somebody has this task in hand.")
    return _hand_over(allow_locked(work, task, actor, Action.CLAIM), lease_minutes)


def _hand_over(allowed: Allowed, lease_minutes: float) -> Lease:
    if allowed.actor.user_id is None:
        raise Forbidden("Only a person can take a task in hand.")
    token, expires_at = new_uid(), allowed.work.now + timedelta(minutes=lease_minutes)
    granted = replace(allowed, token=token)
    return Lease(
        granted.take(reader_id=allowed.actor.user_id, lease_token=token, lease_expires_at=expires_at), token, expires_at
    )


def _candidates(work: UnitOfWork, actor: Actor) -> Select[ReadingTask]:
    own = or_(
        and_(ReadingTask.state == TaskState.ASSIGNED, ReadingTask.preferred_reader_id == actor.user_id),
        and_(ReadingTask.state == TaskState.REWORK, ReadingTask.author_id == actor.user_id),
    )
    to_audit = _to_audit(work, actor)
    query = select(ReadingTask).where(or_(own, to_audit, _to_read(work)))
    modalities = readable_modalities(actor)
    if modalities is not None:
        query = query.where(ReadingTask.modality.in_(modalities))
    return query.order_by(
        case((ReadingTask.priority == Priority.P0, 0), (ReadingTask.priority == Priority.P1, 1), else_=2),
        case((_given_back_lately(work, actor), 1), else_=0),
        case((or_(own, to_audit), 0), else_=1),
        # A retaken study counts from when it was first ready, which puts it before the others of its class.
        case((ReadingTask.goes_first.is_(true()), ReadingTask.ready_at), else_=ReadingTask.due_at),
        ReadingTask.id,
    )


def _to_read(work: UnitOfWork) -> ColumnElement[bool]:
    return or_(
        ReadingTask.state == TaskState.QUEUED,
        and_(ReadingTask.state == TaskState.REWORK, ReadingTask.escalation >= WIDENED),
        and_(ReadingTask.state == TaskState.READING, ReadingTask.lease_expires_at <= work.now),
    )


def _to_audit(work: UnitOfWork, actor: Actor) -> ColumnElement[bool]:
    if actor.role != Role.AUDITOR:
        return false()
    free = or_(
        ReadingTask.state == TaskState.DRAFTED,
        and_(ReadingTask.state == TaskState.AUDITING, ReadingTask.lease_expires_at <= work.now),
    )
    modalities = readable_modalities(actor, audit=True)
    licensed = true() if modalities is None else ReadingTask.modality.in_(modalities)
    return and_(free, licensed, ReadingTask.author_id != actor.user_id)


def _given_back_lately(work: UnitOfWork, actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        TaskEvent.task_id == ReadingTask.id,
        TaskEvent.action == Action.RELEASE,
        TaskEvent.actor_id == actor.user_id,
        TaskEvent.at > work.now - _RELEASED_LATELY,
    )
