"""The one way to change a task: lock it, ask the table, update it conditionally, and write the event (I3, I4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from reading_queue import sla
from reading_queue.quality.following import follow
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
from reading_queue.service.voiding import columns_of_void, void_preliminary
from reading_queue.service_times import clock_of, next_look, policy_now
from reading_queue.transitions import COMPLETED_STATES, HELD_STATES, TABLE, ClockChange, Step
from storage.audit import AuditEntry, record
from storage.db.models import Consultation, ReadingTask, ReportVersion, TaskEvent
from storage.db.queries.rosters import READERS
from storage.db.queries.task_steps import Unchanged, change_task, write_event
from storage.db.session import UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import Conflict, NotAllowedFromState, NotFound, StaleLease, UpsStatus
from storage.domain.reading import CLOSED_STATES, OPEN_CONSULTATIONS, Action, ConsultationState, TaskState

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
    target: TaskState | None = None

    def to(self, target: TaskState) -> "Allowed":
        """The same step, leading to this one of its targets."""
        if target not in self.step.targets:
            raise ValueError(f"{self.step.action} does not lead to {target}.")
        return replace(self, target=target)

    def take(self, detail: Mapping[str, object] | None = None, **values: object) -> ReadingTask:
        """Change the task and write the event; `values` are columns to set besides. Raises `Conflict` when it has moved on."""
        task, step, now = self.task, self.step, self.work.now
        target = self.target or step.target
        changes = {**_state_changes(task, step, target, now), **_clock_changes(self.work, task, step), **values}
        if step.recorded:
            changes["next_escalation_at"] = next_look(self.work, task, changes)
        voids = step.voids_preliminary and task.preliminary_at is not None
        if voids:
            changes |= columns_of_void(self.work, task, target)
        token = self.token or task.lease_token
        _update(self, changes)
        if step.source == TaskState.CONSULT and target != TaskState.CONSULT:
            _end_consultations(self.work, task)
        told = {**_lease_of(token, task), **(detail or {})}
        if voids:
            told["voided"] = self._void().version
        if step.recorded:
            add_event(self.work, task, step, self.actor, self.reason, told)
        return task

    def _void(self) -> ReportVersion:
        version = void_preliminary(self.work, self.task, self.actor, self.reason)
        detail = {"version": version.version, "kind": version.kind, "sha256": version.sha256}
        audit(self.work, self.actor, Action.WITHDRAW, self.task, because=self.step.action, **detail)
        return version


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
        require_lease(work, task, actor, token)
    licensed = with_licences(work, actor) if step.action in READING_ACTIONS else actor
    require_step(work, step, task, licensed)
    require_reason(step, reason)
    return Allowed(work, task, step, licensed, token, reason.strip())


def with_licences(work: UnitOfWork, actor: Actor) -> Actor:
    """The actor with the licences that hold at this transaction's time; where nothing is on record, as he is."""
    if actor.user_id is None or actor.role not in READERS:
        return actor
    return replace(actor, licences=held_licences(work, actor.user_id, work.now))


