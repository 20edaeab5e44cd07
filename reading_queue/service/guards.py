"""Who may take which step: the rules that the table cannot hold, in one place for writes and for the interface."""

from datetime import datetime

from reading_queue import policies
from reading_queue.service.actors import Actor
from reading_queue.transitions import HELD_STATES, Step, roles_for, steps_from
from storage.db.models import ReadingTask
from storage.domain.errors import (
    AlreadyClaimed,
    CountyReadError,
    Forbidden,
    Invalid,
    NotAllowedFromState,
    NotFound,
    SamePerson,
    StaleLease,
)
from storage.domain.reading import Action, InstitutionKind, Role, TaskState
from storage.domain.rosters import modalities_named, names_modality

READING_ACTIONS = frozenset(
    {Action.CLAIM, Action.RESUME, Action.SUBMIT, Action.SIGN, Action.REJECT, Action.RETURN, Action.ASK, Action.AMEND}
)
"""What only a qualified reader does."""


def require_role(actor: Actor, action: Action) -> None:
    """Raise `Forbidden` when nobody with this role may ever do this; the system itself is not asked."""
    if actor.role is not None and actor.role not in roles_for(action):
        raise Forbidden(f"The role {actor.role} may not {action} a task.")


def require_own_institution(actor: Actor, institution_id: int) -> None:
    """Raise `NotFound` when a clinic's user reaches for what belongs to another institution (I8)."""
    if actor.role is None or actor.institution_kind == InstitutionKind.CENTRE:
        return
    if actor.institution_id != institution_id:
        raise NotFound("There is no such task.")


def require_step(step: Step, task: ReadingTask, actor: Actor, now: datetime) -> None:
    """Raise the fitting refusal unless `actor` may take `step` of the table with `task` as it stands."""
    if not (step.by_system if actor.role is None else actor.role in step.roles):
        raise Forbidden(f"The role {actor.role or 'system'} may not {step.action} a task that is {task.state}.")
    if actor.role is None:
        return
    if step.action in READING_ACTIONS:
        require_qualification(actor, task.modality, audit=_is_audit(step, task))
    _require_person(step, task, actor, now)


def require_qualification(actor: Actor, modality: str, *, audit: bool = False) -> None:
    """Raise `Forbidden` when the reader is not qualified for the modality, or not for signing what others drafted."""
    if is_qualified(actor, modality, audit=audit):
        return
    if audit and is_qualified(actor, modality):
        raise Forbidden(f"Your licence for {modality} does not cover auditing.")
    raise Forbidden(f"You are not registered for reading {modality}.")


def is_qualified(actor: Actor, modality: str, *, audit: bool = False) -> bool:
    """Whether the reader may read this modality: by the licences that hold now, or by his list where he has none at all."""
    if actor.licences is None:
        return names_modality(actor.modalities, modality)
    return any(one.covers(modality, audit=audit) for one in actor.licences)


def readable_modalities(actor: Actor, *, audit: bool = False) -> tuple[str, ...] | None:
    """Every modality that the reader may read, or with `audit` sign where another drafted; None means all."""
    words = actor.modalities
    if actor.licences is not None:
        words = tuple(one.modality for one in actor.licences if one.may_audit or not audit)
    named = modalities_named(words)
    return None if named is None else tuple(sorted(named))


def _is_audit(step: Step, task: ReadingTask) -> bool:
    if step.action == Action.AMEND:
        return not may_sign_alone(task)
    return TaskState.AUDITING in (step.source, step.target)


def may_sign_alone(task: ReadingTask) -> bool:
    """Whether the policy allows one signature for this task."""
    return task.modality in policies.policy_of(task.sla_policy).one_signature


def holds(task: ReadingTask, actor: Actor, now: datetime) -> bool:
    """Whether the actor has the task in hand. After the lease ran out there is a grace, until somebody else claims."""
    expires_at = task.lease_expires_at
    return (
        task.lease_token is not None
        and task.reader_id == actor.user_id
        and expires_at is not None
        and now < expires_at + policies.LEASE_GRACE
    )


def is_up_for_claim(task: ReadingTask, now: datetime) -> bool:
    """Whether a task in somebody's hand may be claimed because the lease has run out."""
    return task.state in HELD_STATES and task.lease_expires_at is not None and task.lease_expires_at <= now


def require_lease(task: ReadingTask, actor: Actor, token: str | None, now: datetime) -> None:
    """Raise `StaleLease` unless `token` is that of the live lease, and the actor's own."""
    if token is None or token != task.lease_token or not holds(task, actor, now):
        raise StaleLease("Your claim on this task has ended; nothing was changed. Claim it again to go on.")


def require_reason(step: Step, reason: str) -> None:
    """Raise `Invalid` when the step needs words and there are none."""
    if step.needs_reason and not reason.strip():
        raise Invalid(f"To {step.action} a task a reason must be given.")


def _require_person(step: Step, task: ReadingTask, actor: Actor, now: datetime) -> None:
    state = TaskState(task.state)
    if (
        TaskState.AUDITING in (step.source, step.target)
        and actor.user_id == task.author_id
        and step.action in READING_ACTIONS
    ):
        raise SamePerson("The author of a draft may not audit it; another physician must.")
    if (
        state == TaskState.ASSIGNED
        and step.action in (Action.CLAIM, Action.RELEASE)
        and task.preferred_reader_id != actor.user_id
    ):
        raise AlreadyClaimed("The task is kept for another reader.")
    if step.action == Action.SIGN and state == TaskState.READING and not may_sign_alone(task):
        raise NotAllowedFromState("A report of this kind needs a second signature: submit it for audit.")
    if step.action == Action.RESUME and not holds(task, actor, now):
        raise StaleLease("You do not have this task in hand.")
    if step.action == Action.AMEND:
        _require_amender(task, actor)


def _require_amender(task: ReadingTask, actor: Actor) -> None:
    if may_sign_alone(task):
        return
    if actor.role != Role.AUDITOR:
        raise Forbidden("Only an auditing physician may amend a report of this kind.")
    if actor.user_id == task.author_id:
        raise SamePerson("The author of a report may not amend it alone; another auditing physician must.")


def allowed_actions(task: ReadingTask, actor: Actor, now: datetime) -> list[str]:
    """What the actor may do with the task now, in the order of the table; for menus and buttons."""
    steps = [step for step in steps_from(TaskState(task.state)) if _is_offered(step, task, actor, now)]
    return [*(["claim"] if _may_take_over(task, actor, now) else []), *(str(step.action) for step in steps)]


def _is_offered(step: Step, task: ReadingTask, actor: Actor, now: datetime) -> bool:
    if step.needs_lease and not holds(task, actor, now):
        return False
    return actor.role is not None and _is_allowed(step, task, actor, now)


def _may_take_over(task: ReadingTask, actor: Actor, now: datetime) -> bool:
    if actor.role is None or not is_up_for_claim(task, now):
        return False
    state = TaskState.QUEUED if task.state == TaskState.READING else TaskState.DRAFTED
    claims = [step for step in steps_from(state) if step.action == Action.CLAIM]
    return any(_is_allowed(step, task, actor, now) for step in claims)


def _is_allowed(step: Step, task: ReadingTask, actor: Actor, now: datetime) -> bool:
    try:
        require_own_institution(actor, task.institution_id)
        require_step(step, task, actor, now)
    except CountyReadError:
        return False
    return True
