"""The waves of each single beat: the median beat's marks laid on it, moved where the beat itself says so."""

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.averaging import Average
from reading_queue.preprocessing.ecg.measuring.results import Fiducials, Wave
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, low_pass

_SHIFT_S = 0.040
_ALIKE = 0.5
_WAVE_HZ = 20.0

Waves = tuple[Wave | None, Wave | None, Wave | None]


class WaveFinder:
    """Finds P, QRS and T of beats that have the shape of the average."""

    def __init__(self, samples: Samples, usable: NDArray[np.bool_], average: Average, marks: Fiducials) -> None:
        self._smooth = low_pass(samples[usable], _WAVE_HZ)
        self._usual = low_pass(average.beat[usable], _WAVE_HZ)
        self._marks, self._at = marks, average.at

    def waves(self, place: int, next_place: int | None) -> Waves:
        """P, QRS and T of the beat at `place`; None for a wave that this beat does not show, or that lies outside the record."""
        marks = self._marks
        qrs = self._wave(place, 0, marks.qrs_on, self._at, marks.qrs_off)
        p = self._moved(place, marks.p_on, marks.p_peak, marks.p_off)
        t = self._moved(place, marks.qrs_off + 10 if marks.t_off else None, marks.t_peak, marks.t_off)
        if t is not None and next_place is not None and t.off_s is not None and t.off_s * HZ > next_place:
            t = None
        return p, qrs, None if t is None else Wave(None, t.peak_s, t.off_s)

    def _moved(self, place: int, on: int | None, peak: int | None, off: int | None) -> Wave | None:
        if on is None or peak is None or off is None:
            return None
        shift, alike = self._best_shift(place, on, off)
        return self._wave(place, shift, on, peak, off) if alike >= _ALIKE else None

    def _best_shift(self, place: int, on: int, off: int) -> tuple[int, float]:
        reach = round(_SHIFT_S * HZ)
        start, end = place + on - self._at - reach, place + off - self._at + reach
        if start < 0 or end >= self._smooth.shape[1]:
            return 0, 0.0
        usual = self._usual[:, on:off]
        usual = usual - usual.mean(axis=1, keepdims=True)
        windows = np.lib.stride_tricks.sliding_window_view(self._smooth[:, start:end], off - on, axis=1)[:, ::2]
        level = windows - windows.mean(axis=2, keepdims=True)
        size = np.sqrt((level**2).sum(axis=(0, 2)) * (usual**2).sum() + 1e-9)
        alike = np.einsum("lsw,lw->s", level, usual) / size
        best = int(np.argmax(alike))
        return 2 * best - reach, float(alike[best])

    def _wave(self, place: int, shift: int, on: int, peak: int, off: int) -> Wave | None:
        begin, middle, end = (mark - self._at + place + shift for mark in (on, peak, off))
        if begin < 0 or end >= self._smooth.shape[1]:
            return None
        return Wave(begin / HZ, middle / HZ, end / HZ)
