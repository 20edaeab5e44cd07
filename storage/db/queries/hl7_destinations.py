"""Results on their way to the clinics' own systems: whose turn it is, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update
from sqlalchemy.orm import joinedload

from storage.db.models import ExamOrder, Hl7Destination, Institution, Result
from storage.db.queries.results import get_result
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound


@dataclass(frozen=True)
class Errand:
    """The next result of a destination, with the order that its study came for."""

    destination: Hl7Destination
    result: Result
    order: ExamOrder | None


def claim_next(work: UnitOfWork, hold: timedelta) -> Errand | None:
    """The result that is due longest; nobody else sends to its destination until `hold` is over."""
    query = (
        select(Hl7Destination).join(Institution).where(*_due(work.now)).order_by(Hl7Destination.next_try_at).limit(1)
    )
    loaded = query.options(joinedload(Hl7Destination.institution))
    found = work.session.execute(loaded.with_for_update(of=Hl7Destination, skip_locked=True)).scalar_one_or_none()
    if found is None:
        return None
    found.claimed_until = work.now + hold
    work.session.flush()
    result = get_result(work, found.institution_id, found.delivered_seq + 1)
    order = select(ExamOrder).where(ExamOrder.study_id == result.study_id).order_by(ExamOrder.id.desc()).limit(1)
    return Errand(found, result, work.session.execute(order).scalar_one_or_none())


def is_any_due(work: UnitOfWork) -> bool:
    """Whether `claim_next` would find something."""
    query = select(Hl7Destination.id).join(Institution).where(*_due(work.now)).limit(1)
    return work.session.execute(query).first() is not None


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Hl7Destination.active.is_(True),
        Hl7Destination.next_try_at <= now,
        or_(Hl7Destination.claimed_until.is_(None), Hl7Destination.claimed_until <= now),
        Institution.result_seq > Hl7Destination.delivered_seq,
    )


def note_accepted(work: UnitOfWork, errand: Errand) -> bool:
    """The destination has it; False when somebody else has said so before."""
    values = {"delivered_seq": errand.result.seq, "delivered_at": work.now, "next_try_at": work.now}
    return _settle(work, errand, {**values, "attempts": 0, "last_error": ""})


def note_failed(work: UnitOfWork, errand: Errand, error: str, again_after: timedelta) -> bool:
    """It has not; it is tried again, and those after it wait."""
    values = {"next_try_at": work.now + again_after, "attempts": errand.destination.attempts + 1, "last_error": error}
    return _settle(work, errand, values)


def _settle(work: UnitOfWork, errand: Errand, values: Mapping[str, object]) -> bool:
    mine = Hl7Destination.id == errand.destination.id, Hl7Destination.delivered_seq == errand.result.seq - 1
    outcome = work.session.execute(update(Hl7Destination).where(*mine).values({**values, "claimed_until": None}))
    return cast("CursorResult[Any]", outcome).rowcount == 1


def destination_of(work: UnitOfWork, institution: Institution) -> Hl7Destination:
    """Raise `NotFound` for an institution without one."""
    query = select(Hl7Destination).where(Hl7Destination.institution_id == institution.id)
    found = work.session.execute(query.options(joinedload(Hl7Destination.institution))).scalar_one_or_none()
    if found is None:
        raise NotFound(f"{institution.code} has no destination for HL7 messages.")
    return found


def list_destinations(work: UnitOfWork) -> Sequence[Hl7Destination]:
    """By the institution's code."""
    query = select(Hl7Destination).join(Institution).order_by(Institution.code)
    return work.session.execute(query.options(joinedload(Hl7Destination.institution))).scalars().all()


def count_stuck(work: UnitOfWork, longer_than: timedelta) -> int:
    """Destinations that have not taken their next result for so long."""
    waiting_since = (
        select(func.min(Result.created_at))
        .where(Result.institution_id == Hl7Destination.institution_id, Result.seq > Hl7Destination.delivered_seq)
        .scalar_subquery()
    )
    query = select(func.count(Hl7Destination.id)).where(Hl7Destination.active, waiting_since < work.now - longer_than)
    return work.session.execute(query).scalar_one()
