"""Pulses of a pacemaker: steeper than any heart, out of quiet."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples

_BEFORE_S, _AFTER_S = 0.060, 0.040
_QUIET_SHARE, _DECAYED_SHARE = 0.08, 0.25
_WEAKEST_UV = 60.0
_ABOVE_USUAL = 4.0
_WIDTH_S = 0.012
_LONGEST_AV_S, _JUST_BEFORE_S = 0.300, 0.120
_HEIGHT_S, _SMALLER = 0.040, 0.5


@dataclass(frozen=True, slots=True)
class Pulses:
    """`places` in samples, in order; `cleaned` are the samples with the pulses bridged."""

    places: NDArray[np.intp]
    cleaned: Samples


def find_pulses(samples: Samples, usable: NDArray[np.bool_]) -> Pulses:
    """Jumps from one sample to the next, in the mean of the leads, at the measuring rate.

    A pulse lasts 0.5 to 2 ms: it rises out of quiet within a sample and is over within a few, where a QRS takes 10 ms and more
    to become steep. Carts that blank the pulse leave its step.
    """
    steep = np.diff(samples[usable], axis=1)
    if steep.shape[1] < round((_BEFORE_S + _AFTER_S) * HZ) or not len(steep):
        return Pulses(np.empty(0, np.intp), samples)
    activity = np.sqrt((steep**2).mean(axis=0))
    places = [at for at in _candidates(activity) if _is_pulse(activity, at)]
    return Pulses(np.asarray(places, np.intp), _bridged(samples, places) if places else samples)


def _candidates(activity: NDArray[np.float64]) -> list[int]:
    before, after = round(_BEFORE_S * HZ), round(_AFTER_S * HZ)
    floor = max(_WEAKEST_UV, _ABOVE_USUAL * float(np.percentile(activity, 90)))
    high = np.flatnonzero(activity > floor)
    groups = np.split(high, np.flatnonzero(np.diff(high) > after // 2) + 1) if len(high) else []
    peaks = [int(group[np.argmax(activity[group])]) for group in groups]
    return [at for at in peaks if before <= at < len(activity) - after]


def _is_pulse(activity: NDArray[np.float64], at: int) -> bool:
    before, after, width = (round(seconds * HZ) for seconds in (_BEFORE_S, _AFTER_S, _WIDTH_S))
    quiet = activity[at - before : at - 1].max() < _QUIET_SHARE * activity[at]
    decayed = activity[at + width : at + after].mean() < _DECAYED_SHARE * activity[at]
    return bool(quiet and decayed)


def _bridged(samples: Samples, places: list[int]) -> Samples:
    """A straight line over each pulse, so that it is neither a beat nor part of one."""
    half = round(_WIDTH_S * HZ / 2)
    cleaned = samples.copy()
    for at in places:
        start, end = max(0, at - 1), min(samples.shape[1] - 1, at + half)
        share = np.linspace(0.0, 1.0, end - start + 1)
        cleaned[:, start : end + 1] = samples[:, [start]] * (1 - share) + samples[:, [end]] * share
    return cleaned


def without_atrial(places: NDArray[np.intp], pulses: NDArray[np.intp], samples: Samples) -> NDArray[np.intp]:
    """Beats without what a pacemaker's pulse in the atrium leaves of itself.

    A pacemaker that has seen a beat of the ventricles gives no pulse right after it. What comes less than an AV delay before
    a paced beat, and is less than half its height, is therefore none.
    """
    if len(places) < 2 or not len(pulses):  # noqa: PLR2004 - nothing follows
        return places
    last = pulses[np.maximum(np.searchsorted(pulses, places, side="right") - 1, 0)]
    paced = (places - last >= 0) & (places - last <= _JUST_BEFORE_S * HZ)
    between = last[1:] > places[:-1]
    close = (np.diff(places) <= _LONGEST_AV_S * HZ) & paced[1:] & between
    atrial = [
        at for at in np.flatnonzero(close) if _height(samples, places[at]) < _SMALLER * _height(samples, places[at + 1])
    ]
    return np.asarray(np.delete(places, atrial))


def _height(samples: Samples, place: int) -> float:
    half = round(_HEIGHT_S * HZ)
    return float(np.ptp(samples[:, max(0, place - half) : place + half + 1], axis=1).mean())
