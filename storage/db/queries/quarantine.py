"""What was kept aside, as people look at it and as a clinic is asked about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import Instance, Institution, Quarantine, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.studies import Decision

_ASKED_FOR = timedelta(days=60)
_MOST_REQUESTS = 500


@dataclass(frozen=True)
class Kept:
    """Which objects. Empty values do not filter; only what waits for a decision unless `resolved`."""

    reason: str = ""
    study_instance_uid: str = ""
    ae_title: str = ""
    resolved: bool = False


Line = tuple[Quarantine, Institution | None]


def list_quarantine(work: UnitOfWork, wanted: Kept, limit: int, before: int | None = None) -> list[Line]:
    """Objects kept aside, the newest first, with the clinic they came from; up to `limit` with row ids below `before`."""
    query = select(Quarantine, Institution).outerjoin(Institution, Institution.id == Quarantine.institution_id)
    query = query.where(*_conditions(wanted))
    if before is not None:
        query = query.where(Quarantine.id < before)
    return [(row, place) for row, place in work.session.execute(query.order_by(Quarantine.id.desc()).limit(limit))]


def quarantined(work: UnitOfWork, quarantine_id: int) -> Line:
    """Raise `NotFound`."""
    query = select(Quarantine, Institution).outerjoin(Institution, Institution.id == Quarantine.institution_id)
    found = work.session.execute(query.where(Quarantine.id == quarantine_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such object in quarantine.")
    return found[0], found[1]


def waiting_ids(work: UnitOfWork, wanted: Kept, limit: int, after: int = 0) -> list[int]:
    """The oldest first, with row ids above `after`."""
    query = select(Quarantine.id).where(*_conditions(wanted), Quarantine.id > after)
    return list(work.session.execute(query.order_by(Quarantine.id).limit(limit)).scalars())


def count_kept(work: UnitOfWork, wanted: Kept) -> int:
    """How many there are of them."""
    return work.session.execute(select(func.count(Quarantine.id)).where(*_conditions(wanted))).scalar_one()


def present_study(work: UnitOfWork, row: Quarantine) -> tuple[Study, bool] | None:
    """The study in the archive whose place the object claims, and whether an object under its own UID is there."""
    query = select(Study).where(Study.study_instance_uid == row.study_instance_uid)
    query = query.options(joinedload(Study.patient), joinedload(Study.institution))
    instance = work.session.execute(
        select(Instance.study_id).where(Instance.sop_instance_uid == row.sop_instance_uid)
    ).scalar_one_or_none()
    study = work.session.execute(query).scalar_one_or_none()
    if study is None and instance is not None:
        study = work.session.get(Study, instance)
    return None if study is None else (study, instance is not None)


def resend_requests(work: UnitOfWork, institution_id: int | None) -> list[Line]:
    """What clinics are asked to send anew and have not sent since: of one institution, or of all when it is None."""
    came = exists().where(
        Instance.sop_instance_uid == Quarantine.sop_instance_uid,
        Instance.institution_id == Quarantine.institution_id,
        Instance.received_at > Quarantine.resolved_at,
    )
    asked = (
        Quarantine.decision == Decision.RESEND,
        Quarantine.resolved_at > work.now - _ASKED_FOR,
        or_(Quarantine.sop_instance_uid == "", ~came),
    )
    query = select(Quarantine, Institution).join(Institution, Institution.id == Quarantine.institution_id).where(*asked)
    if institution_id is not None:
        query = query.where(Quarantine.institution_id == institution_id)
    query = query.order_by(Quarantine.resolved_at.desc(), Quarantine.id.desc()).limit(_MOST_REQUESTS)
    return [(row, place) for row, place in work.session.execute(query)]


def _conditions(wanted: Kept) -> Iterator[ColumnElement[bool]]:
    if not wanted.resolved:
        yield Quarantine.resolved_at.is_(None)
    for column, value in (
        (Quarantine.reason, wanted.reason),
        (Quarantine.study_instance_uid, wanted.study_instance_uid),
        (Quarantine.ae_title, wanted.ae_title),
    ):
        if value:
            yield column == value
