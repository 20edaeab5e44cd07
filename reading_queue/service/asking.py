"""The reader who asks for a case: who he is at this moment, and by which rules he is served."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from reading_queue import rulebook
from reading_queue.assignment.cases import Reader
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.assignment.rules import AssignmentRules
from reading_queue.rosters.duties import LAPSED_AFTER
from reading_queue.rosters.qualifications import local_day
from reading_queue.rulebook import Edition
from reading_queue.service import tally
from reading_queue.service.actors import Actor
from reading_queue.service.at_work import Crowd, Found, readers_in
from reading_queue.service.guards import readable_modalities
from storage.db.queries import asker as rows
from storage.db.queries.asker import Part
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden
from storage.domain.reading import Role

_CARRIED = 5


@dataclass(frozen=True)
class Asking:
    """Who asks, with the licences that he holds; on which day of work, and by which edition of the rules."""

    actor: Actor
    reader: Reader
    day: date
    edition: Edition[AssignmentRules]


def asking(work: UnitOfWork, actor: Actor, crowd: Crowd) -> Asking:
    """As it is now. Raises `Forbidden` for anybody but a reader."""
    edition = crowd.edition or rulebook.in_force(work, ASSIGNMENT)
    found = _look(work, actor, edition)
    while found.edition != edition.version:
        edition = rulebook.edition(work, ASSIGNMENT, found.edition)
        found = _look(work, actor, edition)
    crowd.edition = edition
    return _asking(work, actor, edition, found)


def _look(work: UnitOfWork, actor: Actor, edition: Edition[AssignmentRules]) -> rows.Asker:
    rules = edition.content
    asked = rows.Asked(
        me=actor.user_id or 0,
        kind=ASSIGNMENT.kind,
        day=tally.day_of_work(work, rules),
        licensed_on=local_day(work, work.now),
        since=work.now - timedelta(minutes=rules.figures["given_back_minutes"]),
        lapsed=work.now - LAPSED_AFTER,
    )
    return rows.asker(work, asked)


def _asking(work: UnitOfWork, actor: Actor, edition: Edition[AssignmentRules], found: rows.Asker) -> Asking:
    def of(part: Part) -> Sequence[tuple[Any, ...]]:
        return found.rows.get(part, ())

    people = of(Part.PEOPLE)
    if not people:
        raise Forbidden("Only a reader can take a task in hand.")
    rules, day = edition.content, tally.day_of_work(work, edition.content)
    mine = Found(people, of(Part.IN_HAND), of(Part.DUTIES), of(Part.LICENCES), found.has_roster)
    [known] = readers_in(mine, rules, work.now).values()
    licensed = replace(actor, licences=known.licences)
    named = readable_modalities(licensed)
    has_begun = people[0][_CARRIED] is not None
    reader = replace(
        known,
        audits=actor.role == Role.AUDITOR,
        modalities=None if named is None else frozenset(named),
        present=True,
        carried_rvu=known.carried_rvu if has_begun else tally.carried(work, known.id, day, rules),
        given_back=frozenset(number for (number,) in of(Part.GIVEN_BACK)),
    )
    return Asking(licensed, reader, day, edition)
