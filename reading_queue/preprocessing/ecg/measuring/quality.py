"""What is wrong with each lead, found before anything is measured; and limb electrodes that seem swapped, found after."""

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.results import Fault, Fiducials, LeadQuality
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, high_pass, low_pass

_FLAT_UV = 8.0
_SHORTEST_S, _SOME_MISSING = 1.2, 0.005
_MAINS_UV, _DRIFT_UV, _NOISE_UV, _SILLY_UV = 12.0, 800.0, 40.0, 20_000.0
_CLIPPED_RUN, _CLIPPED_SHARE = 6, 0.004
_RAIL_UV = 900.0
_PIECE_S = 8.0


def examine(samples: Samples, missing: NDArray[np.bool_]) -> list[LeadQuality]:
    """By lead, at the measuring rate; `missing` marks samples that were not recorded."""
    if samples.shape[1] < HZ * _SHORTEST_S / 2:
        return [
            LeadQuality((), usable=False, missing_share=float(gone.mean()) if gone.size else 1.0) for gone in missing
        ]
    slow = low_pass(samples, 0.6)
    fast = high_pass(samples, 35.0)
    mains = _mains(samples)
    return [
        _lead(samples[at], missing[at], slow[at], fast[at], (float(mains[0][at]), float(mains[1][at])))
        for at in range(len(samples))
    ]


def _lead(
    row: NDArray[np.float64],
    gone: NDArray[np.bool_],
    slow: NDArray[np.float64],
    fast: NDArray[np.float64],
    mains: tuple[float, float],
) -> LeadQuality:
    share = float(gone.mean())
    spread = float(np.percentile(row, 99.5) - np.percentile(row, 0.5))
    drift = float(slow.max() - slow.min())
    noise = float(1.4826 * np.median(np.abs(fast)))
    flat = spread < _FLAT_UV or (1 - share) * len(row) < _SHORTEST_S * HZ or spread > _SILLY_UV
    found = {
        Fault.FLAT: flat,
        Fault.GAPS: share > _SOME_MISSING,
        Fault.CLIPPED: not flat and _is_clipped(row),
        Fault.MAINS_50: mains[0] > _MAINS_UV,
        Fault.MAINS_60: mains[1] > _MAINS_UV,
        Fault.DRIFT: drift > _DRIFT_UV,
        Fault.NOISE: noise > _NOISE_UV and max(mains) <= _MAINS_UV,
    }
    faults = tuple(fault for fault, is_so in found.items() if is_so)
    return LeadQuality(faults, not flat, max(mains), noise, drift, share)


def _is_clipped(row: NDArray[np.float64]) -> bool:
    """Runs of one and the same extreme value, far from the middle: the amplifier's rail."""
    middle = float(np.median(row))
    for rail in (float(row.max()), float(row.min())):
        at_rail = np.abs(row - rail) < 1.0
        if abs(rail - middle) > _RAIL_UV and at_rail.mean() > _CLIPPED_SHARE and _longest_run(at_rail) >= _CLIPPED_RUN:
            return True
    return False


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _mains(samples: Samples) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Root mean square of the line at 50 and at 60 Hz above its surroundings, by lead, from pieces of some seconds."""
    length = min(samples.shape[1], round(_PIECE_S * HZ))
    begin = (samples.shape[1] - length) // 2
    piece = samples[:, begin : begin + length]
    windowed = (piece - piece.mean(axis=1, keepdims=True)) * np.hanning(length)
    power = np.abs(np.fft.rfft(windowed, axis=1)) ** 2
    hz = np.asarray(np.fft.rfftfreq(length, 1 / HZ), np.float64)
    return _line(power, hz, 50.0, length), _line(power, hz, 60.0, length)


def _line(power: NDArray[np.float64], hz: NDArray[np.float64], at: float, length: int) -> NDArray[np.float64]:
    width = max(0.6, 2 * HZ / length)
    on_line, beside = np.abs(hz - at) <= width, (np.abs(hz - at) > width) & (np.abs(hz - at) <= 5 * width)
    above = power[:, on_line].sum(axis=1) - power[:, beside].mean(axis=1) * on_line.sum()
    gain = length * float((np.hanning(length) ** 2).sum())
    return np.asarray(np.sqrt(2 * np.maximum(above, 0.0) / gain))


_SWAP_LEADS = ("I", "II", "V6")
_SWAP_P_UV, _SWAP_QRS_UV_S = 15.0, 4.0
_SWAP_UNLIKE = -0.5
_SILENT_UV, _LOUD_UV = 120.0, 400.0


def swapped_limbs(leads: tuple[str, ...], beat: Samples, marks: Fiducials) -> str:
    """A reason in words, or nothing. Right and left arm swapped: lead I upside down, P, QRS and T alike, while V6 is upright.

    Dextrocardia also turns V6 over and is therefore left alone. Right leg on an arm: lead I or II without any QRS.
    """
    if not set(_SWAP_LEADS) <= set(leads):
        return ""
    one, two, six = (beat[leads.index(name)] for name in _SWAP_LEADS)
    qrs = slice(marks.qrs_on, marks.qrs_off + 1)
    heights = [float(np.ptp(row[qrs])) for row in (one, two, six)]
    if heights[1] < _SILENT_UV and heights[0] > _LOUD_UV:
        return "lead II is almost flat: the right leg and right arm electrodes seem swapped"
    if marks.p_on is None or marks.p_off is None:
        return ""
    p = slice(marks.p_on, marks.p_off + 1)
    p_one, p_six = (_deflection(row[p]) for row in (one, six))
    area_one, area_six = (float(row[qrs].sum() / HZ) for row in (one, six))
    likeness = float(np.corrcoef(one[qrs], six[qrs])[0, 1]) if min(heights[0], heights[2]) > 1 else 0.0
    upside_down = p_one < -_SWAP_P_UV and area_one < -_SWAP_QRS_UV_S and likeness < _SWAP_UNLIKE
    if upside_down and area_six > 0 and p_six > -_SWAP_P_UV:
        return "P and QRS are upside down in lead I but not in V6: the right and left arm electrodes seem swapped"
    return ""


def _deflection(wave: NDArray[np.float64]) -> float:
    above = wave - np.linspace(wave[0], wave[-1], len(wave))
    return float(above[np.argmax(np.abs(above))])
