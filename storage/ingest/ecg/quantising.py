"""Microvolts as the integers that they were: the step of a cart's converter is found again, so that nothing is rounded."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_NANO = 1000.0
_EXACT = 1e-4
"""Of a step: farther from a whole number it is not the step."""

_MOST_LEVELS = 1 << 20


class Stored(NamedTuple):
    """`samples` x `step` + `baseline` are microvolts; the lowest integer stands for what was not recorded."""

    samples: NDArray[np.int64]
    step: float
    baseline: float


def stored_as(microvolts: NDArray[np.float64], *, wide: bool = False) -> Stored:
    """In 16 bits, or 32 where `wide`. Where no step is found, one is taken that loses less than any converter would."""
    largest = (1 << 31 if wide else 1 << 15) - 1
    there = np.isfinite(microvolts)
    values = microvolts[there]
    step, baseline = _step(values, largest) if values.size else (1.0, 0.0)
    samples = np.full(microvolts.shape, -largest - 1, dtype=np.int64)
    samples[there] = np.rint((values - baseline) / step).astype(np.int64)
    return Stored(samples, step, baseline)


def _step(values: NDArray[np.float64], largest: int) -> tuple[float, float]:
    return _whole_nanovolts(values, largest) or _levels(values, largest) or _finest(values, largest)


def _whole_nanovolts(values: NDArray[np.float64], largest: int) -> tuple[float, float] | None:
    """Most converters have a step of whole nanovolts, and a zero at zero."""
    nano = np.rint(values * _NANO)
    if np.abs(values * _NANO - nano).max() > _EXACT:
        return None
    step = float(np.gcd.reduce(np.abs(nano).astype(np.int64)) or _NANO)
    return (step / _NANO, 0.0) if np.abs(nano).max() / step <= largest else None


def _levels(values: NDArray[np.float64], largest: int) -> tuple[float, float] | None:
    """Any even spacing, with a zero anywhere."""
    levels = np.unique(values)
    if not 1 < len(levels) <= _MOST_LEVELS:
        return None
    spaces = np.diff(levels)
    step = float(spaces[spaces > spaces.max() * 1e-9].min())
    counts = (levels - levels[0]) / step
    if np.abs(counts - np.rint(counts)).max() > _EXACT * max(1.0, counts[-1] * 1e-4) or counts[-1] > 2 * largest:
        return None
    step = float((levels[-1] - levels[0]) / np.rint(counts[-1]))
    middle = np.rint(counts[-1] / 2)
    return step, float(levels[0] + middle * step)


def _finest(values: NDArray[np.float64], largest: int) -> tuple[float, float]:
    middle = float((values.max() + values.min()) / 2)
    reach = float(np.abs(values - middle).max())
    return (reach / largest if reach else 1.0), middle
