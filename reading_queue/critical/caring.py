"""What people do with a critical case: confirm, tell, hear, treat, close, or take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from reading_queue.critical import telling
from reading_queue.critical.stepping import Deed, locked, permit, permit_locked, require_role, rules_of
from reading_queue.service.actors import Actor
from storage.db.models import CriticalCase, Institution, Report
from storage.db.queries.notices import settle
from storage.db.session import UnitOfWork
from storage.domain.critical import SPOKEN, Basis, CaseAction, CaseState, Method
from storage.domain.errors import Invalid, NotAllowedFromState
from storage.domain.notices import Urgency
from storage.domain.reading import Role

_LONGEST_AGO = timedelta(hours=24)
"""How long ago a call may have been that is written down now."""

_CLOCKS_DIFFER = timedelta(minutes=2)
"""How far a screen's clock may run ahead of the county's."""

_ASK_THE_CLINIC = ("critical.told", "critical.notified_late")
"""The notices that it has answered when it acknowledges."""


@dataclass(frozen=True)
class Told:
    """That somebody at the clinic was told: by which way, whom, when (now, unless said), and what he read back, if he did."""

    method: Method
    receiver: str = ""
    at: datetime | None = None
    content: str = ""
    read_back: str = ""


@dataclass(frozen=True)
class Heard:
    """That the clinic knows: who received it, what he read back. `method` and `at` are of what a centre's caller heard."""

    receiver: str
    read_back: str
    method: Method = Method.IN_APP
    at: datetime | None = None


def confirm(work: UnitOfWork, case_id: int, actor: Actor, finding: str = "", told: Told | None = None) -> CriticalCase:
    """A physician says that it is so: the national ten minutes start, and the clinic is told in the same moment."""
    require_role(actor, CaseAction.CONFIRM)
    return confirm_locked(work, locked(work, case_id, actor), actor, finding, told)


def confirm_locked(
    work: UnitOfWork, case: CriticalCase, actor: Actor, finding: str, told: Told | None = None
) -> CriticalCase:
    """The same for a case that this transaction has locked or made."""
    words = finding.strip() or case.finding or case.name
    permitted = permit_locked(work, case, actor, CaseAction.CONFIRM, words)
    starts = case.basis == Basis.DISCOVERED or _has_report(work, case)
    permitted.take(
        Deed(words),
        finding=words,
        confirmed_at=work.now,
        confirmed_by_id=actor.user_id,
        basis_at=work.now if starts else None,
    )
    if rules_of(work, case).tell_clinic_at_once and telling.clinic_people(work, case.institution_id):
        tell_locked(work, case, actor, Told(Method.IN_APP))
    return case if told is None else tell_locked(work, case, actor, told)


def tell(work: UnitOfWork, case_id: int, actor: Actor, told: Told) -> CriticalCase:
    """The clinic is told, or told again by another way. With a read-back the case is acknowledged by what the caller heard."""
    require_role(actor, CaseAction.NOTIFY)
    return tell_locked(work, locked(work, case_id, actor), actor, told)


def tell_locked(work: UnitOfWork, case: CriticalCase, actor: Actor, told: Told) -> CriticalCase:
    """The same for a case that this transaction has locked."""
    permitted = permit_locked(work, case, actor, CaseAction.NOTIFY)
    receiver, at = told.receiver.strip(), _moment(work, told.at)
    if told.method in SPOKEN and not receiver:
        raise Invalid("Say who was told: name of the person at the clinic.")
    people = telling.clinic_people(work, case.institution_id) if told.method == Method.IN_APP else []
    if told.method == Method.IN_APP and not people:
        raise Invalid("Nobody at this clinic has a log-in: telephone.")
    deed = Deed(told.content.strip() or case.finding, told.method, receiver or _clinic_name(work, case), at)
    named = {"receiver": receiver} if receiver else {}
    permitted.take(deed, notified_at=case.notified_at or at, notifier=actor.name, method=told.method, **named)
    telling.tell(work, case, "critical.told", {user.id for user in people}, Urgency.URGENT)
    if told.read_back.strip():
        return hear_locked(work, case, actor, Heard(receiver, told.read_back, told.method, at))
    return case


