"""Claims: taking a task in hand, keeping it, giving it back, losing it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select

from reading_queue.service import tally
from reading_queue.service.actors import Actor, Lease
from reading_queue.service.at_work import crowd_of
from reading_queue.service.choosing import Desk, Offer, Plan
from reading_queue.service.guards import is_qualified, is_up_for_claim, require_own_institution, require_role
from reading_queue.service.stepping import Allowed, allow, allow_locked, by_system, locked, with_licences
from reading_queue.service.turns import require_turn
from reading_queue.service_times import policy_now
from reading_queue.transitions import HELD_STATES, WAITING_STATES
from storage.db.models import ReadingTask, User
from storage.db.session import UnitOfWork
from storage.domain.errors import AlreadyClaimed, Forbidden, Invalid
from storage.domain.identifiers import new_uid
from storage.domain.reading import Action, TaskState

_TIDY_BATCH = 200


def next_task(work: UnitOfWork, actor: Actor, *, lease_minutes: float) -> Lease | None:
    """Pick the next case for this reader and claim it; None when there is none that he may have.

    The rules are the chapter ASSIGNMENT, the order is that of `reading_queue.assignment.ranking`; the event tells why.
    """
    require_role(actor, Action.CLAIM)
    desk = Desk(work, actor)
    return _take(work, actor, desk, desk.take(), lease_minutes)


def plan_next(work: UnitOfWork, actor: Actor) -> Plan:
    """Choose as `next_task` does without taking anything, in a transaction that only reads: writers do not wait for it.

    What the others have in hand and have done may be two seconds old.
    """
    require_role(actor, Action.CLAIM)
    return Desk(work, actor, crowd_of(work)).plan()


def take_planned(work: UnitOfWork, plan: Plan, actor: Actor, *, lease_minutes: float) -> Lease | None:
    """Claim the first case of the plan that nobody has taken since; when all have gone, choose anew here and now."""
    offer = plan.take(work)
    if offer is None and plan.cases:
        return next_task(work, actor, lease_minutes=lease_minutes)
    return _take(work, actor, plan.desk, offer, lease_minutes)


def claim(work: UnitOfWork, task_id: int, actor: Actor, *, lease_minutes: float, token: str | None = None) -> Lease:
    """Take one named case in hand; `token` is the Transaction UID of a performer who brings his own (PS3.4 CC.2.1).

    Raises `AlreadyClaimed` while somebody holds it, `SamePerson` for the author of a draft, and `MoreUrgentFirst` where the
    county's rules do not let the reader pick it from the list.
    """
    require_role(actor, Action.CLAIM)
    task = locked(work, task_id)
    require_own_institution(actor, task.institution_id)
    allowed = _may_claim(work, task, actor)
    desk = Desk(work, allowed.actor, crowd_of(work))
    case = desk.case_of(task.id)
    require_turn(desk, case)
    detail = {"choice": desk.explained(case, asked="named"), "counted": desk.count(work, case)}
    return _hand_over(allowed, lease_minutes, detail, token)


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
    tally.given_back(work, allowed.task)
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
    return sum(_expire_all(work, condition) for condition in _ran_out(work))


def _expire_all(work: UnitOfWork, condition: ColumnElement[bool]) -> int:
    query = select(ReadingTask).where(condition).order_by(ReadingTask.id).limit(_TIDY_BATCH)
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
    if allowed.step.source in HELD_STATES:
        tally.given_back(allowed.work, allowed.task)
    return allowed.take()


def _ran_out(work: UnitOfWork) -> tuple[ColumnElement[bool], ...]:
    """Each is found by an index of its own; together, by none."""
    policy, now = policy_now(work), work.now
    return (
        and_(ReadingTask.state.in_(HELD_STATES), ReadingTask.lease_expires_at <= now - policy.lease_grace),
        and_(ReadingTask.state == TaskState.ASSIGNED, ReadingTask.state_since <= now - policy.accept_within),
        and_(ReadingTask.state.in_(WAITING_STATES), ReadingTask.paused_since <= now - policy.answer_within),
    )


def _take(work: UnitOfWork, actor: Actor, desk: Desk, offer: Offer | None, lease_minutes: float) -> Lease | None:
    if offer is None:
        desk.note_presence(work)
        return None
    allowed = _may_claim(work, offer.task, actor)
    return _hand_over(allowed, lease_minutes, {"choice": offer.choice, "counted": desk.count(work, offer.case)})


def _may_claim(work: UnitOfWork, task: ReadingTask, actor: Actor) -> Allowed:
    if is_up_for_claim(task, work.now):
        _expire(by_system(work, task, Action.EXPIRE, "claimed by another reader after the lease ran out"))
    elif task.state in HELD_STATES:
        raise AlreadyClaimed("Somebody has this task in hand.")
    return allow_locked(work, task, actor, Action.CLAIM)


def _hand_over(
    allowed: Allowed, lease_minutes: float, detail: Mapping[str, object] | None = None, token: str | None = None
) -> Lease:
    if allowed.actor.user_id is None:
        raise Forbidden("Only a person can take a task in hand.")
    token, expires_at = token or new_uid(), allowed.work.now + timedelta(minutes=lease_minutes)
    granted = replace(allowed, token=token)
    task = granted.take(detail, reader_id=allowed.actor.user_id, lease_token=token, lease_expires_at=expires_at)
    return Lease(task, token, expires_at)
