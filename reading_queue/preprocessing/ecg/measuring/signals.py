"""Samples made fit for measuring: one rate, gaps filled, zero-phase filters, baseline taken off."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import NDArray

Samples = NDArray[np.float64]

HZ = 500.0
"""The rate that everything is measured at: 2 ms a sample."""

_FINEST_STEP = 64
_SHORTEST_FILTERED = 32
_CYCLES = 2.0


def at_rate(samples: Samples, hz: float, wanted: float = HZ) -> Samples:
    """(leads, samples) without NaN from `hz` to `wanted`; without ringing at the ends."""
    if samples.shape[1] < _SHORTEST_FILTERED or abs(hz - wanted) < 1e-6 * wanted:
        return samples
    ratio = Fraction(wanted / hz).limit_denominator(_FINEST_STEP)
    middle = np.median(samples, axis=1, keepdims=True)
    moved: Samples = scipy.signal.resample_poly(
        samples - middle, ratio.numerator, ratio.denominator, axis=1, padtype="line"
    )
    moved = moved + middle
    drift = float(ratio) / (wanted / hz)
    if abs(drift - 1) * moved.shape[1] < 1:
        return moved
    places = np.arange(int(samples.shape[1] * wanted / hz)) * drift
    return np.stack([np.interp(places, np.arange(moved.shape[1]), row) for row in moved])


def filled(samples: Samples) -> tuple[Samples, NDArray[np.bool_]]:
    """Samples with NaN and infinities bridged by straight lines, and where they were; a lead of nothing else is zero."""
    missing = ~np.isfinite(samples)
    if not missing.any():
        return samples, missing
    whole = samples.copy()
    for row, gaps in zip(whole, missing, strict=True):
        known = np.flatnonzero(~gaps)
        row[gaps] = np.interp(np.flatnonzero(gaps), known, row[known]) if len(known) else 0.0
    return whole, missing


@dataclass(frozen=True, slots=True)
class _Filter:
    """Second-order sections, and how many samples beyond the ends they need to settle."""

    sections: NDArray[np.float64]
    margin: int


@lru_cache(maxsize=64)
def _filter(kind: str, edges: tuple[float, ...], hz: float) -> _Filter:
    sections = scipy.signal.butter(2, edges[0] if len(edges) == 1 else edges, kind, fs=hz, output="sos")
    narrowest = min(edges[0], edges[-1] - edges[0]) if len(edges) > 1 else edges[0]
    return _Filter(np.asarray(sections, np.float64), round(min(1.0, _CYCLES / narrowest) * hz))


def band(samples: Samples, low: float, high: float, hz: float = HZ) -> Samples:
    """Zero-phase band-pass, 12 dB an octave on either side, both ways."""
    return _both_ways(_filter("bandpass", (low, high), hz), samples)


def low_pass(samples: Samples, edge: float, hz: float = HZ) -> Samples:
    return _both_ways(_filter("lowpass", (edge,), hz), samples)


def high_pass(samples: Samples, edge: float, hz: float = HZ) -> Samples:
    return _both_ways(_filter("highpass", (edge,), hz), samples)


def band_stop(samples: Samples, middle: float, hz: float = HZ) -> Samples:
    """Takes out mains: 2 Hz around `middle`."""
    return _both_ways(_filter("bandstop", (middle - 1.0, middle + 1.0), hz), samples)


def _both_ways(chosen: _Filter, samples: Samples) -> Samples:
    length = samples.shape[-1]
    if length < _SHORTEST_FILTERED:
        return np.asarray(samples - samples.mean(axis=-1, keepdims=True), np.float64)
    margin = min(length - 1, chosen.margin)
    return np.asarray(scipy.signal.sosfiltfilt(chosen.sections, samples, axis=-1, padlen=margin), np.float64)


def smoothed(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Moving by a raised cosine of `width` samples along the last axis, ends held."""
    window = np.hanning(max(3, width) | 1)
    window /= window.sum()
    half = len(window) // 2
    padded = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(half, half)], mode="edge")
    return np.asarray(
        scipy.signal.oaconvolve(padded, np.broadcast_to(window, (*values.shape[:-1], len(window))), "valid", axes=-1)
    )
