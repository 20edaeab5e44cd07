"""Asking an upper-level hospital: the case leaves the hand of who asks, and comes back to it with an opinion or without one.

While it is out nobody at the centre has it in hand, and clock B runs on. The hospital's people see that study and no other,
for as long as they are asked. What they say is kept, and named in the signed version.
"""

from collections.abc import Sequence

from sqlalchemy import select

from reading_queue.course import COURSE, Course
from reading_queue.notices import About, Audience, notify
from reading_queue.rulebook import in_force
from reading_queue.service.actors import SYSTEM, Actor
from reading_queue.service.stepping import Allowed, allow, allow_locked, audit, locked
from storage.db.models import Consultation, Institution, ReadingTask, User
from storage.db.session import UnitOfWork
from storage.domain.errors import AlreadyClaimed, Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.identifiers import new_uid
from storage.domain.notices import Urgency
from storage.domain.reading import (
    OPEN_CONSULTATIONS,
    Action,
    ConsultationState,
    InstitutionKind,
    Priority,
    Role,
    TaskState,
)

_BATCH = 200
_DIRECTORS = frozenset({Role.AUDITOR, Role.MANAGER})


def consult(
    work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, hospital: str, question: str
) -> Consultation:
    """Ask the upper-level hospital with that code about a case in hand; the lease ends, the draft is kept.

    Raises `Invalid` for a hospital that is none, or has nobody to ask.
    """
    allowed = allow(work, task_id, actor, Action.CONSULT, token=lease_token, reason=question)
    asked = _hospital(work, hospital)
    times, task = in_force(work, COURSE).content, allowed.task
    row = Consultation(
        institution_id=task.institution_id,
        task_id=task.id,
        study_id=task.study_id,
        hospital_id=asked.id,
        state=ConsultationState.ASKED,
        from_state=str(allowed.step.source),
        question=allowed.reason,
        asked_by_id=actor.user_id,
        asked_at=work.now,
        opinion="",
        reminders=0,
        remind_at=work.now + times.span("consult_remind"),
        expires_at=work.now + times.span("consult_expire"),
    )
    work.session.add(row)
    work.session.flush()
    allowed.take({"hospital": asked.code, "consultation": row.id})
    audit(work, actor, Action.CONSULT, task, hospital=asked.code, consultation=row.id)
    _tell_hospital(work, row, task)
    notify(
        work,
        "case.consulted",
        Audience(roles=frozenset({Role.CLINIC}), institution_id=task.institution_id),
        About(task_id=task.id, study_id=task.study_id),
        key=f"case.consulted:{row.id}",
        urgency=Urgency.QUIET,
        params={"hospital": asked.name, "hospital_en": asked.name_en},
    )
    return row


def accept(work: UnitOfWork, consultation_id: int, actor: Actor) -> Consultation:
    """The consultant looks at it. A colleague may take over when nothing has come for the time after which one is reminded."""
    row = _mine(work, consultation_id, actor)
    _require_turn(work, row, actor)
    if row.consultant_id != actor.user_id:
        row.state, row.consultant_id, row.accepted_at = ConsultationState.ACCEPTED, actor.user_id, work.now
        work.session.flush()
        audit(work, actor, Action.CONSULT, row.task, consultation=row.id, accepted=True)
        _tell_asker(work, row)
    return row


def give_opinion(work: UnitOfWork, consultation_id: int, actor: Actor, text: str) -> Consultation:
    """What the hospital thinks; the case goes back into the hand of the one who asked. The same again changes nothing."""
    row = _mine(work, consultation_id, actor, Action.OPINION)
    if row.state == ConsultationState.ANSWERED and row.consultant_id == actor.user_id and row.opinion == text.strip():
        return row
    _require_turn(work, row, actor)
    allowed = allow_locked(work, row.task, actor, Action.OPINION, reason=text)
    row.state, row.opinion, row.consultant_id = ConsultationState.ANSWERED, allowed.reason, actor.user_id
    row.accepted_at = row.accepted_at or work.now
    return _come_back(allowed, row)


def decline_consultation(work: UnitOfWork, consultation_id: int, actor: Actor, reason: str) -> Consultation:
    """The hospital does not take it, and says why."""
    row = _mine(work, consultation_id, actor, Action.DECLINE_CONSULT)
    _require_turn(work, row, actor)
    allowed = allow_locked(work, row.task, actor, Action.DECLINE_CONSULT, reason=reason)
    row.state, row.consultant_id = ConsultationState.DECLINED, actor.user_id
    return _come_back(allowed, row)


def recall(work: UnitOfWork, task_id: int, actor: Actor, reason: str) -> Consultation:
    """The centre does not wait any longer: by the one who asked, an auditing physician or the manager."""
    allowed = allow(work, task_id, actor, Action.RECALL, reason=reason)
    row = open_consultation(work, task_id)
    if row is None:
        raise NotAllowedFromState("Nobody is asked about this case.")
    if actor.role not in _DIRECTORS and actor.user_id != row.asked_by_id:
        raise Forbidden("Only who asked takes the question back, or an auditing physician, or the manager.")
    row.state = ConsultationState.RECALLED
    return _come_back(allowed, row)