def acknowledge(work: UnitOfWork, case_id: int, actor: Actor, heard: Heard) -> CriticalCase:
    """The clinic knows, by its own record or by what a caller of the centre heard. The first word counts; the clinic's own
    may follow one by phone, once. Raises `NotAllowedFromState` for a second.
    """
    require_role(actor, CaseAction.ACKNOWLEDGE)
    return hear_locked(work, locked(work, case_id, actor), actor, heard)


def hear_locked(work: UnitOfWork, case: CriticalCase, actor: Actor, heard: Heard) -> CriticalCase:
    """The same for a case that this transaction has locked."""
    permitted = permit_locked(work, case, actor, CaseAction.ACKNOWLEDGE, heard.read_back)
    is_clinic = actor.role == Role.CLINIC
    if is_clinic and case.heard_at is not None:
        raise NotAllowedFromState("The clinic has acknowledged this critical value already.")
    receiver = heard.receiver.strip() or (actor.name if is_clinic else "")
    if not receiver:
        raise Invalid("Say who acknowledged: name of the person at the clinic.")
    if not is_clinic and heard.method not in SPOKEN:
        raise Invalid("The centre acknowledges for a clinic only what it heard, by phone or in person.")
    notifier = case.notifier or actor.name
    deed = Deed(
        heard.read_back.strip(),
        Method.IN_APP if is_clinic else heard.method,
        notifier if is_clinic else receiver,
        work.now if is_clinic else _moment(work, heard.at),
        {"receiver": receiver, "notifier": notifier},
    )
    first = {} if case.acked_at else {"acked_at": deed.happened_at, "receiver": receiver}
    permitted.take(deed, **first, **({"heard_at": work.now} if is_clinic else {}))
    if is_clinic:
        settle(work, case.id, case.institution_id, _ASK_THE_CLINIC)
    _tell_physician(work, case, actor, "critical.acknowledged")
    return case


def feed_back(work: UnitOfWork, case_id: int, actor: Actor, text: str) -> CriticalCase:
    """What was done for the patient, in the clinic's words."""
    permitted = permit(work, case_id, actor, CaseAction.FEED_BACK, text)
    case = permitted.take(Deed(text.strip()), treated_at=permitted.case.treated_at or work.now)
    _tell_physician(work, case, actor, "critical.treated")
    return case


def close(work: UnitOfWork, case_id: int, actor: Actor, note: str = "") -> CriticalCase:
    """The loop is closed."""
    return permit(work, case_id, actor, CaseAction.CLOSE).take(Deed(note.strip()))


def false_alarm(work: UnitOfWork, case_id: int, actor: Actor, reason: str) -> CriticalCase:
    """It is not so, and why; a clinic that was told is told that too."""
    permitted = permit(work, case_id, actor, CaseAction.FALSE_ALARM, reason)
    was_told = permitted.step.source not in (CaseState.SUSPECTED, CaseState.CONFIRMED)
    case = permitted.take(Deed(reason.strip()))
    if was_told:
        people = {user.id for user in telling.clinic_people(work, case.institution_id)}
        telling.tell(work, case, "critical.false_alarm", people, Urgency.URGENT)
    return case


def _tell_physician(work: UnitOfWork, case: CriticalCase, actor: Actor, kind: str) -> None:
    if case.confirmed_by_id is not None and case.confirmed_by_id != actor.user_id:
        telling.tell(work, case, kind, {case.confirmed_by_id}, Urgency.NORMAL)


def _moment(work: UnitOfWork, said: datetime | None) -> datetime:
    if said is None:
        return work.now
    if not work.now - _LONGEST_AGO <= said <= work.now + _CLOCKS_DIFFER:
        raise Invalid("The time of a call lies within the last 24 hours.")
    return min(said, work.now)


def _clinic_name(work: UnitOfWork, case: CriticalCase) -> str:
    query = select(Institution.name).where(Institution.id == case.institution_id)
    return work.session.execute(query).scalar_one()


def _has_report(work: UnitOfWork, case: CriticalCase) -> bool:
    query = select(Report.id).where(Report.study_id == case.study_id).limit(1)
    return work.session.execute(query).scalar_one_or_none() is not None
