"""How much of the line the station may use: by the time of day, shared by all that sends."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.domain.clock import monotonic
from storage.domain.errors import ConfigurationError

_HOURS = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)=(\d+)")
_BITS = 8


@dataclass(frozen=True)
class Hours:
    """Another limit between two times of day; over midnight when `start` is the later one."""

    start: dt.time
    stop: dt.time
    kilobits: int

    def __contains__(self, now: dt.time) -> bool:
        if self.start <= self.stop:
            return self.start <= now < self.stop
        return now >= self.start or now < self.stop


@dataclass(frozen=True)
class Limit:
    """In kbit/s; 0 is no limit. The first of `hours` that fits counts before `kilobits`."""

    kilobits: int = 0
    hours: Sequence[Hours] = ()

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `800` or `800, 22:00-06:00=0`. Raises `ConfigurationError`."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        try:
            kilobits = int(parts.pop(0)) if parts and parts[0].isdigit() else 0
            return cls(kilobits, tuple(map(_hours, parts)))
        except ValueError as error:
            message = (
                f"COUNTYREAD_EDGE_LIMIT is {text!r}; it must be kbit/s, for example 800, "
                "or 800, 22:00-06:00=0 for no limit at night."
            )
            raise ConfigurationError(message) from error

    def bytes_per_second(self, now: dt.datetime) -> float:
        """What counts at `now`, in the county's time; 0 is no limit."""
        here = next((hours.kilobits for hours in self.hours if now.time() in hours), self.kilobits)
        return here * 1000 / _BITS


def _hours(text: str) -> Hours:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    numbers = [int(number) for number in found.groups()]
    return Hours(dt.time(numbers[0], numbers[1]), dt.time(numbers[2], numbers[3]), numbers[4])


class Throttle:
    """Lets bytes pass no faster than `rate` says, in bytes a second. Thread-safe; `stopping` ends all waiting."""

    def __init__(self, rate: Callable[[], float], stopping: threading.Event) -> None:
        self._rate = rate
        self._stopping = stopping
        self._guard = threading.Lock()
        self._free_at = 0.0

    def wait(self, count: int) -> None:
        """Return when `count` more bytes may go."""
        rate = self._rate()
        if rate <= 0:
            return
        with self._guard:
            start = max(self._free_at, monotonic())
            self._free_at = start + count / rate
        left = start - monotonic()
        if left > 0:
            self._stopping.wait(left)
