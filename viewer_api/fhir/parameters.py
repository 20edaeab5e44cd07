"""Values of search parameters as people write them (FHIR R4 3.1.1.5)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from storage.domain.errors import BadRequest

Column = ColumnElement[Any] | InstrumentedAttribute[Any]
"""A column, or what is worked out of columns."""

_PREFIX = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d.*)")
_MOMENT = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(T(?P<hour>\d\d):(?P<minute>\d\d)"
    r"(:(?P<second>\d\d)(?P<fraction>\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)


@dataclass(frozen=True)
class Token:
    """`system|code`: None for a system that was not named, empty for "no system"."""

    system: str | None
    code: str

    @classmethod
    def read(cls, text: str) -> "Token":
        system, bar, code = text.rpartition("|")
        return cls(system if bar else None, code)

    def is_of(self, system: str) -> bool:
        """Whether it may be a code of this system."""
        return self.system in (None, system)


@dataclass(frozen=True)
class Span:
    """From `start` to just before `end`, and how a value has to lie to it."""

    prefix: str
    start: datetime
    end: datetime

    @classmethod
    def read(cls, text: str, zone: tzinfo) -> "Span":
        """Raises `BadRequest`. A time without zone is the county's; a query string turns `+` into a space."""
        found = _PREFIX.fullmatch(text.strip().replace(" ", "+"))
        moment = _MOMENT.fullmatch(found[2]) if found else None
        if found is None or moment is None:
            raise BadRequest(
                "A date is YYYY, YYYY-MM, YYYY-MM-DD or a time with its zone, after eq, ne, lt, gt, ge or le."
            )
        if not _FIRST_YEAR <= int(moment["year"]) <= _LAST_YEAR:
            raise BadRequest("There is no such date.")
        try:
            start, end = _span(moment, zone)
        except (ValueError, OverflowError):
            raise BadRequest("There is no such date.") from None
        return cls(found[1] or "eq", start, end)

    def holds(self, column: Column) -> ColumnElement[bool]:
        """The condition on a column of moments."""
        match self.prefix:
            case "ne":
                return or_(column < self.start, column >= self.end)
            case "gt" | "sa":
                return column >= self.end
            case "lt" | "eb":
                return column < self.start
            case "ge":
                return column >= self.start
            case "le":
                return column < self.end
            case _:
                return and_(column >= self.start, column < self.end)

    def holds_day(self, digits: Column) -> ColumnElement[bool]:
        """The same on a column of days written YYYYMMDD; one that is empty never fits."""
        start, end = self.start.strftime("%Y%m%d"), self.end.strftime("%Y%m%d")
        match self.prefix:
            case "ne":
                fits = or_(digits < start, digits >= end)
            case "gt" | "sa":
                fits = digits >= end
            case "lt" | "eb":
                fits = digits < start
            case "ge":
                fits = digits >= start
            case "le":
                fits = digits < end
            case _:
                fits = and_(digits >= start, digits < end)
        return and_(digits != "", fits)


def _span(found: re.Match[str], zone: tzinfo) -> tuple[datetime, datetime]:
    part = found.groupdict()
    if part["hour"] is not None:
        start = datetime.fromisoformat(found.string[found.start() : found.end()])
        start = start if start.tzinfo else start.replace(tzinfo=zone)
        long = timedelta(microseconds=1000) if part["fraction"] else timedelta(seconds=1)
        return start, start + (long if part["second"] else timedelta(minutes=1))
    year, month, day = int(part["year"]), int(part["month"] or 1), int(part["day"] or 1)
    start = datetime(year, month, day, tzinfo=zone)
    if part["day"]:
        return start, start + timedelta(days=1)
    if part["month"]:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return start, datetime(year + 1, 1, 1, tzinfo=zone)


def reference_key(text: str, target: str) -> int | None:
    """The row that `17`, `Patient/17` or an address of ours that ends so names; None when it names no such thing."""
    kind, _, key = text.rstrip("/").rpartition("/")
    if kind and kind.rpartition("/")[2] != target:
        return None
    return row_key(key)


def row_key(text: str) -> int | None:
    """A row's number, None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


_MOST_DIGITS = 18
_FIRST_YEAR, _LAST_YEAR = 1800, 2999
