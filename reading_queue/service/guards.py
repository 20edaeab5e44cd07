"""Who may take which step: the rules that the table cannot hold, in one place for writes and for the interface."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select
from sqlalchemy.orm import aliased

from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor
from reading_queue.service_times import policy_now
from reading_queue.signatures import ONE, SIGNATURES, Signatures, SignedCase
from reading_queue.transitions import HELD_STATES, OPEN_STATES, Step, roles_for, steps_from
from storage.db.models import ReadingTask, TaskEvent
from storage.db.queries.access import open_glass
from storage.db.session import UnitOfWork
from storage.domain.errors import (
    AlreadyClaimed,
    CountyReadError,
    Forbidden,
    Invalid,
    NotAllowedFromState,
    NotFound,
    SamePerson,
    StaleLease,
    UpsStatus,
)
from storage.domain.reading import Action, InstitutionKind, Priority, ReadingStep, Role, TaskState
from storage.domain.rosters import modalities_named, names_modality

READING_ACTIONS = frozenset(
    {
        Action.CLAIM,
        Action.RESUME,
        Action.SUBMIT,
        Action.PRELIMINARY,
        Action.SIGN,
        Action.REJECT,
        Action.RETURN,
        Action.ASK,
        Action.CONSULT,
        Action.AMEND,
    }
)
"""What only a qualified reader does."""

_SIGNATURES = "signatures in force"


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


def require_step(work: UnitOfWork, step: Step, task: ReadingTask, actor: Actor) -> None:
    """Raise the fitting refusal unless `actor` may take `step` of the table with `task` as it stands."""
    if not (step.by_system if actor.role is None else actor.role in step.roles):
        raise Forbidden(f"The role {actor.role or 'system'} may not {step.action} a task that is {task.state}.")
    if actor.role is None:
        return
    if step.action in READING_ACTIONS and not _is_emergency(work, task, actor):
        require_qualification(actor, task.modality, audit=_is_audit(work, step, task, actor))
    _require_person(work, step, task, actor)
    _require_circumstances(work, step, task, actor)


def _is_emergency(work: UnitOfWork, task: ReadingTask, actor: Actor) -> bool:
    """Whether he may for this once read what he is not registered for: he gave a reason, and a manager reviews it."""
    unfit = actor.user_id is not None and not is_qualified(actor, task.modality)
    return unfit and open_glass(work, actor.user_id or 0, task.study_id) is not None


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


def _is_audit(work: UnitOfWork, step: Step, task: ReadingTask, actor: Actor) -> bool:
    if step.action == Action.AMEND:
        return not may_sign_alone(work, task, actor)
    return TaskState.AUDITING in (step.source, step.target)


def may_sign_alone(work: UnitOfWork, task: ReadingTask, actor: Actor) -> bool:
    """Whether one signature will do for what `actor` writes (chapter SIGNATURES). Over two independent readings it does."""
    if task.step == ReadingStep.ADJUDICATE:
        return True
    return not task.independent and signatures_in_force(work).required(case_of(work, task, actor)) == ONE


def signatures_in_force(work: UnitOfWork) -> Signatures:
    """The chapter; looked up once in a unit of work."""
    known: Signatures | None = work.session.info.get(_SIGNATURES)
    if known is None:
        known = work.session.info[_SIGNATURES] = in_force(work, SIGNATURES).content
    return known


def case_of(work: UnitOfWork, task: ReadingTask, actor: Actor) -> SignedCase:
    """What the number of signatures depends on, for a report that `actor` writes now."""
    study = task.study
    return SignedCase(task.modality, Priority(task.priority), study.body_part, study.description, actor.title, work.now)


def holds(work: UnitOfWork, task: ReadingTask, actor: Actor) -> bool:
    """Whether the actor has the task in hand. After the lease ran out there is a grace, until somebody else claims."""
    expires_at = task.lease_expires_at
    return (
        task.lease_token is not None
        and task.reader_id == actor.user_id
        and expires_at is not None
        and work.now < expires_at + policy_now(work).lease_grace
    )


def is_up_for_claim(task: ReadingTask, now: datetime) -> bool:
    """Whether a task in somebody's hand may be claimed because the lease has run out."""
    return task.state in HELD_STATES and task.lease_expires_at is not None and task.lease_expires_at <= now


def require_lease(work: UnitOfWork, task: ReadingTask, actor: Actor, token: str | None) -> None:
    """Raise `StaleLease` unless `token` is that of the live lease, and the actor's own."""
    if token is None or token != task.lease_token or not holds(work, task, actor):
        raise StaleLease("Your claim on this task has ended; nothing was changed. Claim it again to go on.")


def require_reason(step: Step, reason: str) -> None:
    """Raise `Invalid` when the step needs words and there are none."""
    if step.needs_reason and not reason.strip():
        raise Invalid(f"To {step.action} a task a reason must be given.")


