"""Ventricular fibrillation and flutter: a wave without beats in it."""

from statistics import median

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.results import Span
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, band

_WINDOW_S, _STEP_S = 4.0, 1.0
_LEAKAGE = 0.42
_HZ = (2.2, 9.0)
_LOWEST_UV = 60.0
_DECIMATED = 4
_RATE = HZ / _DECIMATED


def find_fibrillation(samples: Samples, usable: NDArray[np.bool_]) -> tuple[Span, ...]:
    """Stretches in which the signal is a wave of 130 to 540 a minute and hardly anything else (VF filter of Kuo and Dillman).

    The filter leaks little where the signal half a period later cancels the signal; QRS complexes with level stretches between
    them leak much. The median of the leads decides.
    """
    if not usable.any() or samples.shape[1] < _WINDOW_S * HZ:
        return ()
    inside = band(samples[usable], 1.0, 30.0)[:, ::_DECIMATED]
    width, step = round(_WINDOW_S * _RATE), round(_STEP_S * _RATE)
    starts = range(0, inside.shape[1] - width + 1, step)
    found = [start for start in starts if _is_wave(inside[:, start : start + width])]
    return _merged(found, width)


def _is_wave(piece: Samples) -> bool:
    pairs = [_leakage(row) for row in piece]
    leakage, rate = median(one[0] for one in pairs), median(one[1] for one in pairs)
    return leakage < _LEAKAGE and _HZ[0] <= rate <= _HZ[1] and float(np.median(piece.std(axis=1))) > _LOWEST_UV


def _leakage(row: NDArray[np.float64]) -> tuple[float, float]:
    """What half a period later does not cancel, as a share, and the mean frequency in Hz."""
    change = float(np.abs(np.diff(row)).sum())
    half = int(np.pi * np.abs(row).sum() / max(change, 1e-9) + 0.5)
    if not 1 <= half < len(row) // 2:
        return 1.0, 0.0
    left = np.abs(row[half:] + row[:-half]).sum()
    whole = (np.abs(row[half:]) + np.abs(row[:-half])).sum()
    return float(left / max(whole, 1e-9)), _RATE / (2 * half)


def _merged(starts: list[int], width: int) -> tuple[Span, ...]:
    spans: list[tuple[int, int]] = []
    for start in starts:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], start + width)
        else:
            spans.append((start, start + width))
    return tuple(Span(start / _RATE, (end - start) / _RATE) for start, end in spans)
