"""Referrals: a clinic sends its patient on because of what was found, a hospital takes him, and the clinic hears of it.

The steps are a table. A referral that nobody accepts, or of which nothing is heard, is told of once (the chapter COURSE has
the times) and stays where it is: a patient who comes late is still to be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from reading_queue.course import COURSE
from reading_queue.notices import About, Audience, Telling, notify_many
from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor
from reading_queue.service.guards import require_own_institution
from storage.audit import AuditEntry, record
from storage.db.models import Referral, ReferralEvent, Study
from storage.db.queries.studies import study_by_uid
from storage.db.session import Database, UnitOfWork
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.notices import Urgency
from storage.domain.reading import Role
from storage.domain.referrals import ENDED, ReferralAction, ReferralState
from storage.settings import Settings

SENDERS = frozenset({Role.CLINIC, Role.RADIOLOGIST, Role.AUDITOR, Role.MANAGER})
"""They send a patient on: a clinic its own, the centre's people anybody's."""

TAKERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR, Role.MANAGER})
"""They speak for the hospital that takes him."""

_CENTRE = frozenset({Role.MANAGER})
_BATCH = 100


@dataclass(frozen=True)
class Step:
    """From which states to which, by whom, and whether words are needed."""

    sources: frozenset[ReferralState]
    to: ReferralState
    roles: frozenset[Role]
    needs_words: bool = False


STEPS: Mapping[ReferralAction, Step] = {
    ReferralAction.ACCEPT: Step(frozenset({ReferralState.OPEN}), ReferralState.ACCEPTED, TAKERS),
    ReferralAction.ARRIVE: Step(
        frozenset({ReferralState.OPEN, ReferralState.ACCEPTED}), ReferralState.ARRIVED, TAKERS | {Role.CLINIC}
    ),
    ReferralAction.FEED_BACK: Step(
        frozenset({ReferralState.ACCEPTED, ReferralState.ARRIVED}), ReferralState.FED_BACK, TAKERS, needs_words=True
    ),
    ReferralAction.CANCEL: Step(
        frozenset({ReferralState.OPEN, ReferralState.ACCEPTED}), ReferralState.CANCELLED, SENDERS, needs_words=True
    ),
}


def open_referral(work: UnitOfWork, actor: Actor, study_instance_uid: str, reason: str, destination: str) -> Referral:
    """Send the study's patient on. Raises `NotFound`, `Forbidden`, and `NotAllowedFromState` while another one is open."""
    _require_role(actor, SENDERS)
    study = _locked_study(work, study_instance_uid)
    require_own_institution(actor, study.institution_id)
    _require_words(reason)
    running = select(Referral.id).where(Referral.study_id == study.id, Referral.state.not_in(ENDED)).limit(1)
    if work.session.execute(running).first() is not None:
        raise NotAllowedFromState("This patient has been sent on because of this study already.")
    course = in_force(work, COURSE, work.now).content
    made = Referral(
        institution_id=study.institution_id,
        study_id=study.id,
        state=ReferralState.OPEN,
        version=1,
        reason=reason.strip(),
        destination=destination.strip(),
        opened_at=work.now,
        answer_due_at=work.now + course.span("referral_answer"),
        end_due_at=work.now + course.span("referral_end"),
    )
    work.session.add(made)
    work.session.flush()
    _note(work, actor, made, ReferralAction.OPEN, made.reason)
    _tell(work, made, "referral.opened", Audience(roles=_CENTRE), Urgency.URGENT)
    return made


def take_step(work: UnitOfWork, actor: Actor, referral_id: int, action: ReferralAction, words: str = "") -> Referral:
    """Accept, note the arrival, feed back what came of it, or take it back. Raises `NotFound`, `Forbidden`, `Invalid`, `NotAllowedFromState`."""
    step = STEPS[action]
    _require_role(actor, step.roles)
    row = _locked(work, referral_id)
    require_own_institution(actor, row.institution_id)
    if row.state not in step.sources:
        raise NotAllowedFromState(f"A referral that is {row.state} cannot take this step.")
    if step.needs_words:
        _require_words(words)
    row.state, row.version = step.to, row.version + 1
    _note(work, actor, row, action, words.strip())
    if actor.role != Role.CLINIC:
        _tell(work, row, f"referral.{step.to}", _clinic(row), Urgency.NORMAL)
    elif action is ReferralAction.CANCEL:
        _tell(work, row, f"referral.{step.to}", Audience(roles=_CENTRE), Urgency.NORMAL)
    return row