def _require_person(work: UnitOfWork, step: Step, task: ReadingTask, actor: Actor) -> None:
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
    if step.action == Action.CLAIM:
        require_unbiased(work, task, actor)
    if step.action == Action.RESUME and not holds(work, task, actor):
        raise StaleLease("You do not have this task in hand.")
    if step.action == Action.AMEND:
        _require_amender(work, task, actor)


def _require_circumstances(work: UnitOfWork, step: Step, task: ReadingTask, actor: Actor) -> None:
    """What depends on the case, whoever it is."""
    if step.action == Action.SIGN and task.state == TaskState.READING and not may_sign_alone(work, task, actor):
        raise NotAllowedFromState(
            "A report of this kind needs a second signature: submit it for audit.", UpsStatus.NOT_MET
        )
    if step.action == Action.PRELIMINARY:
        _require_urgent(task)
    if step.voids_preliminary and task.preliminary_at is not None and actor.role == Role.CLINIC:
        raise NotAllowedFromState(
            "There is a preliminary report of this case, which only the centre can take back: ask it to cancel the case.",
            UpsStatus.NOT_MET,
        )


def _require_urgent(task: ReadingTask) -> None:
    if task.priority not in (Priority.P0, Priority.P1):
        raise NotAllowedFromState("Only an emergency (P0, P1) gets a preliminary report.", UpsStatus.NOT_MET)
    if task.independent or task.step == ReadingStep.ADJUDICATE:
        raise NotAllowedFromState("A study that is read twice gets no preliminary report.", UpsStatus.NOT_MET)


def require_unbiased(work: UnitOfWork, task: ReadingTask, actor: Actor) -> None:
    """Raise unless the actor is new to a study that is read twice; only an auditing physician decides over both readings."""
    if not task.independent and task.step != ReadingStep.ADJUDICATE:
        return
    if task.step == ReadingStep.ADJUDICATE and actor.role != Role.AUDITOR:
        raise Forbidden("Only an auditing physician decides over two independent readings.")
    if work.session.execute(select(_took_part(task.study_id, task.id, actor))).scalar_one():
        raise SamePerson("You have a part in another reading of this study, which is to be independent.")


def is_unbiased(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on tasks, for whoever chooses a case for the actor."""
    apart = or_(ReadingTask.independent, ReadingTask.step == ReadingStep.ADJUDICATE)
    part = _took_part(ReadingTask.study_id, ReadingTask.id, actor)
    decides = ReadingTask.step == ReadingStep.ADJUDICATE if actor.role != Role.AUDITOR else false()
    return not_(and_(apart, or_(part, decides)))


def _took_part(study_id: object, task_id: object, actor: Actor) -> ColumnElement[bool]:
    other = aliased(ReadingTask)
    return exists().where(
        other.study_id == study_id,
        other.id != task_id,
        other.independent,
        TaskEvent.task_id == other.id,
        TaskEvent.action == Action.CLAIM,
        TaskEvent.actor_id == actor.user_id,
    )


def may_see_draft(task: ReadingTask, actor: Actor) -> bool:
    """Whether the actor may see what is being written: never a clinic, never who reads the same study independently."""
    if actor.institution_kind != InstitutionKind.CENTRE:
        return False
    if not task.independent or task.state == TaskState.READ or actor.role == Role.MANAGER:
        return True
    return actor.user_id in (task.reader_id, task.author_id)


def _require_amender(work: UnitOfWork, task: ReadingTask, actor: Actor) -> None:
    if may_sign_alone(work, task, actor):
        return
    if actor.role != Role.AUDITOR:
        raise Forbidden("Only an auditing physician may amend a report of this kind.")
    if actor.user_id == task.author_id:
        raise SamePerson("The author of a report may not amend it alone; another auditing physician must.")


def allowed_actions(work: UnitOfWork, task: ReadingTask, actor: Actor) -> list[str]:
    """What the actor may do with the task now, in the order of the table; for menus and buttons."""
    steps = [step for step in steps_from(TaskState(task.state)) if _is_offered(work, step, task, actor)]
    return [*(["claim"] if _may_take_over(work, task, actor) else []), *(str(step.action) for step in steps)]


def _is_offered(work: UnitOfWork, step: Step, task: ReadingTask, actor: Actor) -> bool:
    if step.needs_lease and not holds(work, task, actor):
        return False
    if step.action == Action.RECEIPT and task.state in OPEN_STATES and task.preliminary_at is None:
        return False
    return actor.role is not None and _is_allowed(work, step, task, actor)


def _may_take_over(work: UnitOfWork, task: ReadingTask, actor: Actor) -> bool:
    if actor.role is None or not is_up_for_claim(task, work.now):
        return False
    state = TaskState.QUEUED if task.state == TaskState.READING else TaskState.DRAFTED
    claims = [step for step in steps_from(state) if step.action == Action.CLAIM]
    return any(_is_allowed(work, step, task, actor) for step in claims)


def _is_allowed(work: UnitOfWork, step: Step, task: ReadingTask, actor: Actor) -> bool:
    try:
        require_own_institution(actor, task.institution_id)
        require_step(work, step, task, actor)
    except CountyReadError:
        return False
    return True
