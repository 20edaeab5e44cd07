"""Where the waves of a median beat begin and end, all usable leads together.

One signal stands for all leads: the mean of their slopes, for the QRS of the absolute values, for P and T the root mean square,
which follows the leads that show them best. It is searched outwards from the steepest moment of a
wave until it has stayed below a share of that for some milliseconds. The shares were set once on annotated records
(docs/ecg-measuring.md); a second, higher share bounds how far a mark may lie out, so that a slur, a U wave or noise in a few
leads cannot carry it away: that is the rule for outliers.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.averaging import Average
from reading_queue.preprocessing.ecg.measuring.results import Fiducials
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, low_pass

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Edge:
    """Shares of the steepest slope: `outer` is where a wave ends, at most `most_s` beyond `inner`, below it for `calm_s`."""

    outer: float
    inner: float
    most_s: float
    calm_s: float

    def find(self, slope: Curve, start: int, side: int, least: float = 0.0) -> int:
        """The last sample of the wave from `start` to the left (-1) or right (1)."""
        top, calm, most = float(slope[start]), round(self.calm_s * HZ), round(self.most_s * HZ)
        outer = _last_above(slope, start, max(self.outer * top, least), side, calm)
        inner = _last_above(slope, start, max(self.inner * top, least), side, calm)
        return inner + side * min(abs(outer - inner), most)


_QRS_HZ, _T_HZ = 30.0, 12.0
_QRS_ON, _QRS_OFF = _Edge(0.05, 0.12, 0.014, 0.012), _Edge(0.07, 0.12, 0.012, 0.012)
_T_OFF = _Edge(0.30, 0.60, 0.020, 0.016)
_P_ON = {
    15.0: _Edge(0.45, 0.55, 0.020, 0.016),
    20.0: _Edge(0.40, 0.50, 0.020, 0.016),
    25.0: _Edge(0.35, 0.50, 0.020, 0.016),
}
_P_OFF = {
    15.0: _Edge(0.65, 0.75, 0.020, 0.016),
    20.0: _Edge(0.60, 0.70, 0.020, 0.016),
    25.0: _Edge(0.55, 0.65, 0.020, 0.016),
}
"""By the low-pass in Hz that they belong to; the median of the three counts."""

_QRS_REACH_S = 0.080
_CLEAR_QRS = 6.0
_WIDEST_QRS_S = 0.240
_NOISE_ABOVE_FLOOR = 1.5
_T_AFTER_QRS_S, _T_END_LIMIT, _NEXT_P_S = 0.030, 0.66, 0.090
_T_PEAK_LIMIT, _T_PEAK_LONG_QT, _T_PEAK_BEFORE_NEXT_S = 0.44, 0.52, 0.220
_P_BEFORE_S, _P_NEAREST_S, _P_HALF_S = 0.330, 0.030, 0.080


def slope_of(beat: Samples, edge_hz: float) -> Curve:
    """Root mean square over the leads of the slopes below `edge_hz`, µV a sample."""
    steep = np.gradient(low_pass(beat, edge_hz), axis=1)
    slope: Curve = np.sqrt((steep**2).mean(axis=0))
    return slope


def find_qrs(average: Average, usable: NDArray[np.bool_]) -> tuple[int, int] | None:
    """First and last sample of the QRS; None when it does not stand out from the noise."""
    if not usable.any():
        return None
    slope: Curve = np.abs(np.gradient(low_pass(average.beat[usable], _QRS_HZ), axis=1)).mean(axis=0)
    reach = round(_QRS_REACH_S * HZ)
    begin = max(0, average.at - reach)
    top = begin + int(np.argmax(slope[begin : average.at + reach]))
    floor = float(np.percentile(slope, 10))
    if slope[top] < _CLEAR_QRS * max(floor, 1e-6):
        return None
    least = _NOISE_ABOVE_FLOOR * floor
    on, off = _QRS_ON.find(slope, top, -1, least), _QRS_OFF.find(slope, top, 1, least)
    return (on, off) if off - on <= _WIDEST_QRS_S * HZ else None


def find_t(beat: Samples, qrs: tuple[int, int], rr_s: float, next_p: int | None = None) -> tuple[int, int] | None:
    """Peak and end of T. `next_p`: where the P of the following beat begins. None when no T stands out."""
    on, off = qrs
    slope = slope_of(beat, _T_HZ)
    latest = min(beat.shape[1] - 5, on + round(min(_T_END_LIMIT * rr_s**0.5, rr_s - _NEXT_P_S) * HZ))
    end = latest if next_p is None else min(latest, next_p - 4)
    start = off + round(_T_AFTER_QRS_S * HZ)
    last_peak = min(end - 10, on + round(_latest_t_peak(rr_s) * HZ))
    if last_peak - start < round(0.03 * HZ):
        return None
    height = _above_line(low_pass(beat, _T_HZ) - beat[:, [max(0, on - 3)]], start, end)
    tops, _ = scipy.signal.find_peaks(height[: last_peak - start])
    if not len(tops):
        return None
    peak = start + int(tops[np.argmax(height[tops])])
    steepest = peak + 5 + int(np.argmax(slope[peak + 5 : min(end, peak + round(0.12 * HZ))]))
    return peak, _T_OFF.find(slope[:end], steepest, 1)


def _latest_t_peak(rr_s: float) -> float:
    """Seconds after the QRS began: late enough for a long QT, yet before a P of the next beat."""
    root = math.sqrt(rr_s)
    return min(_T_PEAK_LONG_QT * root, max(_T_PEAK_LIMIT * root, rr_s - _T_PEAK_BEFORE_NEXT_S))


def find_p(beat: Samples, qrs_on: int, rr_s: float, t_off: int | None) -> tuple[int, int, int] | None:
    """Onset, peak and end of the strongest wave before the QRS, whatever it is; `atria` says whether it is a P."""
    before_t = 0 if t_off is None else t_off - round(rr_s * HZ) + round(0.012 * HZ)
    start = max(0, qrs_on - round(_P_BEFORE_S * HZ), before_t)
    start = min(start, qrs_on - round(0.12 * HZ))
    if start < 0:
        return None
    flat_after = beat.copy()
    flat_after[:, qrs_on:] = beat[:, [qrs_on]]
    found = [_p_at(flat_after, start, qrs_on, edge_hz) for edge_hz in _P_ON]
    on, peak, off = (int(np.median([one[part] for one in found])) for part in range(3))
    return (on, peak, off) if start - round(0.02 * HZ) <= on < peak < off <= qrs_on else None


def _p_at(beat: Samples, start: int, qrs_on: int, edge_hz: float) -> tuple[int, int, int]:
    smooth = low_pass(beat[:, : qrs_on + round(0.2 * HZ)], edge_hz)[:, :qrs_on]
    steep = np.gradient(smooth, axis=1)
    slope: Curve = np.sqrt((steep**2).mean(axis=0))
    nearest = qrs_on - round(_P_NEAREST_S * HZ)
    margin = round(0.016 * HZ)
    height = _above_line(smooth, start, qrs_on)
    peak = start + margin + int(np.argmax(height[margin : nearest - start]))
    half = round(_P_HALF_S * HZ)
    first = max(start, peak - half)
    up = first + int(np.argmax(slope[first : peak + 1]))
    last = max(peak + 1, min(qrs_on - 6, peak + half))
    down = peak + int(np.argmax(slope[peak:last]))
    return max(start - 10, _P_ON[edge_hz].find(slope, up, -1)), peak, _P_OFF[edge_hz].find(slope, down, 1)


def _above_line(samples: Samples, start: int, end: int) -> Curve:
    """Root mean square of the leads between two places, each lead above the line through its ends."""
    piece = samples[:, start:end]
    share = np.linspace(0.0, 1.0, piece.shape[1])
    ends = piece[:, :6].mean(axis=1, keepdims=True), np.median(piece[:, -10:], axis=1, keepdims=True)
    height: Curve = np.sqrt(((piece - (ends[0] * (1 - share) + ends[1] * share)) ** 2).mean(axis=0))
    return height


def _last_above(slope: Curve, start: int, level: float, side: int, calm: int) -> int:
    """The last sample above `level` before the first run of `calm` samples that are not."""
    ahead = slope[start::side] > level
    above = np.flatnonzero(ahead)
    if not len(above):
        return start
    breaks = np.flatnonzero(np.diff(above) > calm)
    last = int(above[breaks[0]]) if len(breaks) else int(above[-1])
    return start + side * last


def mark(average: Average, usable: NDArray[np.bool_], rr_s: float) -> Fiducials | None:
    """All marks of a median beat, a P that is still to be confirmed among them; None without a clear QRS."""
    qrs = find_qrs(average, usable)
    if qrs is None:
        return None
    beat = average.beat[usable]
    t_peak, t_off = find_t(beat, qrs, rr_s) or (None, None)
    p_on, p_peak, p_off = find_p(beat, qrs[0], rr_s, t_off) or (None, None, None)
    return Fiducials(*qrs, p_on=p_on, p_peak=p_peak, p_off=p_off, t_peak=t_peak, t_off=t_off)


def confirmed(marks: Fiducials, average: Average, usable: NDArray[np.bool_], rr_s: float) -> Fiducials:
    """The marks when the P is one: the T of a beat ends before the next P begins."""
    if marks.p_on is None:
        return marks
    next_p = marks.p_on + round(rr_s * HZ)
    t = find_t(average.beat[usable], (marks.qrs_on, marks.qrs_off), rr_s, next_p)
    return marks if t is None else replace(marks, t_peak=t[0], t_off=t[1])


def without_p(marks: Fiducials) -> Fiducials:
    return replace(marks, p_on=None, p_peak=None, p_off=None)