def find_referral(work: UnitOfWork, referral_id: int) -> Referral:
    """Raise `NotFound`."""
    found = work.session.execute(select(Referral).where(Referral.id == referral_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such referral.")
    return found


def list_referrals(work: UnitOfWork, *, running: bool, limit: int = 200) -> Sequence[Referral]:
    """Those that the caller may see: running ones by what is due first, else all with the latest first."""
    query = (
        select(Referral).order_by(Referral.end_due_at, Referral.id)
        if running
        else select(Referral).order_by(Referral.id.desc())
    )
    if running:
        query = query.where(Referral.state.not_in(ENDED))
    return work.session.execute(query.limit(limit)).scalars().all()


def events_of(work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, list[ReferralEvent]]:
    """The steps of each, in their order."""
    query = select(ReferralEvent).where(ReferralEvent.referral_id.in_(ids)).order_by(ReferralEvent.id)
    found: dict[int, list[ReferralEvent]] = {one: [] for one in ids}
    for row in work.session.execute(query).scalars():
        found[row.referral_id].append(row)
    return found


def chase_referrals(database: Database, _settings: Settings) -> None:
    """Tell, once, of those that nobody accepted in time and of those of which nothing was heard."""
    with database.write() as work:
        unanswered = (
            (Referral.state == ReferralState.OPEN)
            & Referral.unanswered_at.is_(None)
            & (Referral.answer_due_at <= work.now)
        )
        overdue = Referral.state.not_in(ENDED) & Referral.overdue_at.is_(None) & (Referral.end_due_at <= work.now)
        query = select(Referral).where(or_(unanswered, overdue)).order_by(Referral.id).limit(_BATCH)
        tellings: list[Telling] = []
        for row in work.session.execute(query.with_for_update(skip_locked=True)).scalars():
            tellings += _late(work, row)
        if tellings:
            notify_many(work, tellings)


def _late(work: UnitOfWork, row: Referral) -> list[Telling]:
    told = []
    if row.state == ReferralState.OPEN and row.unanswered_at is None and row.answer_due_at <= work.now:
        row.unanswered_at = work.now
        told.append(_telling(row, "referral.unanswered", Audience(roles=_CENTRE), Urgency.URGENT))
    if row.overdue_at is None and row.end_due_at <= work.now:
        row.overdue_at = work.now
        told.append(_telling(row, "referral.overdue", Audience(roles=_CENTRE), Urgency.NORMAL))
        told.append(_telling(row, "referral.overdue_there", _clinic(row), Urgency.NORMAL))
    return told


def _locked_study(work: UnitOfWork, study_instance_uid: str) -> Study:
    """So that of two who send the same patient on, one does."""
    query = select(Study).where(Study.id == study_by_uid(work, study_instance_uid).id)
    return work.session.execute(query.with_for_update(of=Study)).scalar_one()


def _locked(work: UnitOfWork, referral_id: int) -> Referral:
    query = select(Referral).where(Referral.id == referral_id).with_for_update()
    found = work.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such referral.")
    return found


def _clinic(row: Referral) -> Audience:
    return Audience(roles=frozenset({Role.CLINIC}), institution_id=row.institution_id)


def _tell(work: UnitOfWork, row: Referral, kind: str, to: Audience, urgency: Urgency) -> None:
    notify_many(work, [_telling(row, kind, to, urgency)])


def _telling(row: Referral, kind: str, to: Audience, urgency: Urgency) -> Telling:
    return Telling(kind, to, About(study_id=row.study_id), f"{kind}:{row.id}", urgency)


def _require_role(actor: Actor, roles: frozenset[Role]) -> None:
    if actor.role not in roles:
        raise Forbidden("Your role does not take this step of a referral.")


def _require_words(words: str) -> None:
    if not words.strip():
        raise Invalid("Say why, or what came of it.")


def _note(work: UnitOfWork, actor: Actor, row: Referral, action: ReferralAction, words: str) -> None:
    event = ReferralEvent(
        institution_id=row.institution_id,
        referral_id=row.id,
        action=action,
        at=work.now,
        actor=actor.username,
        actor_name=actor.name,
        words=words,
    )
    work.session.add(event)
    record(
        work.session,
        AuditEntry(work.now, actor.username, f"referral.{action}", f"referral:{row.id}", {"state": row.state}),
    )
