"""What the choice of the next case must know of the reader who asks, as it is at this moment, in one statement.

An ask is made of few statements, since each costs more than what it reads. This one puts together what
`storage.db.queries.at_work` asks of everybody one by one; `part` says which of its questions a row answers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Double,
    Select,
    String,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from storage.db.models.base import UtcDateTime
from storage.db.queries import at_work
from storage.db.queries.rulebook import VERSION_IN_FORCE
from storage.db.session import UnitOfWork


class Part(IntEnum):
    """Which rows belong together: those that the function of this name in `storage.db.queries.at_work` gives."""

    RULES = 0
    PEOPLE = 1
    IN_HAND = 2
    DUTIES = 3
    LICENCES = 4
    GIVEN_BACK = 5


_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "number": BigInteger(),
    "other": BigInteger(),
    "word": String(),
    "more": String(),
    "most": String(),
    "list": JSON(),
    "classes": JSON(),
    "fields": JSON(),
    "weight": Double(),
    "audits": Double(),
    "carried": Double(),
    "at": UtcDateTime(),
    "then": UtcDateTime(),
    "first": Date(),
    "last": Date(),
    "flag": Boolean(),
    "holds": Boolean(),
}
_IN: Mapping[Part, tuple[str, ...]] = {
    Part.RULES: ("number", "flag"),
    Part.PEOPLE: ("number", "word", "list", "weight", "audits", "carried", "at", "other", "then"),
    Part.IN_HAND: ("number", "word", "more", "at", "most"),
    Part.DUTIES: ("number", "list", "classes", "fields", "weight"),
    Part.LICENCES: ("number", "word", "more", "flag", "first", "last", "holds"),
    Part.GIVEN_BACK: ("number",),
}
"""Which column holds what, in the order in which the question has it."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Asked:
    """Of whom, and by which rules: `kind` is their chapter, `day` the day of work, `licensed_on` the local day.

    What was given back after `since` counts, and a roster whose last shift ended after `lapsed`.
    """

    me: int
    kind: str
    day: date
    licensed_on: date
    since: datetime
    lapsed: datetime


@dataclass(frozen=True)
class Asker:
    """What there is: the number of the rules in force (0 for the shipped ones), whether there is a roster, and the rows."""

    edition: int
    has_roster: bool
    rows: Mapping[Part, Sequence[Row]]


def asker(work: UnitOfWork, asked: Asked) -> Asker:
    """What there is about him now."""
    found: dict[Part, list[Row]] = defaultdict(list)
    for row in work.session.execute(_statement(), {**vars(asked), "now": work.now}):
        part = Part(row[0])
        found[part].append(tuple(row[place] for place in _PLACES[part]))
    [(edition, has_roster)] = found.pop(Part.RULES)
    return Asker(edition or 0, has_roster, found)


_PLACES = {part: [list(_COLUMNS).index(name) + 1 for name in names] for part, names in _IN.items()}


@lru_cache
def _statement() -> Select[*tuple[Any, ...]]:
    rules = select(VERSION_IN_FORCE.scalar_subquery().label("edition"), at_work.has_roster_query().label("roster"))
    questions = {
        Part.RULES: rules,
        Part.PEOPLE: at_work.people_query(of_one=True),
        Part.IN_HAND: at_work.in_hand_query(of_one=True),
        Part.DUTIES: at_work.duties_query(of_one=True),
        Part.LICENCES: at_work.licences_query(of_one=True),
        Part.GIVEN_BACK: at_work.given_back_query(),
    }
    together = union_all(*(select(*_padded(part, query)) for part, query in questions.items())).subquery()
    return select(together)


def _padded(part: Part, query: Select[*tuple[Any, ...]]) -> Iterator[ColumnElement[Any]]:
    """The columns of all parts, those that this one has not empty."""
    inner = query.subquery()
    told = dict(zip(_IN[part], inner.c, strict=True))
    yield literal_column(str(int(part)), BigInteger()).label("part")
    for name, kind in _COLUMNS.items():
        yield told[name].label(name) if name in told else cast(null(), kind).label(name)
