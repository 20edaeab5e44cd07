"""The readers as a choice sees them: who is on duty, what each has in hand and has done, and what he may read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from reading_queue.assignment.cases import Reader, Work
from reading_queue.assignment.rules import AssignmentRules
from reading_queue.rosters.duties import LAPSED_AFTER
from reading_queue.rosters.qualifications import local_day
from reading_queue.rulebook import Edition
from storage.db.queries import at_work as rows
from storage.db.queries.rosters import has_roster
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority, Role, TaskState
from storage.domain.rosters import Licence, modalities_named

_LEAST_MINUTES = 1.0
"""What a case in hand takes at least, however long it has been there."""


class Crowd:
    """The readers as they were a moment ago, for a process that is asked often: with many of them, most of an ask is this.

    `edition` is that of the rules that was in force when somebody asked last; who asks next finds out whether it still is.
    """

    def __init__(self, fresh: timedelta = timedelta(seconds=2)) -> None:
        self._fresh = fresh
        self._known: tuple[datetime, AssignmentRules, dict[int, Reader]] | None = None
        self.edition: Edition[AssignmentRules] | None = None

    def readers(self, work: UnitOfWork, rules: AssignmentRules, day: date) -> dict[int, Reader]:
        """As the function of this name, up to `fresh` ago and under the same rules."""
        known = self._known
        if known is None or abs(work.now - known[0]) > self._fresh or known[1] is not rules:
            known = self._known = (work.now, rules, readers(work, rules, day))
        return known[2]


_CROWDS: WeakKeyDictionary[Engine | Connection, Crowd] = WeakKeyDictionary()


def crowd_of(work: UnitOfWork) -> Crowd:
    """The readers of this county as this process knows them."""
    return _CROWDS.setdefault(work.session.get_bind(), Crowd())


@dataclass(frozen=True)
class Found:
    """What the database has of some readers, each part as the function of its name in `storage.db.queries.at_work` gives it."""

    people: Sequence[Sequence[Any]]
    in_hand: Sequence[Sequence[Any]]
    duties: Sequence[Sequence[Any]]
    licences: Sequence[Sequence[Any]]
    has_roster: bool


def readers(work: UnitOfWork, rules: AssignmentRules, day: date) -> dict[int, Reader]:
    """Every active reader by his identity, with his work of `day`; without a roster all are on duty."""
    duties = rows.duties(work, work.now)
    found = Found(
        people=rows.people(work, day),
        in_hand=rows.in_hand(work),
        duties=duties,
        licences=rows.licences(work, local_day(work, work.now)),
        has_roster=bool(duties) or has_roster(work, work.now, LAPSED_AFTER),
    )
    return readers_in(found, rules, work.now)


def readers_in(found: Found, rules: AssignmentRules, now: datetime) -> dict[int, Reader]:
    """The same from rows that have been read."""
    shifts, loads, licences = _shifts(found), _loads(found, rules, now), _licences(found)
    nobody: Mapping[str, Any] = {"on_duty": not found.has_roster}
    known = {}
    for user_id, role, modalities, read, audit, carried_rvu, seen_at, patient, taken_at in found.people:
        in_hand, minutes = loads.get(user_id, (0, 0.0))
        known[user_id] = Reader(
            id=user_id,
            audits=role == Role.AUDITOR,
            modalities=None if modalities is None else _named(tuple(modalities)),
            licences=licences.get(user_id),
            present=in_hand > 0 or is_lately(seen_at, now, rules.figures["present_minutes"]),
            in_hand=in_hand,
            minutes_in_hand=minutes,
            read_rvu=read or 0.0,
            audit_rvu=audit or 0.0,
            carried_rvu=carried_rvu or 0.0,
            last_patient=patient if is_lately(taken_at, now, rules.figures["same_patient_minutes"]) else None,
            **shifts.get(user_id, nobody),
        )
    return known


def is_lately(moment: datetime | None, now: datetime, minutes: float) -> bool:
    """Whether `moment` lies no more than `minutes` before `now`."""
    return moment is not None and now - moment <= timedelta(minutes=minutes)


def _shifts(found: Found) -> dict[int, dict[str, Any]]:
    """What each reader at a desk is there for, several shifts together."""
    shifts: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for user_id, *shift in found.duties:
        shifts[user_id].append(shift)
    return {user_id: _together(several) for user_id, several in shifts.items()}


def _together(shifts: Sequence[Sequence[Any]]) -> dict[str, Any]:
    of_modalities, of_priorities, of_subspecialties, shares = zip(*shifts, strict=True)
    modalities, priorities = _union(of_modalities), _union(of_priorities)
    return {
        "on_duty": True,
        "shift_modalities": None if modalities is None else _named(tuple(sorted(modalities))),
        "shift_priorities": None if priorities is None else frozenset(Priority(one) for one in priorities),
        "subspecialties": frozenset(name for names in of_subspecialties for name in names),
        "share": max(shares),
    }


def _union(parts: Iterable[list[str] | None]) -> set[str] | None:
    together: set[str] = set()
    for part in parts:
        if part is None:
            return None
        together.update(part)
    return together


def _loads(found: Found, rules: AssignmentRules, now: datetime) -> dict[int, tuple[int, float]]:
    loads: dict[int, tuple[int, float]] = {}
    for user_id, state, modality, since, body_part in found.in_hand:
        kind = Work.AUDIT if state == TaskState.AUDITING else Work.READ
        left = rules.effort_of(modality, body_part, kind).minutes - (now - since).total_seconds() / 60
        number, minutes = loads.get(user_id, (0, 0.0))
        loads[user_id] = number + 1, minutes + max(_LEAST_MINUTES, left)
    return loads


def _licences(found: Found) -> dict[int, tuple[Licence, ...]]:
    """The licences that hold today, of everybody who has or had any: nothing is left of those that have all ended."""
    known: dict[int, tuple[Licence, ...]] = {}
    for user_id, *fields, holds in found.licences:
        known[user_id] = (*known.get(user_id, ()), *((_licence(*fields),) if holds else ()))
    return known


@lru_cache(maxsize=1024)
def _licence(modality: str, subspecialty: str, may_audit: bool, valid_from: date, valid_until: date | None) -> Licence:  # noqa: FBT001 - a row's fields
    return Licence(modality, subspecialty, may_audit, valid_from, valid_until)


@lru_cache(maxsize=256)
def _named(words: tuple[str, ...]) -> frozenset[str]:
    return modalities_named(words) or frozenset()
