"""Broken glass: access to a study beyond one's own, for a reason and a time; a manager is told and reviews it."""

from datetime import timedelta

from sqlalchemy import select

from reading_queue.access import ACCESS
from reading_queue.notices import About, Audience, notify
from reading_queue.rulebook import in_force
from reading_queue.service import Actor
from storage.audit import AuditEntry, record
from storage.db.models import BrokenGlass, Study
from storage.db.queries import access
from storage.db.session import UnitOfWork
from storage.domain.accounts import GlassOutcome
from storage.domain.errors import Conflict, Forbidden, InvalidField, NotFound
from storage.domain.notices import Urgency
from storage.domain.reading import Role

MIN_REASON = 4


def break_glass(work: UnitOfWork, actor: Actor, study_instance_uid: str, reason: str) -> BrokenGlass:
    """Open a study to one person for a time. Raises `NotFound`, `InvalidField` without a reason, `Conflict` while it is open."""
    if len(reason.strip()) < MIN_REASON:
        raise InvalidField("reason", "must say why it cannot wait.")
    query = select(Study).where(Study.study_instance_uid == study_instance_uid)
    study = work.session.execute(query).unique().scalar_one_or_none()
    if study is None or actor.user_id is None:
        raise NotFound("There is no such study.")
    if actor.role == Role.CLINIC and study.institution_id == actor.institution_id:
        raise Conflict("The study is your own institution's: it is open to you.")
    if access.open_glass(work, actor.user_id, study.id) is not None:
        raise Conflict("The study is open to you already.")
    minutes = in_force(work, ACCESS).content.emergency.minutes
    ends_at = work.now + timedelta(minutes=minutes)
    glass = BrokenGlass(
        user_id=actor.user_id, study_id=study.id, reason=reason.strip(), opened_at=work.now, ends_at=ends_at
    )
    work.session.add(glass)
    work.session.flush()
    work.session.refresh(glass)
    _tell(work, glass, study)
    _note(work, actor, "emergency_opened", glass, reason=glass.reason, minutes=minutes)
    return glass


def end_glass(work: UnitOfWork, actor: Actor, glass_id: int) -> BrokenGlass:
    """Close it before its time. Raises `NotFound` for another person's."""
    glass = work.session.get(BrokenGlass, glass_id)
    if glass is None or glass.user_id != actor.user_id:
        raise NotFound("There is no such emergency.")
    if glass.ended_at is None and glass.ends_at > work.now:
        glass.ended_at = work.now
        _note(work, actor, "emergency_ended", glass)
    return glass


def review_glass(work: UnitOfWork, actor: Actor, glass_id: int, outcome: GlassOutcome, note: str) -> BrokenGlass:
    """Say what a manager thinks of it; an unjustified one that is still open ends. Raises `Conflict` the second time."""
    glass = work.session.get(BrokenGlass, glass_id, with_for_update={"of": BrokenGlass})
    if glass is None:
        raise NotFound("There is no such emergency.")
    if glass.user_id == actor.user_id:
        raise Forbidden("Nobody reviews his own emergency.")
    if glass.reviewed_at is not None:
        raise Conflict("It has been reviewed already.")
    glass.reviewed_at, glass.reviewed_by_id, glass.outcome, glass.note = work.now, actor.user_id, outcome, note.strip()
    if outcome == GlassOutcome.UNJUSTIFIED and glass.ended_at is None:
        glass.ended_at = min(work.now, glass.ends_at)
    work.session.flush()
    work.session.refresh(glass)
    _note(work, actor, "emergency_reviewed", glass, outcome=outcome, note=glass.note)
    return glass


def _tell(work: UnitOfWork, glass: BrokenGlass, study: Study) -> None:
    """The centre's managers."""
    notify(
        work,
        "access.emergency",
        Audience(roles=frozenset({Role.MANAGER})),
        About(study_id=study.id),
        key=f"access.emergency:{glass.id}",
        urgency=Urgency.URGENT,
        params={"modality": study.modality},
    )


def _note(work: UnitOfWork, actor: Actor, action: str, glass: BrokenGlass, **detail: object) -> None:
    entry = AuditEntry(
        work.now, f"user:{actor.user_id}", action, f"study:{glass.study_id}", {"emergency": glass.id, **detail}
    )
    record(work.session, entry)
