"""Measures an ECG: beats, median beat, intervals, axes, ST levels, quality. Pure: arrays in, dataclasses out.

What is measured, how, and how well: docs/ecg-measuring.md.
"""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.engine import measure_short, nothing, unmeasurable
from reading_queue.preprocessing.ecg.measuring.long_record import InMemory, measure_long
from reading_queue.preprocessing.ecg.measuring.results import ENGINE, EcgMeasurements

__all__ = ["ENGINE", "LONGEST_AT_ONCE_S", "EcgMeasurements", "measure"]

LONGEST_AT_ONCE_S = 120.0
"""A record above this is measured a stretch at a time, and shown as an ambulatory one."""


def measure(signal: NDArray[Any], leads: Sequence[str], hz: float) -> EcgMeasurements:
    """Measure (leads, samples) in microvolts, NaN where nothing was recorded, of any rate that ECGs come in.

    `leads` are standard names; others count for beats and intervals, not for axes. Never raises for what the samples hold:
    what cannot be measured is None, and `not_measured` says why.
    """
    reason = unmeasurable(signal, leads, hz)
    if reason:
        seconds = signal.shape[-1] / hz if signal.ndim and hz else 0.0
        return nothing(leads, hz, seconds, reason)
    if signal.shape[1] / hz > LONGEST_AT_ONCE_S:
        return measure_long(InMemory(tuple(leads), hz, signal)).measurements
    return measure_short(signal, leads, hz)
