"""What a resource type is made of: its rows, its search parameters, and how rows become resources."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from storage.db.models import Institution
from storage.db.session import Scope, UnitOfWork
from storage.domain.errors import BadRequest
from viewer_api.fhir.parameters import Column, Span, Token, reference_key
from viewer_api.fhir.terms import Resource


class ParamType(StrEnum):
    """How the values of a search parameter are read (FHIR R4 value set search-param-type)."""

    TOKEN = "token"  # noqa: S105 - a word of the standard
    STRING = "string"
    DATE = "date"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Found:
    """A row that was found, and when it last changed."""

    row: Any
    updated: datetime | None


@dataclass
class Context:
    """What rendering needs beside the rows. `base` is the address of `/fhir`, without a slash at its end."""

    work: UnitOfWork
    base: str
    zone: tzinfo
    _institutions: dict[int, Institution] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        found: Scope = self.work.session.info["scope"]
        return found

    @property
    def root(self) -> str:
        """The address of the whole interface."""
        return self.base.removesuffix("/fhir")

    def institution(self, key: int) -> Institution:
        if not self._institutions:
            rows = self.work.session.execute(select(Institution)).scalars()
            self._institutions = {row.id: row for row in rows}
        return self._institutions[key]


Condition = ColumnElement[bool]
Matches = Callable[[str, str, tzinfo], Condition]
"""From a value, a modifier and the zone of dates to a condition. Raises `BadRequest`."""


@dataclass(frozen=True)
class Param:
    """A search parameter. References have a `target`; `links` gives pairs of row and target, where no column does."""

    name: str
    type: ParamType
    about: str
    matches: Matches
    modifiers: tuple[str, ...] = ()
    target: str = ""
    column: Column | None = None
    links: Callable[[], Select[Any, Any]] | None = None
    standard: bool = True


@dataclass(frozen=True)
class Kind:
    """A resource type. `key` is what its ids are made of; `updated` is when a row last changed, where that is known."""

    name: str
    about: str
    query: Callable[[], Select[Any]]
    key: Column
    render: Callable[[Context, Sequence[Found]], list[Resource]]
    params: tuple[Param, ...]
    updated: Column | None = None
    sorts: Mapping[str, Column] = field(default_factory=dict)
    visible: Callable[[Scope], Condition | None] = lambda _scope: None
    subject: str = ""
    """What the audit trail calls one of these; empty for what tells of no patient."""
    audited_as: str = ""

    def param(self, name: str) -> Param | None:
        return next((one for one in self.params if one.name == name), None)


def token(name: str, about: str, matches: Callable[[Token], Condition]) -> Param:
    """A parameter of codes or identifiers; `:not` turns it round."""

    def read(value: str, modifier: str, _zone: tzinfo) -> Condition:
        found = matches(Token.read(value))
        return ~func.coalesce(found, false()) if modifier == "not" else found

    return Param(name, ParamType.TOKEN, about, read, ("not",))


def coded(name: str, about: str, column: Column, codes: Mapping[str, Collection[str]]) -> Param:
    """A token parameter whose codes stand for values of a column."""
    return token(name, about, lambda wanted: column.in_(sorted(codes.get(wanted.code, ()))))


def moment(name: str, about: str, column: Column) -> Param:
    return Param(name, ParamType.DATE, about, lambda value, _, zone: Span.read(value, zone).holds(column))


def day(name: str, about: str, column: Column) -> Param:
    """A date parameter over days kept as text."""
    digits = func.replace(column, "-", "")
    return Param(name, ParamType.DATE, about, lambda value, _, zone: Span.read(value, zone).holds_day(digits))


def words(name: str, about: str, matches: Callable[[str, str], Condition]) -> Param:
    """A string parameter: `matches` takes the value and `exact`, `contains` or nothing."""
    return Param(
        name, ParamType.STRING, about, lambda value, modifier, _: matches(value, modifier), ("exact", "contains")
    )


def text_fits(column: Column, value: str, modifier: str) -> Condition:
    """As FHIR compares strings: from the beginning, whatever the case (R4 3.1.1.5.5)."""
    if modifier == "exact":
        return column == value
    if modifier == "contains":
        return column.icontains(value, autoescape=True)
    return column.istartswith(value, autoescape=True)


def points(name: str, about: str, target: str, column: Column, *, standard: bool = True) -> Param:
    """A reference parameter over a column with keys of `target`."""

    def read(value: str, modifier: str, _zone: tzinfo) -> Condition:
        key = _key(value, modifier, target)
        return false() if key is None else column == key

    return Param(name, ParamType.REFERENCE, about, read, (target,), target, column, standard=standard)


def linked(name: str, about: str, target: str, key: Column, links: Callable[[], Select[Any, Any]]) -> Param:
    """A reference parameter over pairs of a row's key and the target's."""

    def read(value: str, modifier: str, _zone: tzinfo) -> Condition:
        wanted = _key(value, modifier, target)
        if wanted is None:
            return false()
        pairs = links().subquery()
        return key.in_(select(pairs.c[0]).where(pairs.c[1] == wanted))

    return Param(name, ParamType.REFERENCE, about, read, (target,), target, None, links)


def referring(name: str, about: str, target: str, matches: Callable[[str], Condition]) -> Param:
    """A reference parameter that no column or table of pairs holds."""
    return Param(name, ParamType.REFERENCE, about, lambda value, _modifier, _zone: matches(value), (), target)


def _key(value: str, modifier: str, target: str) -> int | None:
    if modifier and "/" in value:
        raise BadRequest(f"With :{modifier} the value is an id alone.")
    return reference_key(value, target)


def either(conditions: Sequence[Condition]) -> Condition:
    return or_(*conditions) if conditions else false()
