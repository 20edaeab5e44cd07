"""Working time: how long the centre has been at work between two moments, and when an amount of work will be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NO_TIME = timedelta()


@dataclass(frozen=True)
class WorkingCalendar:
    """When the centre works. `weekdays` counts Monday as 0; `workdays` are worked although they are weekends or holidays.

    `hours` are spans of local time within one day, in order and apart. All datetimes are aware, results are in UTC.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def __post_init__(self) -> None:
        if not self.weekdays or not any(closes > opens for opens, closes in self.hours):
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
                spans = ((self._at(day, opens), self._at(day, closes)) for opens, closes in self.hours)
                yield from (span for span in spans if span[1] > moment)
            day += timedelta(days=1)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone).astimezone(UTC)
