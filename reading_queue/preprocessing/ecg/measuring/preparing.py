"""A stretch of an ECG made ready: at the measuring rate, without gaps, pulses and mains, its leads examined."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.pacing import find_pulses
from reading_queue.preprocessing.ecg.measuring.quality import examine
from reading_queue.preprocessing.ecg.measuring.results import Fault, LeadQuality
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, at_rate, band_stop, filled

_MAINS = {Fault.MAINS_50: 50.0, Fault.MAINS_60: 60.0}
_WHOLE = 0.2
_SHORTEST_GAP_S = 0.3
_BAD = frozenset({Fault.NOISE, Fault.CLIPPED})


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """`raw` has the gaps bridged only; `samples` are what is measured. `usable` leads have something to measure, `steady` ones
    throughout the stretch.
    """

    raw: Samples
    samples: Samples
    missing: NDArray[np.bool_]
    quality: Sequence[LeadQuality]
    usable: NDArray[np.bool_]
    steady: NDArray[np.bool_]
    pulses: NDArray[np.intp]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Stretches without any usable lead: start and end in seconds."""
        if not self.usable.any():
            return []
        silent = self.missing[self.usable].all(axis=0)
        edges = np.flatnonzero(np.diff(np.r_[False, silent, False].astype(np.int8)))
        spans = zip(edges[::2] / HZ, edges[1::2] / HZ, strict=True)
        return [(float(start), float(end)) for start, end in spans if end - start >= _SHORTEST_GAP_S]


def prepare(signal: NDArray[np.float64], hz: float) -> Prepared:
    """`signal` is (leads, samples) in microvolts with NaN where nothing was recorded."""
    bridged, missing = filled(np.asarray(signal, np.float64))
    raw = at_rate(np.clip(bridged, -1e6, 1e6), hz)
    places = np.minimum((np.arange(raw.shape[1]) * hz / HZ).astype(np.intp), max(0, signal.shape[1] - 1))
    gone = missing[:, places] if raw.shape[1] else missing
    quality = examine(raw, gone)
    usable = np.array([lead.usable for lead in quality], np.bool_)
    pulses = find_pulses(raw, usable) if usable.any() else None
    samples = pulses.cleaned if pulses is not None else raw
    for fault, hum in _MAINS.items():
        humming = np.array([fault in lead.faults for lead in quality], np.bool_)
        if humming.any():
            samples = np.where(humming[:, None], band_stop(samples, hum), samples)
    steady = usable & (gone.mean(axis=1) <= _WHOLE)
    empty = np.empty(0, np.intp)
    return Prepared(raw, samples, gone, quality, usable, steady, pulses.places if pulses else empty)


def best_leads(prepared: Prepared) -> NDArray[np.bool_]:
    """The usable leads without noise and clipping, or all usable ones when fewer than half are."""
    clean = np.array([not _BAD.intersection(lead.faults) for lead in prepared.quality], np.bool_) & prepared.usable
    return clean if clean.sum() * 2 >= prepared.usable.sum() else prepared.usable
