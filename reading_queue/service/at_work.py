"""The readers as a choice sees them: who is on duty, what each has in hand and has done, and what he may read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from reading_queue.assignment.cases import Reader, Work
from reading_queue.assignment.rules import AssignmentRules
from reading_queue.rosters.duties import LAPSED_AFTER
from reading_queue.rosters.qualifications import local_day
from reading_queue.service.actors import Actor
from reading_queue.service.guards import readable_modalities
from reading_queue.service.tally import carried
from storage.db.queries import assignment as rows
from storage.db.queries.assignment import AnyRow
from storage.db.queries.rosters import has_roster
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority, Role, TaskState
from storage.domain.rosters import Licence, modalities_named

_LEAST_MINUTES = 1.0
"""What a case in hand takes at least, however long it has been there."""


class Crowd:
    """The readers as they were a moment ago, for a process that is asked often: with many of them, most of an ask is this."""

    def __init__(self, fresh: timedelta = timedelta(seconds=2)) -> None:
        self._fresh = fresh
        self._known: tuple[datetime, AssignmentRules, dict[int, Reader]] | None = None

    def readers(self, work: UnitOfWork, rules: AssignmentRules, day: date) -> dict[int, Reader]:
        """As the function of this name, up to `fresh` ago and under the same rules."""
        known = self._known
        if known is None or abs(work.now - known[0]) > self._fresh or known[1] != rules:
            known = self._known = (work.now, rules, readers(work, rules, day))
        return known[2]


_CROWDS: WeakKeyDictionary[Engine | Connection, Crowd] = WeakKeyDictionary()


def crowd_of(work: UnitOfWork) -> Crowd:
    """The readers of this county as this process knows them."""
    return _CROWDS.setdefault(work.session.get_bind(), Crowd())


def readers(work: UnitOfWork, rules: AssignmentRules, day: date, only: int | None = None) -> dict[int, Reader]:
    """Every active reader by his identity, or `only` one, with his work of `day`; without a roster all are on duty."""
    shifts, loads, licences = _shifts(work), _loads(work, rules, only), _licences(work)
    everybody: Mapping[str, Any] = {}
    nobody: Mapping[str, Any] = {"on_duty": False}
    found = {}
    for user_id, role, modalities, read, audit, carried_rvu, seen_at, patient, taken_at in rows.people(work, day, only):
        in_hand, minutes = loads.get(user_id, (0, 0.0))
        found[user_id] = Reader(
            id=user_id,
            audits=role == Role.AUDITOR,
            modalities=None if modalities is None else _named(tuple(modalities)),
            licences=licences.get(user_id),
            present=in_hand > 0 or is_lately(seen_at, work.now, rules.figures["present_minutes"]),
            in_hand=in_hand,
            minutes_in_hand=minutes,
            read_rvu=read or 0.0,
            audit_rvu=audit or 0.0,
            carried_rvu=carried_rvu or 0.0,
            last_patient=patient if is_lately(taken_at, work.now, rules.figures["same_patient_minutes"]) else None,
            **(everybody if shifts is None else shifts.get(user_id, nobody)),
        )
    return found


def asker(work: UnitOfWork, rules: AssignmentRules, actor: Actor, known: Reader, day: date) -> Reader:
    """The reader who asks, with what only he needs: what he gave back lately, and at the first ask of a day what he owes."""
    named = readable_modalities(actor)
    since = work.now - timedelta(minutes=rules.figures["given_back_minutes"])
    return replace(
        known,
        audits=actor.role == Role.AUDITOR,
        modalities=None if named is None else frozenset(named),
        licences=actor.licences,
        present=True,
        carried_rvu=known.carried_rvu if known.present else carried(work, known.id, day, rules),
        given_back=rows.given_back(work, known.id, since),
    )


def is_lately(moment: datetime | None, now: datetime, minutes: float) -> bool:
    """Whether `moment` lies no more than `minutes` before `now`."""
    return moment is not None and now - moment <= timedelta(minutes=minutes)


def _shifts(work: UnitOfWork) -> dict[int, dict[str, Any]] | None:
    """What each reader at a desk is there for, several shifts together; None where the county keeps no roster."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows.duties(work, work.now):
        found[row.user_id].append(row)
    if not found and not has_roster(work, work.now, LAPSED_AFTER):
        return None
    return {user_id: _together(shifts) for user_id, shifts in found.items()}


def _together(shifts: list[AnyRow]) -> dict[str, Any]:
    modalities = _union(shift.modalities for shift in shifts)
    priorities = _union(shift.priorities for shift in shifts)
    return {
        "on_duty": True,
        "shift_modalities": None if modalities is None else _named(tuple(sorted(modalities))),
        "shift_priorities": None if priorities is None else frozenset(Priority(one) for one in priorities),
        "subspecialties": frozenset(name for shift in shifts for name in shift.subspecialties),
        "share": max(shift.rvu_share for shift in shifts),
    }


def _union(parts: Iterable[list[str] | None]) -> set[str] | None:
    together: set[str] = set()
    for part in parts:
        if part is None:
            return None
        together.update(part)
    return together


def _loads(work: UnitOfWork, rules: AssignmentRules, only: int | None) -> dict[int, tuple[int, float]]:
    loads: dict[int, tuple[int, float]] = {}
    for user_id, state, modality, since, body_part in rows.in_hand(work, only):
        kind = Work.AUDIT if state == TaskState.AUDITING else Work.READ
        left = rules.effort_of(modality, body_part, kind).minutes - (work.now - since).total_seconds() / 60
        number, minutes = loads.get(user_id, (0, 0.0))
        loads[user_id] = number + 1, minutes + max(_LEAST_MINUTES, left)
    return loads


def _licences(work: UnitOfWork) -> dict[int, tuple[Licence, ...]]:
    """The licences that hold today, of everybody who has or had any: nothing is left of those that have all ended."""
    found: dict[int, tuple[Licence, ...]] = {}
    for user_id, *fields, holds in rows.licences(work, local_day(work, work.now)):
        found[user_id] = (*found.get(user_id, ()), *((_licence(*fields),) if holds else ()))
    return found


@lru_cache(maxsize=1024)
def _licence(modality: str, subspecialty: str, may_audit: bool, valid_from: date, valid_until: date | None) -> Licence:  # noqa: FBT001 - a row's fields
    return Licence(modality, subspecialty, may_audit, valid_from, valid_until)


@lru_cache(maxsize=256)
def _named(words: tuple[str, ...]) -> frozenset[str]:
    return modalities_named(words) or frozenset()
