"""Amplitudes, widths and ST levels of each lead on the median beat, and the axes from the limb leads."""

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.results import Fiducials, LeadMeasures
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, low_pass

_ST_MS = (0, 40, 60, 80)
_ST_HZ = 40.0
_SMALLEST_UV, _SMALLEST_MS = 30.0, 8.0
_SMALLEST_PT_UV = 15.0
_LEVEL_S = 0.016
_END = 4
"""Samples beyond a wave's end that give its level with it: one alone is noise."""
_TO_AVF = 2 / math.sqrt(3)
_SMALLEST_AREA = 0.3
"""µV s: below it a wave has no direction."""

Row = NDArray[np.float64]


def measure_leads(leads: tuple[str, ...], beat: Samples, marks: Fiducials) -> dict[str, LeadMeasures]:
    """Each lead of the median beat that has a signal."""
    known = [at for at, row in enumerate(beat) if np.isfinite(row).all() and np.ptp(row) > 1]
    smooth = low_pass(beat[known], _ST_HZ)
    return {leads[at]: _measure(beat[at], smoothed, marks) for at, smoothed in zip(known, smooth, strict=True)}


def _measure(row: Row, smooth: Row, marks: Fiducials) -> LeadMeasures:
    level = row - _level(row, marks)
    q, r, s, second = _qrs_waves(level, marks)
    p = _above_ends(level, marks.p_on, marks.p_off)
    t = _t_height(level, marks)
    whole = [wave for wave in (q, r, s, second) if wave]
    return LeadMeasures(
        p_uv=p,
        q_uv=q.height if q else None,
        q_ms=q.ms if q else None,
        r_uv=r.height if r else None,
        r_ms=r.ms if r else None,
        s_uv=s.height if s else None,
        s_ms=s.ms if s else None,
        r2_uv=second.height if second else None,
        t_uv=t,
        qrs_ms=(whole[-1].end - whole[0].start) / HZ * 1000 if whole else None,
        intrinsicoid_ms=((second or r).at - marks.qrs_on) / HZ * 1000 if r else None,
        st_uv=_st(smooth - _level(row, marks), marks),
    )


class _Deflection:
    """A stretch of one sign within the QRS."""

    def __init__(self, row: Row, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.at = start + int(np.argmax(np.abs(row[start:end])))
        self.height = float(row[self.at])
        self.ms = (end - start) / HZ * 1000

    @property
    def counts(self) -> bool:
        return abs(self.height) >= _SMALLEST_UV and self.ms >= _SMALLEST_MS


def _level(row: Row, marks: Fiducials) -> float:
    first = max(0, marks.qrs_on - round(_LEVEL_S * HZ))
    return float(np.median(row[first : marks.qrs_on + 1]))


def _qrs_waves(
    row: Row, marks: Fiducials
) -> tuple[_Deflection | None, _Deflection | None, _Deflection | None, _Deflection | None]:
    """Q, R, S and R' in the order that the signs take."""
    piece = row[marks.qrs_on : marks.qrs_off + 1]
    cuts = np.flatnonzero(np.diff(np.sign(piece) >= 0)) + 1
    edges = [marks.qrs_on, *(int(cut) + marks.qrs_on for cut in cuts), marks.qrs_off + 1]
    parts = [_Deflection(row, start, end) for start, end in itertools.pairwise(edges) if end > start]
    waves = [part for part in parts if part.counts]
    ups = [wave for wave in waves if wave.height > 0]
    if not ups:
        return max(waves, key=lambda wave: abs(wave.height), default=None), None, None, None
    first = ups[0]
    downs_before = [wave for wave in waves if wave.height < 0 and wave.start < first.start]
    downs_after = [wave for wave in waves if wave.height < 0 and wave.start > first.start]
    q = max(downs_before, key=lambda wave: -wave.height, default=None)
    s = max(downs_after, key=lambda wave: -wave.height, default=None)
    later = [wave for wave in ups[1:] if downs_after and wave.start > downs_after[0].start]
    return q, first, s, max(later, key=lambda wave: wave.height, default=None)


def _above_ends(row: Row, start: int | None, end: int | None) -> float | None:
    """The largest deflection from the line between the wave's ends."""
    if start is None or end is None or end - start < 2:  # noqa: PLR2004 - no room for a wave
        return None
    wave = row[start : end + 1] - np.linspace(row[start], row[end], end - start + 1)
    height = float(wave[np.argmax(np.abs(wave))])
    return height if abs(height) >= _SMALLEST_PT_UV else 0.0


def _t_height(row: Row, marks: Fiducials) -> float | None:
    if marks.t_off is None or marks.t_peak is None:
        return None
    wave = row[min(marks.qrs_off + round(0.06 * HZ), marks.t_peak) : marks.t_off + 1]
    height = float(wave[np.argmax(np.abs(wave))])
    return height if abs(height) >= _SMALLEST_PT_UV else 0.0


def _st(smooth: Row, marks: Fiducials) -> tuple[float | None, float | None, float | None, float | None]:
    places = [marks.qrs_off + round(ms / 1000 * HZ) for ms in _ST_MS]
    levels = [float(smooth[place]) if place < len(smooth) else None for place in places]
    return levels[0], levels[1], levels[2], levels[3]


def axis(leads: tuple[str, ...], beat: Samples, start: int | None, end: int | None) -> float | None:
    """Frontal axis of the net area between two samples, -180 to 180; None without limb leads or without a direction."""
    limbs = _frontal(leads, beat)
    if limbs is None or start is None or end is None or end - start < 2:  # noqa: PLR2004
        return None
    level = [row[start : end + 1] - row[start] for row in limbs]
    across, down = (float(row.sum() / HZ) for row in level)
    down *= _TO_AVF
    if math.hypot(across, down) < _SMALLEST_AREA:
        return None
    return math.degrees(math.atan2(down, across))


def wave_axis(leads: tuple[str, ...], beat: Samples, start: int | None, end: int | None) -> float | None:
    """As `axis`, of a wave that stands on the line between its ends (P) ."""
    if start is None or end is None:
        return None
    share = np.linspace(0, 1, end - start + 1)
    piece = beat[:, start : end + 1]
    outside = (slice(max(0, start - _END), start + 1), slice(end, end + _END + 1))
    ends = [beat[:, around].mean(axis=1, keepdims=True) for around in outside]
    wave = piece - (ends[0] * (1 - share) + ends[1] * share)
    wave[:, 0] = 0.0
    return axis(leads, wave, 0, end - start)


def t_axis(leads: tuple[str, ...], beat: Samples, marks: Fiducials) -> float | None:
    """As `axis`, of T against the level before the QRS, from half way between J and its peak: what lies before is ST."""
    if marks.t_off is None or marks.t_peak is None:
        return None
    level = beat - np.median(
        beat[:, max(0, marks.qrs_on - round(_LEVEL_S * HZ)) : marks.qrs_on + 1], axis=1, keepdims=True
    )
    start = (marks.qrs_off + marks.t_peak) // 2
    level[:, start] = 0.0
    return axis(leads, level, start, marks.t_off)


def _frontal(leads: tuple[str, ...], beat: Samples) -> tuple[Row, Row] | None:
    """Leads I and aVF."""
    if "I" not in leads:
        return None
    one = beat[leads.index("I")]
    if "aVF" in leads:
        return one, beat[leads.index("aVF")]
    return (one, beat[leads.index("II")] - one / 2) if "II" in leads else None