def open_consultation(work: UnitOfWork, task_id: int) -> Consultation | None:
    """The hospital that is asked about the case now."""
    query = select(Consultation).where(Consultation.task_id == task_id, Consultation.state.in_(OPEN_CONSULTATIONS))
    return work.session.execute(query.order_by(Consultation.id.desc()).limit(1)).scalar_one_or_none()


def opinions_on(work: UnitOfWork, task_id: int) -> Sequence[Consultation]:
    """What hospitals have said about the case, the first first."""
    query = select(Consultation).where(
        Consultation.task_id == task_id, Consultation.state == ConsultationState.ANSWERED
    )
    return work.session.execute(query.order_by(Consultation.id)).scalars().all()


def follow_consultations(work: UnitOfWork) -> int:
    """Remind hospitals that have said nothing, and take back what they let lie. Returns how many were due."""
    due = (Consultation.state.in_(OPEN_CONSULTATIONS), Consultation.remind_at <= work.now)
    query = select(Consultation.id, Consultation.task_id).where(*due).order_by(Consultation.remind_at).limit(_BATCH)
    found = work.session.execute(query).all()
    for consultation_id, task_id in found:
        _follow(work, consultation_id, locked(work, task_id))
    return len(found)


def _follow(work: UnitOfWork, consultation_id: int, task: ReadingTask) -> None:
    row = _fresh(work, consultation_id)
    if row.state not in OPEN_CONSULTATIONS or row.remind_at is None or row.remind_at > work.now:
        return
    if work.now >= row.expires_at:
        row.state = ConsultationState.EXPIRED
        _come_back(allow_locked(work, task, SYSTEM, Action.EXPIRE, reason="no opinion in time"), row)
        return
    row.reminders += 1
    row.remind_at = min(work.now + _times(work).span("consult_remind"), row.expires_at)
    work.session.flush()
    _tell_hospital(work, row, task)


def _come_back(allowed: Allowed, row: Consultation) -> Consultation:
    work = allowed.work
    row.ended_at, row.remind_at = work.now, None
    work.session.flush()
    allowed.to(TaskState(row.from_state)).take(
        {"consultation": row.id, "consultation_state": row.state},
        reader_id=row.asked_by_id,
        # Nobody knows this token: who asked has to come back for one of his own (RESUME).
        lease_token=new_uid(),
        lease_expires_at=work.now + _times(work).span("return_accept"),
    )
    if allowed.actor.user_id is not None:
        audit(work, allowed.actor, allowed.step.action, allowed.task, consultation=row.id)
    _tell_asker(work, row)
    return row


def _tell_asker(work: UnitOfWork, row: Consultation) -> None:
    notify(
        work,
        f"consultation.{row.state}",
        Audience(users=frozenset({row.asked_by_id})),
        About(task_id=row.task_id, study_id=row.study_id),
        key=f"consultation.{row.state}:{row.id}",
        params={"hospital": row.hospital.name, "hospital_en": row.hospital.name_en},
    )


def _tell_hospital(work: UnitOfWork, row: Consultation, task: ReadingTask) -> None:
    urgent = task.priority in (Priority.P0, Priority.P1)
    notify(
        work,
        "consultation.reminder" if row.reminders else "consultation.asked",
        Audience(roles=frozenset({Role.CONSULTANT}), institution_id=row.hospital_id),
        About(task_id=task.id, study_id=task.study_id),
        key=f"consultation.asked:{row.id}:{row.reminders}",
        urgency=Urgency.URGENT if urgent else Urgency.NORMAL,
        params={"consultation": row.id, "modality": task.modality, "priority": task.priority},
    )


def _mine(work: UnitOfWork, consultation_id: int, actor: Actor, action: Action = Action.OPINION) -> Consultation:
    """The consultation, its task locked. Raises `NotFound` for everybody outside the hospital that was asked."""
    if actor.role != Role.CONSULTANT:
        raise Forbidden(f"The role {actor.role} may not {action} a task.")
    row = work.session.get(Consultation, consultation_id)
    if row is None or row.hospital_id != actor.institution_id:
        raise NotFound("There is no such consultation.")
    locked(work, row.task_id)
    return _fresh(work, consultation_id)


def _fresh(work: UnitOfWork, consultation_id: int) -> Consultation:
    query = select(Consultation).where(Consultation.id == consultation_id)
    return work.session.execute(query, execution_options={"populate_existing": True}).scalar_one()


def _require_turn(work: UnitOfWork, row: Consultation, actor: Actor) -> None:
    if row.state not in OPEN_CONSULTATIONS:
        raise NotAllowedFromState("This consultation has ended.")
    if row.consultant_id in (None, actor.user_id) or row.accepted_at is None:
        return
    if work.now < row.accepted_at + _times(work).span("consult_remind"):
        raise AlreadyClaimed("A colleague of your hospital looks at this case.")


def _times(work: UnitOfWork) -> Course:
    return in_force(work, COURSE).content


def _hospital(work: UnitOfWork, code: str) -> Institution:
    found = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one_or_none()
    if found is None or found.kind != InstitutionKind.UPPER:
        raise Invalid("There is no upper-level hospital of that name to ask.")
    somebody = select(User.id).where(User.institution_id == found.id, User.role == Role.CONSULTANT, User.active)
    if work.session.execute(somebody.limit(1)).scalar_one_or_none() is None:
        raise Invalid("That hospital has nobody who could be asked.")
    return found
