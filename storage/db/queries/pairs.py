"""Pairs of patient rows that may be one person: what the machine found and what people said of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from storage.db.models import PatientPair
from storage.db.queries.persons import persons_of
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, NotFound
from storage.domain.patients import PairState

_TO_DECIDE = (PairState.OPEN, PairState.PROPOSED)
_PARTS = 3


@dataclass(frozen=True)
class PairPage:
    """Part of the list of candidates, what people proposed first, then by score. `next_cursor` asks for the part after it."""

    pairs: list[PatientPair] = field(default_factory=list)
    next_cursor: str | None = None


def list_pairs(work: UnitOfWork, limit: int, cursor: str | None = None) -> PairPage:
    """The pairs that wait for a decision; persons whom somebody told apart are left out, in whatever rows they stand."""
    query = select(PatientPair).where(PatientPair.state.in_(_TO_DECIDE), PatientPair.is_one_person.is_(False))
    place = (PatientPair.state, PatientPair.score, PatientPair.id)
    if cursor is not None:
        query = query.where(tuple_(*place) < tuple_(*_parsed(cursor)))
    query = query.order_by(*(column.desc() for column in place)).limit(limit + 1)
    found = work.session.execute(query).scalars().all()
    shown = _not_told_apart(work.session, found[:limit])
    return PairPage(shown, _cursor(found[limit - 1]) if len(found) > limit else None)


def pairs_of_person(work: UnitOfWork, rows: Collection[int]) -> list[PatientPair]:
    """The pairs that wait for a decision and have one of `rows` in them, the best first."""
    either = or_(PatientPair.first_id.in_(rows), PatientPair.second_id.in_(rows))
    waiting = PatientPair.state.in_(_TO_DECIDE), PatientPair.is_one_person.is_(False)
    query = select(PatientPair).where(either, *waiting).order_by(PatientPair.state.desc(), PatientPair.score.desc())
    return _not_told_apart(work.session, work.session.execute(query).scalars().all())


def pair_by_id(work: UnitOfWork, pair_id: int) -> PatientPair:
    """Raise `NotFound`."""
    found = work.session.get(PatientPair, pair_id)
    if found is None:
        raise NotFound("There is no such pair of patients.")
    return found


def pair_between(session: Session, one: int, other: int) -> PatientPair | None:
    """The pair of these two rows, where there is one."""
    first, second = sorted((one, other))
    query = select(PatientPair).where(PatientPair.first_id == first, PatientPair.second_id == second)
    return session.execute(query).scalar_one_or_none()


def mark_persons(session: Session, rows: Collection[int]) -> None:
    """Note for every pair among `rows` whether merges make it one person now."""
    ends = persons_of(session, rows)
    for pair in session.execute(select(PatientPair).where(*_among(rows))).scalars():
        pair.is_one_person = ends[pair.first_id] == ends[pair.second_id]


def _not_told_apart(session: Session, pairs: Sequence[PatientPair]) -> list[PatientPair]:
    ends = persons_of(session, {one for pair in pairs for one in (pair.first_id, pair.second_id)})
    decided = select(PatientPair).where(PatientPair.state == PairState.DIFFERENT, *_among(ends))
    apart = {_persons(pair, ends) for pair in session.execute(decided).scalars()}
    return [pair for pair in pairs if _persons(pair, ends) not in apart]


def _persons(pair: PatientPair, ends: dict[int, int]) -> frozenset[int]:
    return frozenset((ends[pair.first_id], ends[pair.second_id]))


def _among(rows: Collection[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PatientPair.first_id.in_(rows), PatientPair.second_id.in_(rows)


def _cursor(pair: PatientPair) -> str:
    return f"{pair.state}:{pair.score}:{pair.id}"


def _parsed(cursor: str) -> tuple[str, int, int]:
    parts = cursor.split(":")
    if len(parts) != _PARTS or parts[0] not in _TO_DECIDE or not all(part.isdigit() for part in parts[1:]):
        raise Invalid("The cursor is not one of this list.")
    return parts[0], int(parts[1]), int(parts[2])
