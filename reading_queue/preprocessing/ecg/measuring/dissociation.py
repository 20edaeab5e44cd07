"""Atria that beat on their own: P waves that march through the beats of the ventricles."""

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.averaging import Average
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, band

_P_HZ = (1.5, 15.0)
_STEP = 4
_RATE = HZ / _STEP
_PERIOD_S = (0.33, 1.30)
_ALIKE = 0.40
_FASTER = 0.85
_LOWEST_UV = 6.0
_TAPER = 20


def own_atrial_period(
    samples: Samples, usable: NDArray[np.bool_], places: NDArray[np.intp], average: Average, rr_s: float
) -> float | None:
    """Seconds from P to P of atria that are faster than the ventricles and keep their own time; None when nothing says so."""
    rest = band(without_beats(samples[usable], places, average, usable), *_P_HZ)[:, ::_STEP]
    if rest.shape[1] < 4 * _RATE or float(np.sqrt((rest**2).mean())) < _LOWEST_UV / 2:
        return None
    likeness = _self_likeness(rest)
    first, last = (round(seconds * _RATE) for seconds in (_PERIOD_S[0], min(_PERIOD_S[1], _FASTER * rr_s)))
    if last <= first + 2 or len(likeness) <= last + 1:
        return None
    period = first + int(np.argmax(likeness[first:last]))
    is_peak = likeness[period] >= max(likeness[period - 1], likeness[period + 1])
    return period / _RATE if is_peak and likeness[period] >= _ALIKE else None


def without_beats(samples: Samples, places: NDArray[np.intp], average: Average, usable: NDArray[np.bool_]) -> Samples:
    """What is left when the average beat is taken away at each place, its ends faded in."""
    beat = average.beat[usable]
    fade = np.ones(beat.shape[1])
    ramp = np.hanning(2 * _TAPER)
    fade[:_TAPER], fade[-_TAPER:] = ramp[:_TAPER], ramp[_TAPER:]
    rest = samples.copy()
    taken = np.zeros(samples.shape[1])
    for place in places:
        start = int(place) - average.at
        first, last = max(0, start), min(samples.shape[1], start + beat.shape[1])
        weight = fade[first - start : last - start] * np.clip(1 - taken[first:last], 0, 1)
        rest[:, first:last] -= beat[:, first - start : last - start] * weight
        taken[first:last] += weight
    return rest


def _self_likeness(rest: Samples) -> NDArray[np.float64]:
    size = 1 << (2 * rest.shape[1] - 1).bit_length()
    power = (np.abs(np.fft.rfft(rest, size, axis=1)) ** 2).sum(axis=0)
    likeness = np.fft.irfft(power)[: rest.shape[1] // 2]
    shrinking = 1 - np.arange(len(likeness)) / rest.shape[1]
    return np.asarray(likeness / max(float(likeness[0]), 1e-9) / shrinking)
