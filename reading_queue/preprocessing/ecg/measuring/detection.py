"""Where the ventricles are excited: QRS complexes from all leads together."""

import itertools

import numpy as np
import scipy
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, band, smoothed

Places = NDArray[np.intp]

_STEP = 2
"""Detection works on every second sample: nothing in its band needs more."""
_RATE = HZ / _STEP
_WEAKEST_UV = 12.0
"""Envelope (root mean square of the leads, 6 to 25 Hz) below which nothing is a QRS."""
_QRS_BAND = (6.0, 25.0)
"""Hz. Of the bands tried this one sets beats furthest apart from T and P waves, premature wide beats included."""
_THRESHOLD, _SEARCH_BACK = 0.33, 0.17
_REFRACTORY_S, _T_WAVE_S, _BEFORE_QRS_S = 0.18, 0.38, 0.25
_T_WAVE_SHARE, _FOOT_SHARE = 0.45, 0.5
_LONG_GAP = 1.6
_AT_END_S = 0.05
"""A beat this close to an end is half a beat, or what filters make of the end."""
_LOUDEST = 3.0


def envelope(samples: Samples, usable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Strength of the signal between 6 and 25 Hz over the usable leads, at half the rate, in microvolts.

    A lead counts the more the more it stands out from its own background; a muscle tremor has no beats that do.
    """
    inside = band(samples[usable], *_QRS_BAND)[:, ::_STEP]
    power = np.maximum(smoothed(inside**2, round(0.09 * _RATE)), 0.0)
    peaks = np.percentile(power, 97, axis=1)
    background = np.percentile(power, 30, axis=1)
    clarity = np.clip(np.sqrt(peaks / np.maximum(background, 1e-6)) / 10.0, 0.05, 1.0)
    weights = clarity / max(float(clarity.max()), 1e-9)
    strength: NDArray[np.float64] = np.sqrt((power * weights[:, None]).sum(axis=0) / weights.sum())
    return strength


def find_beats(samples: Samples, usable: NDArray[np.bool_]) -> Places:
    """Sample numbers of the QRS complexes, to about 20 ms; templates align them further."""
    if not usable.any() or samples.shape[1] < HZ / 4:
        return np.empty(0, np.intp)
    strength = envelope(samples, usable)
    peaks, _ = scipy.signal.find_peaks(strength, height=_WEAKEST_UV, distance=round(0.1 * _RATE))
    if not len(peaks):
        return np.empty(0, np.intp)
    usual = _usual_height(strength, peaks)
    heights = strength[peaks] / usual
    chosen = _apart(peaks, heights, _THRESHOLD)
    places = np.asarray(_searched_back(peaks, heights, chosen) * _STEP, np.intp)
    reach = _AT_END_S * HZ
    return np.asarray(places[(places >= reach) & (places < samples.shape[1] - reach)])


def _usual_height(strength: NDArray[np.float64], peaks: Places) -> NDArray[np.float64]:
    """Of the beats around each peak: the median of the highest in each of the surrounding 1.5 s, over some 15 s."""
    piece = round(1.5 * _RATE)
    count = max(1, len(strength) // piece)
    highest = np.array([part.max() for part in np.array_split(strength, count)])
    around = np.array([np.median(np.sort(highest[max(0, at - 5) : at + 6])[-9:]) for at in range(count)])
    around = np.maximum(around, 0.25 * np.median(around))
    return np.asarray(around[np.minimum(peaks * count // len(strength), count - 1)])


def _apart(peaks: Places, heights: NDArray[np.float64], threshold: float) -> Places:
    """The peaks that are high enough, no T waves and none within the refractory time of a higher one."""
    kept: list[int] = []
    for at in np.flatnonzero(heights >= threshold):
        while kept and _is_swept(peaks[at] - peaks[kept[-1]], heights[kept[-1]] / heights[at]):
            kept.pop()
        since = (peaks[at] - peaks[kept[-1]]) / _RATE if kept else np.inf
        is_t_wave = since < _T_WAVE_S and heights[at] < _T_WAVE_SHARE * min(heights[kept[-1]], _LOUDEST)
        if since >= _REFRACTORY_S and not is_t_wave:
            kept.append(int(at))
    return np.asarray(kept, np.intp)


def _is_swept(samples: int, share: float) -> bool:
    """Whether a peak is but the foot of, or an atrial pulse before, the one that follows it `samples` later."""
    seconds = samples / _RATE
    return (seconds < _REFRACTORY_S and share < 1) or (seconds < _BEFORE_QRS_S and share < _FOOT_SHARE)


def _searched_back(peaks: Places, heights: NDArray[np.float64], chosen: Places) -> Places:
    """Beats that were too small, looked for where a gap is much longer than the others."""
    if len(chosen) < 3:  # noqa: PLR2004 - no rhythm to speak of
        return peaks[chosen]
    gaps = np.diff(peaks[chosen])
    found = [
        middle
        for start, end in itertools.pairwise(chosen)
        if peaks[end] - peaks[start] > _LONG_GAP * np.median(gaps)
        for middle in _highest_between(peaks, heights, (int(start), int(end)))
    ]
    return np.sort(peaks[np.r_[chosen, np.asarray(found, np.intp)]])


def _highest_between(peaks: Places, heights: NDArray[np.float64], ends: tuple[int, int]) -> list[int]:
    start, end = ends
    between = [
        at
        for at in range(start + 1, end)
        if peaks[at] - peaks[start] > _T_WAVE_S * _RATE and peaks[end] - peaks[at] > _REFRACTORY_S * _RATE * 1.5
    ]
    best = max(between, key=lambda at: heights[at], default=None)
    return [best] if best is not None and heights[best] >= _SEARCH_BACK else []
