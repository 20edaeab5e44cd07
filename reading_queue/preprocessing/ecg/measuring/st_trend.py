"""How the ST level goes over a long record: that of each minute's median beat."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.long_results import StTrend
from reading_queue.preprocessing.ecg.measuring.results import MedianBeat
from reading_queue.preprocessing.ecg.measuring.signals import HZ
from reading_queue.preprocessing.ecg.measuring.stretch import BEFORE_S, MEDIAN_HZ, Stretch

_ST_S = 0.060
_SHIFT_S = 0.040
_ALIKE = 0.9
_LEVEL, _AROUND = 4, 2
"""Samples of a median beat: 16 ms before the QRS, 4 ms on either side of where ST is taken."""

Beat = NDArray[np.float32]


def st_trend(stretches: Sequence[Stretch], leads: Sequence[str], model: MedianBeat | None) -> StTrend | None:
    """None when the usual beat has no marks that ST could be taken by."""
    if model is None or model.fiducials is None or not all(lead in model.leads for lead in leads):
        return None
    usual = _usual(model, leads)
    onset = model.fiducials.qrs_on - model.at
    level = round(((model.fiducials.qrs_off - model.at) / HZ + _ST_S + BEFORE_S) * MEDIAN_HZ)
    before = round((onset / HZ + BEFORE_S) * MEDIAN_HZ)
    minutes = [beat for one in stretches for beat in one.medians]
    rows = [_levels(beat, usual, before, level) for beat in minutes]
    return StTrend(tuple(leads), np.array(rows).T.reshape(len(leads), len(minutes)))


def _usual(model: MedianBeat, leads: Sequence[str]) -> Beat:
    """The QRS of the model, cut as the minutes' beats are."""
    first = model.at - round(BEFORE_S * HZ)
    rows = np.array([model.microvolts[model.leads.index(lead)] for lead in leads], np.float32)
    padded = np.pad(np.nan_to_num(rows), ((0, 0), (max(0, -first), 0)), mode="edge")
    return np.asarray(padded[:, max(0, first) :: 2], np.float32)


def _levels(beat: Beat | None, usual: Beat, before: int, level: int) -> NDArray[np.float64]:
    """ST of each lead; NaN where the minute's beat is not the usual one, or there is none."""
    if beat is None:
        return np.full(len(usual), np.nan)
    shift = _shift(beat, usual)
    at, begin = level + (shift or 0), before + (shift or 0)
    if shift is None or begin < _LEVEL or at + _AROUND >= beat.shape[1]:
        return np.full(len(usual), np.nan)
    zero = np.median(beat[:, begin - _LEVEL : begin + 1], axis=1)
    return np.asarray(beat[:, at - _AROUND : at + _AROUND + 1].mean(axis=1) - zero, np.float64)


def _shift(beat: Beat, usual: Beat) -> int | None:
    """How many samples later the minute's QRS stands than the model's; None when it is another one."""
    middle, half = round(BEFORE_S * MEDIAN_HZ), round(0.08 * MEDIAN_HZ)
    reach = round(_SHIFT_S * MEDIAN_HZ)
    wanted = usual[:, middle - half : middle + half]
    wanted = wanted - wanted.mean(axis=1, keepdims=True)
    likeness = []
    for shift in range(-reach, reach + 1):
        piece = beat[:, middle - half + shift : middle + half + shift]
        piece = piece - piece.mean(axis=1, keepdims=True)
        size = float(np.sqrt((piece**2).sum() * (wanted**2).sum()))
        likeness.append(float((piece * wanted).sum()) / max(size, 1e-9))
    best = int(np.argmax(likeness))
    return best - reach if likeness[best] >= _ALIKE else None
