"""The only place that reads the wall clock, so that every rule about time can be tested."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time: `now` is an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class ManualClock:
    """A clock that stands still until it is moved; for tests and simulations."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        """Move forward by the keyword arguments of `timedelta`."""
        self.at += timedelta(**delta)


def monotonic() -> float:
    """Seconds on a clock that never jumps, for measuring how long something took."""
    return time.monotonic()


def nanoseconds() -> int:
    """Nanoseconds since 1970, for names that sort by time; not for rules, which take a `Clock`."""
    return time.time_ns()
