"""Filters for paper, the same as the screen's (`viewer_api/web/src/ecg/filters.ts`): zero phase, on a copy, never on what is stored."""

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import numpy as np
import scipy  # scipy.signal takes longer to load than all else here: it loads itself when it is first asked for
from numpy.typing import NDArray

HIGH_PASS = (0.0, 0.05, 0.15, 0.5)
LOW_PASS = (0.0, 25.0, 40.0, 100.0, 150.0)
NOTCH = (0.0, 50.0, 60.0)

_BUTTERWORTH_Q = sqrt(0.5)
_NOTCH_Q = 25.0
_TWICE = sqrt(sqrt(2) - 1)
"""Once forwards and once backwards is the filter twice: at the corner it would take 6 dB and not 3."""
_PAD_S = 2.0

Samples = NDArray[np.float64]
Section = tuple[Samples, Samples]


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """Corners in Hz; 0 is off."""

    high: float = 0.0
    low: float = 0.0
    notch: float = 0.0


UNFILTERED = FilterChoice()


def filtered(samples: Samples, hz: float, choice: FilterChoice) -> Samples:
    """One lead, filtered forwards and backwards; stretches that were not recorded (NaN) stay so and part what lies around them."""
    sections = _sections(choice, hz)
    if not sections:
        return samples
    shown = samples.copy()
    for first, last in _recorded(samples):
        shown[first:last] = _run(samples[first:last], sections, hz)
    return shown


def _sections(choice: FilterChoice, hz: float) -> list[Section]:
    """Second-order sections by the bilinear transform (Bristow-Johnson); a corner that the rate cannot carry is left out."""
    found = []
    if 0 < choice.high < hz / 2:
        found.append(_section("high", choice.high * sqrt(_TWICE), hz, _BUTTERWORTH_Q))
    if 0 < choice.low < hz / 2:
        found.append(_section("low", min(choice.low / sqrt(_TWICE), hz * 0.49), hz, _BUTTERWORTH_Q))
    if 0 < choice.notch < hz / 2:
        found.append(_section("notch", choice.notch, hz, _NOTCH_Q))
    return found


def _section(kind: str, corner: float, hz: float, q: float) -> Section:
    turn = 2 * pi * corner / hz
    c, alpha = cos(turn), sin(turn) / (2 * q)
    numerators = {
        "notch": (1.0, -2 * c, 1.0),
        "low": ((1 - c) / 2, 1 - c, (1 - c) / 2),
        "high": ((1 + c) / 2, -(1 + c), (1 + c) / 2),
    }
    whole = 1 + alpha
    return np.array(numerators[kind]) / whole, np.array((whole, -2 * c, 1 - alpha)) / whole


def _recorded(samples: Samples) -> list[tuple[int, int]]:
    """Stretches without a gap, the end not included."""
    there = np.concatenate(([0], np.isfinite(samples).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(there))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _run(samples: Samples, sections: list[Section], hz: float) -> Samples:
    """The ends are continued by their mirror image through the end point, so that a filter does not start from nothing."""
    pad = min(len(samples) - 1, round(hz * _PAD_S))
    before = 2 * samples[0] - samples[pad:0:-1]
    after = 2 * samples[-1] - samples[-2 : -pad - 2 : -1]
    work = np.concatenate((before, samples, after))
    for one in sections:
        work = _pass(_pass(work, one)[::-1], one)[::-1]
    return work[pad : pad + len(samples)]


def _pass(values: Samples, section: Section) -> Samples:
    """Begun as if the first value had always been there."""
    b, a = section
    settled = values[0] * b.sum() / a.sum()
    second = values[0] * b[2] - settled * a[2]
    first = values[0] * b[1] - settled * a[1] + second
    passed, _ = scipy.signal.lfilter(b, a, values, zi=np.array((first, second)))
    return np.asarray(passed, dtype=np.float64)
