"""What measuring a long record gives beside what every record gives: beats as columns, trends, gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.results import BeatClass, EcgMeasurements, Span

CLASSES = tuple(BeatClass)
"""A beat's class as a number is its place here; kept in stored columns, so new ones go to the end."""


class Source(Protocol):
    """A record that is read a stretch at a time."""

    @property
    def leads(self) -> Sequence[str]: ...
    @property
    def hz(self) -> float: ...
    @property
    def samples(self) -> int: ...

    def cut(self, first: int, last: int) -> NDArray[Any]:
        """(leads, last - first) in microvolts, NaN where nothing was recorded."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class InMemory:
    """A record that is there as an array, (leads, samples)."""

    leads: tuple[str, ...]
    hz: float
    signal: NDArray[Any]

    @property
    def samples(self) -> int:
        return int(self.signal.shape[1])

    def cut(self, first: int, last: int) -> NDArray[Any]:
        return self.signal[:, first:last]


@dataclass(frozen=True, slots=True, eq=False)
class BeatColumns:
    """All beats in order of time. `rr_s` is NaN for the first and after a gap; `kind` numbers `CLASSES`; `template` numbers
    the shapes, -1 a shape of its own.
    """

    at_s: NDArray[np.float64]
    rr_s: NDArray[np.float64]
    kind: NDArray[np.uint8]
    template: NDArray[np.int8]
    early: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at_s)

    def of(self, kind: BeatClass) -> NDArray[np.bool_]:
        return np.asarray(self.kind == CLASSES.index(kind))


NO_BEATS = BeatColumns(np.empty(0), np.empty(0), np.empty(0, np.uint8), np.empty(0, np.int8), np.empty(0, np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class StTrend:
    """(leads, minutes) in µV at J+60 ms against the level before the QRS, from the median beat of each minute; NaN where
    there were too few beats.
    """

    leads: tuple[str, ...]
    microvolts: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LongRecord:
    """`gaps` are stretches without a signal, `irregular` those in which beats come at random."""

    measurements: EcgMeasurements
    beats: BeatColumns = NO_BEATS
    st: StTrend | None = None
    gaps: tuple[Span, ...] = ()
    irregular: tuple[Span, ...] = ()