def allow_once(
    work: UnitOfWork, task_id: int, actor: Actor, action: Action, *, token: str | None = None, reason: str = ""
) -> Allowed | None:
    """As `allow`; None when the actor has just done this very thing, under the same lease: said twice, done once."""
    try:
        return allow(work, task_id, actor, action, token=token, reason=reason)
    except (NotAllowedFromState, StaleLease):
        if not _is_repeated(work, locked(work, task_id), actor, action, token):
            raise
        return None


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
    event = TaskEvent(
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
    write_event(work, event)
    follow(work, task, event)


def audit(work: UnitOfWork, actor: Actor, action: Action, task: ReadingTask, **detail: Any) -> None:
    """Put the step on the audit chain (I7)."""
    record(work.session, AuditEntry(work.now, actor.username, f"task.{action}", f"task:{task.id}", detail))


def fingerprint(token: str) -> str:
    """What events keep of a lease token: enough to recognise it, useless to write with."""
    return sha256_hex(token.encode())[:_FINGERPRINT]


def _state_changes(task: ReadingTask, step: Step, target: TaskState, now: datetime) -> dict[str, object]:
    changes: dict[str, object] = {"state": target}
    if step.recorded:
        changes["version"] = task.version + 1
    if target != step.source:
        changes["state_since"] = now
    if target not in HELD_STATES:
        changes |= _NO_LEASE
    return changes


def _clock_changes(work: UnitOfWork, task: ReadingTask, step: Step) -> dict[str, object]:
    now = work.now
    if step.clock == ClockChange.PAUSE:
        return {"paused_since": now, "next_escalation_at": None}
    if step.clock == ClockChange.START:
        return _started(work, task)
    if step.clock == ClockChange.RESUME and task.paused_since is not None:
        return _resumed(work, task, now - task.paused_since)
    return {}


def _resumed(work: UnitOfWork, task: ReadingTask, pause: timedelta) -> dict[str, object]:
    stopped = clock_of(work, task)
    clock = sla.resumed(stopped, work.now)
    return {
        "paused_since": None,
        "paused_seconds": task.paused_seconds + min(pause, stopped.longest_pause).total_seconds(),
        "clock_started_at": clock.started_at,
        "due_at": clock.due_at,
        "limit_at": clock.limit_at,
    }


def _started(work: UnitOfWork, task: ReadingTask) -> dict[str, object]:
    """Clock B counts from complete and matched: all its times begin now."""
    clock, now = clock_of(work, task), work.now
    return {
        "paused_since": None,
        "ready_at": now,
        "clock_started_at": now,
        "due_at": clock.after(now, clock.counted(clock.started_at, clock.due_at)),
        "limit_at": clock.after(now, clock.counted(clock.started_at, clock.limit_at)),
    }


def _update(allowed: Allowed, changes: Mapping[str, object]) -> None:
    task, step = allowed.task, allowed.step
    unchanged = Unchanged(str(step.source), task.version)
    if step.needs_lease:
        alive_after = allowed.work.now - policy_now(allowed.work).lease_grace
        unchanged = replace(unchanged, token=allowed.token, alive_after=alive_after)
    if not change_task(allowed.work, task, unchanged, changes):
        refusal = StaleLease if step.needs_lease else NotAllowedFromState
        raise refusal("The task has moved on in the meantime; nothing was changed.")


def _end_consultations(work: UnitOfWork, task: ReadingTask) -> None:
    """What has not been answered when its case goes on is not wanted any more."""
    still_open = update(Consultation).where(Consultation.task_id == task.id, Consultation.state.in_(OPEN_CONSULTATIONS))
    changes = {"state": ConsultationState.RECALLED, "ended_at": work.now, "remind_at": None}
    work.session.execute(still_open.values(changes), execution_options={"synchronize_session": False})


def _lease_of(token: str | None, task: ReadingTask) -> dict[str, object]:
    known = token or task.lease_token
    return {"lease": fingerprint(known)} if known else {}


def _refusal(work: UnitOfWork, task: ReadingTask, action: Action, token: str | None) -> Conflict:
    if token and task.state not in CLOSED_STATES and _was_a_lease(work, task, token):
        return StaleLease("Your claim on this task has ended; nothing was changed. Claim it again to go on.")
    return NotAllowedFromState(
        f"A task that is {task.state} cannot take the step {action}.", _why_not(TaskState(task.state), action)
    )


def _why_not(state: TaskState, action: Action) -> UpsStatus:
    if state in COMPLETED_STATES:
        return UpsStatus.COMPLETED if action == Action.CANCEL else UpsStatus.FINAL
    if state in CLOSED_STATES:
        return UpsStatus.FINAL
    return UpsStatus.NOT_YET_IN_PROGRESS if state not in HELD_STATES else UpsStatus.NOT_MET


def _is_repeated(work: UnitOfWork, task: ReadingTask, actor: Actor, action: Action, token: str | None) -> bool:
    """Whether the task's last step was this one: the standard calls that a success (PS3.4 CC.2.1.3, 0xB304 and 0xB306)."""
    query = select(TaskEvent).where(TaskEvent.task_id == task.id).order_by(TaskEvent.seq.desc()).limit(1)
    last = work.session.execute(query).scalar_one_or_none()
    if last is None or last.action != action or last.actor_id != actor.user_id or last.to_state != task.state:
        return False
    return token is None or last.detail.get("lease") == fingerprint(token)


def _was_a_lease(work: UnitOfWork, task: ReadingTask, token: str) -> bool:
    query = select(TaskEvent.detail).where(
        TaskEvent.task_id == task.id, TaskEvent.action.in_((Action.CLAIM, Action.RESUME))
    )
    return any(detail.get("lease") == fingerprint(token) for detail in work.session.execute(query).scalars())
