"""The one way to change a task: lock it, ask the table, update it conditionally, and write the event (I3, I4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from reading_queue import sla
from reading_queue.policies import ANSWER_WITHIN, LEASE_GRACE
from reading_queue.rosters.qualifications import held_licences
from reading_queue.service.actors import SYSTEM, Actor
from reading_queue.service.guards import (
    READING_ACTIONS,
    require_lease,
    require_own_institution,
    require_reason,
    require_role,
    require_step,
)
from reading_queue.transitions import HELD_STATES, TABLE, ClockChange, Step
from storage.audit import AuditEntry, record
from storage.db.models import ReadingTask, TaskEvent
from storage.db.queries.rosters import READERS
from storage.db.session import UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import Conflict, NotAllowedFromState, NotFound, StaleLease
from storage.domain.reading import CLOSED_STATES, Action, TaskState

_FINGERPRINT = 16
_NO_LEASE: Mapping[str, object] = {"reader_id": None, "lease_token": None, "lease_expires_at": None}


@dataclass(frozen=True)
class Allowed:
    """A step that was found in the table and that the actor may take with this task, which is locked until the commit."""

    work: UnitOfWork
    task: ReadingTask
    step: Step
    actor: Actor
    token: str | None = None
    reason: str = ""

    def take(self, detail: Mapping[str, object] | None = None, **values: object) -> ReadingTask:
        """Change the task and write the event; `values` are columns to set besides. Raises `Conflict` when it has moved on."""
        task, step, now = self.task, self.step, self.work.now
        changes = {**_state_changes(task, step, now), **_clock_changes(task, step, now), **values}
        token = self.token or task.lease_token
        _update(self, changes)
        self.work.session.refresh(task)
        if step.recorded:
            add_event(self.work, task, step, self.actor, self.reason, {**_lease_of(token, task), **(detail or {})})
        return task


def allow(
    work: UnitOfWork, task_id: int, actor: Actor, action: Action, *, token: str | None = None, reason: str = ""
) -> Allowed:
    """Lock the task and find the step, or raise the fitting refusal: nothing has been changed then."""
    require_role(actor, action)
    task = locked(work, task_id)
    require_own_institution(actor, task.institution_id)
    return allow_locked(work, task, actor, action, token=token, reason=reason)


def allow_locked(
    work: UnitOfWork, task: ReadingTask, actor: Actor, action: Action, *, token: str | None = None, reason: str = ""
) -> Allowed:
    """The same for a task that this transaction has locked already."""
    step = TABLE.get((TaskState(task.state), action))
    if step is None:
        raise _refusal(work, task, action, token)
    if step.needs_lease:
        require_lease(task, actor, token, work.now)
    licensed = with_licences(work, actor) if step.action in READING_ACTIONS else actor
    require_step(step, task, licensed, work.now)
    require_reason(step, reason)
    return Allowed(work, task, step, licensed, token, reason.strip())


def with_licences(work: UnitOfWork, actor: Actor) -> Actor:
    """The actor with the licences that hold at this transaction's time; where nothing is on record, as he is."""
    if actor.user_id is None or actor.role not in READERS:
        return actor
    return replace(actor, licences=held_licences(work, actor.user_id, work.now))


def by_system(work: UnitOfWork, task: ReadingTask, action: Action, reason: str = "") -> Allowed:
    """A step that a clock or an arrival takes with a locked task."""
    return allow_locked(work, task, SYSTEM, action, reason=reason)


def locked(work: UnitOfWork, task_id: int) -> ReadingTask:
    """The task as it is now, locked until the commit (on SQLite the whole transaction is). Raises `NotFound`."""
    query = select(ReadingTask).where(ReadingTask.id == task_id).with_for_update(of=ReadingTask)
    task = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    return task


def add_event(
    work: UnitOfWork, task: ReadingTask, step: Step, actor: Actor, reason: str, detail: Mapping[str, object]
) -> None:
    """Write what happened; the event's number is the version that the step made."""
    work.session.add(
        TaskEvent(
            task_id=task.id,
            seq=task.version,
            action=step.action,
            from_state=step.source or "",
            to_state=task.state,
            actor_id=actor.user_id,
            actor=actor.username,
            at=work.now,
            reason=reason,
            detail={"institution_id": actor.institution_id, **detail},
        )
    )
    work.session.flush()


def audit(work: UnitOfWork, actor: Actor, action: Action, task: ReadingTask, **detail: Any) -> None:
    """Put the step on the audit chain (I7)."""
    record(work.session, AuditEntry(work.now, actor.username, f"task.{action}", f"task:{task.id}", detail))


def fingerprint(token: str) -> str:
    """What events keep of a lease token: enough to recognise it, useless to write with."""
    return sha256_hex(token.encode())[:_FINGERPRINT]


def _state_changes(task: ReadingTask, step: Step, now: datetime) -> dict[str, object]:
    changes: dict[str, object] = {"state": step.target}
    if step.recorded:
        changes["version"] = task.version + 1
    if step.target != step.source:
        changes["state_since"] = now
    if step.target not in HELD_STATES:
        changes |= _NO_LEASE
    if step.target in CLOSED_STATES:
        changes["next_escalation_at"] = None
    return changes


def _clock_changes(task: ReadingTask, step: Step, now: datetime) -> dict[str, object]:
    if step.clock == ClockChange.PAUSE:
        return {"paused_since": now, "next_escalation_at": None}
    if step.clock != ClockChange.RESUME or task.paused_since is None:
        return {}
    clock = sla.resumed(sla.ClockB.of(task), now)
    return {
        "paused_since": None,
        "paused_seconds": task.paused_seconds + min(now - task.paused_since, ANSWER_WITHIN).total_seconds(),
        "clock_started_at": clock.started_at,
        "due_at": clock.due_at,
        "limit_at": clock.limit_at,
        "next_escalation_at": sla.next_escalation(clock, task.escalation),
    }


def _update(allowed: Allowed, changes: Mapping[str, object]) -> None:
    task, step = allowed.task, allowed.step
    statement = update(ReadingTask).where(
        ReadingTask.id == task.id, ReadingTask.state == step.source, ReadingTask.version == task.version
    )
    if step.needs_lease:
        statement = statement.where(
            ReadingTask.lease_token == allowed.token, ReadingTask.lease_expires_at > allowed.work.now - LEASE_GRACE
        )
    options = {"synchronize_session": False}
    outcome = cast(
        "CursorResult[Any]", allowed.work.session.execute(statement.values(changes), execution_options=options)
    )
    if outcome.rowcount != 1:
        refusal = StaleLease if step.needs_lease else NotAllowedFromState
        raise refusal("The task has moved on in the meantime; nothing was changed.")


def _lease_of(token: str | None, task: ReadingTask) -> dict[str, object]:
    known = token or task.lease_token
    return {"lease": fingerprint(known)} if known else {}


def _refusal(work: UnitOfWork, task: ReadingTask, action: Action, token: str | None) -> Conflict:
    if token and task.state not in CLOSED_STATES and _was_a_lease(work, task, token):
        return StaleLease("Your claim on this task has ended; nothing was changed. Claim it again to go on.")
    return NotAllowedFromState(f"A task that is {task.state} cannot take the step {action}.")


def _was_a_lease(work: UnitOfWork, task: ReadingTask, token: str) -> bool:
    query = select(TaskEvent.detail).where(
        TaskEvent.task_id == task.id, TaskEvent.action.in_((Action.CLAIM, Action.RESUME))
    )
    return any(detail.get("lease") == fingerprint(token) for detail in work.session.execute(query).scalars())
