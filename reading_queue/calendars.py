"""Working time: how long the centre has been at work between two moments, and when an amount of work will be done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, model_validator

from reading_queue.rule_shapes import Shape, read_shape

_NO_TIME = timedelta()
_MIDNIGHT = time()


@dataclass(frozen=True)
class WorkingCalendar:
    """When the centre works. `weekdays` counts Monday as 0; `workdays` are worked although they are weekends or holidays.

    `hours` are spans of local time within one day, in order and apart; one that closes at 00:00 lasts to the end of the day.
    All datetimes are aware, results are in UTC.
    """

    zone: tzinfo
    weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def __post_init__(self) -> None:
        if not self.weekdays or not any(_is_span(opens, closes) for opens, closes in self.hours):
            raise ValueError("A working calendar needs at least one weekday and one span of hours.")

    def is_workday(self, day: date) -> bool:
        """Whether the centre works on `day`."""
        return day in self.workdays or (day.weekday() in self.weekdays and day not in self.holidays)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when `amount` of working time after `start` is over. Nothing to work is over at once."""
        start, left = start.astimezone(UTC), amount
        if left <= _NO_TIME:
            return start
        for opens, closes in self._spans_from(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        raise AssertionError  # the spans never end

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two moments; none when `end` is not after `start`."""
        total = _NO_TIME
        for opens, closes in self._spans_from(start):
            if opens >= end:
                return total
            total += min(closes, end) - max(opens, start)
        raise AssertionError  # the spans never end

    def _spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """All working spans that end after `moment`, in order."""
        day = moment.astimezone(self.zone).date()
        while True:
            if self.is_workday(day):
                spans = ((self._at(day, opens), self._end(day, closes)) for opens, closes in self.hours)
                yield from (span for span in spans if span[1] > moment)
            day += timedelta(days=1)

    def _end(self, day: date, closes: time) -> datetime:
        return self._at(day + timedelta(days=closes == _MIDNIGHT), closes)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone).astimezone(UTC)


def _is_span(opens: time, closes: time) -> bool:
    return closes > opens or closes == _MIDNIGHT


Span = tuple[time, time]


class Week(Shape):
    """On which days of the week a centre works, Monday is 1, and when."""

    weekdays: Annotated[frozenset[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1)]
    hours: Annotated[tuple[Span, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not all(_is_span(opens, closes) for opens, closes in self.hours):
            raise ValueError("a span of hours ends before it begins; one over midnight is written as two, up to 00:00")
        if any(_MIDNIGHT in (earlier[1], later[0]) or later[0] < earlier[1] for earlier, later in pairwise(self.hours)):
            raise ValueError("the hours overlap or are not in order")
        return self


class Holiday(Shape):
    """Days off, both inclusive."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    name: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.first <= self.last <= self.first + _LONGEST_HOLIDAY:
            raise ValueError("a holiday ends on or after its first day, and lasts a month at most")
        return self

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class CalendarRules(Week):
    """An edition of the calendar. `centres` has the hours of those that differ, by code.

    `arranged_until` is the last day for which holidays and make-up workdays are known.
    """

    arranged_until: date
    holidays: tuple[Holiday, ...]
    workdays: frozenset[date]
    centres: Mapping[str, Week] = Field(default_factory=dict)
    _made: dict[tuple[str, str], WorkingCalendar] = PrivateAttr(default_factory=dict)

    def working(self, zone: tzinfo, centre: str = "") -> WorkingCalendar:
        """The calendar of a centre; of one that is not named here, the county's."""
        key = (str(zone), centre)
        if key not in self._made:
            self._made[key] = self._make(zone, self.centres.get(centre, self))
        return self._made[key]

    def _make(self, zone: tzinfo, week: Week) -> WorkingCalendar:
        return WorkingCalendar(
            zone=zone,
            weekdays=frozenset(day - 1 for day in week.weekdays),
            hours=week.hours,
            holidays=frozenset(day for holiday in self.holidays for day in holiday.days()),
            workdays=self.workdays,
        )

    def covers(self, day: date) -> bool:
        """Whether the holidays around `day` are known."""
        return day <= self.arranged_until


_LONGEST_HOLIDAY = timedelta(days=31)


def parse_calendar(content: Mapping[str, Any]) -> CalendarRules:
    """An edition as the county wrote it. Raises `InvalidField`."""
    return read_shape(CalendarRules, content)
