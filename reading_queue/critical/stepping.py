"""The one way to change a critical case: lock it, ask the table, update it conditionally, write the event and the audit link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from reading_queue.critical.rules import CRITICAL_VALUES, CriticalRules
from reading_queue.critical.transitions import TABLE, CaseStep, roles_for
from reading_queue.rulebook import edition
from reading_queue.service.actors import Actor
from storage.audit import GENESIS, AuditEntry, record
from storage.db.models import CriticalCase, CriticalEvent
from storage.db.session import UnitOfWork
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.critical import ENDED, CaseAction, CaseState
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.reading import InstitutionKind, Role


@dataclass(frozen=True)
class Deed:
    """What is put on record: the words, how, with whom on the other side, and when where that was before now."""

    content: str = ""
    method: str = ""
    other_side: str = ""
    happened_at: datetime | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Permitted:
    """A step that the actor may take with this case, which is locked until the commit."""

    work: UnitOfWork
    case: CriticalCase
    step: CaseStep
    actor: Actor

    def take(self, deed: Deed, **values: object) -> CriticalCase:
        """Change the case and write the event; `values` are columns to set besides. Raises `NotAllowedFromState`."""
        case, step = self.case, self.step
        changes = {"state": step.target, "version": case.version + 1, **self._clock(), **values}
        condition = (
            CriticalCase.id == case.id,
            CriticalCase.state == step.source,
            CriticalCase.version == case.version,
        )
        statement = update(CriticalCase).where(*condition).values(changes)
        outcome = self.work.session.execute(statement, execution_options={"synchronize_session": False})
        if cast("CursorResult[Any]", outcome).rowcount != 1:
            raise NotAllowedFromState("The critical value has moved on in the meantime; nothing was changed.")
        self.work.session.refresh(case)
        write_event(self.work, case, step, self.actor, deed)
        return case

    def _clock(self) -> dict[str, object]:
        if self.step.target == self.step.source:
            return {}
        return clock_of(rules_of(self.work, self.case), self.step.target, self.case.priority, self.work.now)


def clock_of(rules: CriticalRules, state: CaseState, priority: str, now: datetime) -> dict[str, object]:
    """The columns of the clock of a case that comes into `state` now."""
    clock: dict[str, object] = {"state_since": now, "steps_told": 0}
    clock["due_at"] = rules.limit(state, priority, now)
    clock["next_step_at"] = rules.step_at(state, priority, now, 0)
    return clock | ({"ended_at": now} if state in ENDED else {})


def rules_of(work: UnitOfWork, case: CriticalCase) -> CriticalRules:
    """The rules under which the case was opened."""
    return edition(work, CRITICAL_VALUES, case.rules_version).content


def require_role(actor: Actor, action: CaseAction) -> None:
    """Raise `Forbidden` when nobody with this role may ever do this; the system itself is not asked."""
    if actor.role is not None and actor.role not in roles_for(action):
        raise Forbidden(f"The role {actor.role} may not {action} a critical value.")


def permit(work: UnitOfWork, case_id: int, actor: Actor, action: CaseAction, words: str = "") -> Permitted:
    """Lock the case and find the step, or raise the fitting refusal: nothing has been changed then."""
    require_role(actor, action)
    return permit_locked(work, locked(work, case_id, actor), actor, action, words)


def permit_locked(work: UnitOfWork, case: CriticalCase, actor: Actor, action: CaseAction, words: str = "") -> Permitted:
    """The same for a case that this transaction has locked, or made, already."""
    step = TABLE.get((CaseState(case.state), action))
    if step is None:
        raise NotAllowedFromState(f"A critical value that is {case.state} cannot take the step {action}.")
    if not (step.by_system if actor.role is None else actor.role in step.roles):
        raise Forbidden(f"The role {actor.role or 'system'} may not {action} a critical value that is {case.state}.")
    if step.needs_words and not words.strip():
        raise Invalid(f"To {action} a critical value words must be given.")
    return Permitted(work, case, step, actor)


def locked(work: UnitOfWork, case_id: int, actor: Actor) -> CriticalCase:
    """The case as it is now, locked until the commit. Raises `NotFound`, also for another clinic's."""
    query = select(CriticalCase).where(CriticalCase.id == case_id).with_for_update(of=CriticalCase)
    case = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if case is None or not is_own(actor, case.institution_id):
        raise NotFound("There is no such critical value.")
    return case


def is_own(actor: Actor, institution_id: int) -> bool:
    """Whether the actor may know of what this institution has: the centre of all, a clinic of its own (I8)."""
    return actor.institution_kind != InstitutionKind.CLINIC or actor.institution_id == institution_id


def allowed_actions(case: CriticalCase, actor: Actor) -> list[str]:
    """What the actor may do with the case now, in the order of the table; for buttons."""
    if actor.role is None or not is_own(actor, case.institution_id):
        return []
    steps = [step for (source, _), step in TABLE.items() if source == case.state and actor.role in step.roles]
    return [str(step.action) for step in steps if not (_is_second_record(step) and case.heard_at is not None)]


def _is_second_record(step: CaseStep) -> bool:
    return step.action == CaseAction.ACKNOWLEDGE and step.source == step.target


def write_event(work: UnitOfWork, case: CriticalCase, step: CaseStep, actor: Actor, deed: Deed) -> None:
    """Write what happened, chained to the event before; the event's number is the version that the step made."""
    event = CriticalEvent(
        institution_id=case.institution_id,
        case_id=case.id,
        seq=case.version,
        action=step.action,
        from_state=step.source or "",
        to_state=step.target,
        actor_id=actor.user_id,
        actor=actor.username,
        actor_name=actor.name,
        actor_title=actor.title,
        actor_is_clinic=actor.role == Role.CLINIC,
        at=work.now,
        happened_at=deed.happened_at or work.now,
        method=deed.method,
        other_side=deed.other_side,
        content=deed.content,
        detail=dict(deed.detail),
        previous_sha256=_last_hash(work, case),
    )
    event.sha256 = event_hash(event)
    work.session.add(event)
    work.session.flush()
    detail = {"seq": event.seq, "state": event.to_state, "sha256": event.sha256}
    record(work.session, AuditEntry(work.now, actor.username, f"critical.{step.action}", f"critical:{case.id}", detail))


def _last_hash(work: UnitOfWork, case: CriticalCase) -> str:
    query = select(CriticalEvent.sha256).where(CriticalEvent.case_id == case.id, CriticalEvent.seq == case.version - 1)
    return work.session.execute(query).scalar_one_or_none() or GENESIS


_HASHED = (
    "case_id", "seq", "action", "from_state", "to_state", "actor", "actor_name", "actor_title", "actor_is_clinic",
    "method", "other_side", "content", "detail", "previous_sha256",
)  # fmt: skip


def event_hash(event: CriticalEvent) -> str:
    """The hash of an event: over everything that it says, and the hash of the one before."""
    said = {name: getattr(event, name) for name in _HASHED}
    return sha256_hex(
        canonical_json({**said, "at": event.at.isoformat(), "happened_at": event.happened_at.isoformat()})
    )


def chain_faults(events: Sequence[CriticalEvent]) -> list[int]:
    """The numbers of the events of a case, in order, that are not what was written; empty when all are."""
    faults, previous = [], GENESIS
    for number, event in enumerate(events, 1):
        if (event.seq, event.previous_sha256, event.sha256) != (number, previous, event_hash(event)):
            faults.append(number)
        previous = event.sha256
    return faults
