"""How busy the centre is, hour of the day by hour of the day."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

_HOURS = 24


@dataclass(slots=True)
class Hour:
    """One hour of the day over the whole month: counts, and sums over its seconds."""

    seconds: float = 0.0
    arrived: int = 0
    ended: int = 0
    waiting: float = 0.0
    at_desk: float = 0.0
    busy: float = 0.0


@dataclass(slots=True)
class Load:
    """Added up as the engine goes; `note` must be called at least once an hour of simulated time."""

    zone: tzinfo
    hours: list[Hour] = field(default_factory=lambda: [Hour() for _ in range(_HOURS)])
    _since: datetime | None = None
    _now: tuple[int, int, int] = (0, 0, 0)

    def note(self, moment: datetime, waiting: int, at_desk: int, busy: int) -> None:
        """What is true from this moment on."""
        if self._since is not None:
            span = (moment - self._since).total_seconds()
            hour = self.hours[self._since.astimezone(self.zone).hour]
            hour.seconds += span
            hour.waiting += span * self._now[0]
            hour.at_desk += span * self._now[1]
            hour.busy += span * self._now[2]
        self._since, self._now = moment, (waiting, at_desk, busy)

    def arrived(self, moment: datetime) -> None:
        """A study became ready."""
        self.hours[moment.astimezone(self.zone).hour].arrived += 1

    def ended(self, moment: datetime) -> None:
        """A study was signed, or given up."""
        self.hours[moment.astimezone(self.zone).hour].ended += 1
