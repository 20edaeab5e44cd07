"""Whether P waves are there, and what the atria do when they are not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.averaging import Average
from reading_queue.preprocessing.ecg.measuring.results import Atria, AtrialRhythm, Fiducials, Presence
from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, band

_P_HZ = (1.0, 20.0)
_FLUTTER_HZ = (3.0, 12.0)
_STEP = 4
_RATE = HZ / _STEP
_LONGEST_LAG_S = 3.2

_FEWEST_BEATS = 2
_NEVER_ALIKE, _SELDOM_ALIKE, _OFTEN_ALIKE = 0.60, 0.72, 0.85
_IRREGULAR, _SLIGHTLY_IRREGULAR = 0.08, 0.05
_LOWEST_P_UV = 9.0
_FLUTTER_PERIOD_S = (0.160, 0.288)
_FLUTTER_FIRST, _FLUTTER_SECOND, _FLUTTER_UNLIKE = 0.42, 0.55, 0.85
_FLUTTER_CLEAR = 0.55
_SHORTER_THAN_RR = 0.75
_FAST, _FAST_WIDE, _WIDE_MS = 160.0, 130.0, 120.0
_FEW_BEATS, _FEW_ALIKE = 3, 0.9
_MOST_BEATS = 60
_FEWEST_FIBRILLATING = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """What `judge` needs of a record: `places` are those of the beats in the average, `all_places` of every beat."""

    samples: Samples
    usable: NDArray[np.bool_]
    places: NDArray[np.intp]
    all_places: NDArray[np.intp]
    average: Average
    marks: Fiducials
    irregularity: float | None
    paced: bool
    fused: bool


def judge(seen: Seen) -> Atria:
    """P waves are PRESENT when each beat's looks like the others' (fibrillation waves do not), ABSENT when they do not."""
    if seen.marks.p_on is None or len(seen.places) < _FEWEST_BEATS:
        return Atria()
    alike = _alikeness(seen)
    if not len(alike):
        return Atria()
    middle, low = float(np.median(alike)), float(np.percentile(alike, 25))
    regular_wave = 0.0 if seen.paced else _flutter(seen)
    if regular_wave >= (_FLUTTER_FIRST if low < _FLUTTER_UNLIKE else _FLUTTER_CLEAR):
        return Atria(Presence.ABSENT, AtrialRhythm.FLUTTER, middle, low)
    if seen.fused or (len(alike) < _FEW_BEATS and middle < _FEW_ALIKE):
        presence = Presence.UNKNOWN
    elif _is_absent(seen, middle, low):
        presence = Presence.ABSENT
    else:
        presence = Presence.UNKNOWN if seen.paced and low < _FLUTTER_UNLIKE else Presence.PRESENT
    return Atria(presence, _rhythm(seen, presence), middle, low)


def _is_absent(seen: Seen, middle: float, low: float) -> bool:
    irregular = seen.irregularity or 0.0
    return (
        middle < _NEVER_ALIKE
        or (irregular > _IRREGULAR and low < _OFTEN_ALIKE)
        or (irregular > _SLIGHTLY_IRREGULAR and middle < _SELDOM_ALIKE)
        or _height(seen) < _LOWEST_P_UV
    )


def _rhythm(seen: Seen, presence: Presence) -> AtrialRhythm:
    if presence == Presence.PRESENT:
        return AtrialRhythm.SINUS_LIKE
    at_random = (seen.irregularity or 0.0) > _IRREGULAR and len(seen.all_places) > _FEWEST_FIBRILLATING
    if presence == Presence.ABSENT and at_random and not seen.paced:
        return AtrialRhythm.FIBRILLATION
    return AtrialRhythm.UNKNOWN


def _p_window(marks: Fiducials) -> tuple[int, int]:
    assert marks.p_on is not None
    assert marks.p_off is not None
    return max(0, marks.p_on - 6), max(marks.p_on + 10, min(marks.p_off + 6, marks.qrs_on - 10))


def _alikeness(seen: Seen) -> NDArray[np.float64]:
    """Correlation of each beat's P, over all leads, with the median of the other beats'."""
    start, end = (edge - seen.average.at for edge in _p_window(seen.marks))
    inside = seen.places[(seen.places + start >= 0) & (seen.places + end < seen.samples.shape[1])][:_MOST_BEATS]
    if len(inside) < _FEWEST_BEATS:
        return np.empty(0)
    smooth = band(seen.samples[seen.usable], *_P_HZ)
    pieces = smooth[:, inside[:, None] + np.arange(start, end)].transpose(1, 0, 2)
    pieces = pieces - pieces.mean(axis=2, keepdims=True)
    return np.array([_correlation(piece, np.delete(pieces, at, axis=0)) for at, piece in enumerate(pieces)])


def _correlation(piece: Samples, others: NDArray[np.float64]) -> float:
    usual = np.median(others, axis=0)
    return float((piece * usual).sum() / np.sqrt((piece**2).sum() * (usual**2).sum() + 1e-9))


def _height(seen: Seen) -> float:
    """Of the candidate in the median beat, root mean square of the leads, above the line through its ends."""
    start, end = _p_window(seen.marks)
    piece = seen.average.beat[seen.usable][:, start:end]
    share = np.linspace(0, 1, piece.shape[1])
    line = piece[:, :4].mean(axis=1, keepdims=True) * (1 - share) + piece[:, -4:].mean(axis=1, keepdims=True) * share
    return float(np.sqrt(((piece - line) ** 2).mean(axis=0)).max())


def p_and_t_fuse(hr: float | None, qrs_ms: float) -> bool:
    """Whether the rate, or the rate and a wide QRS, put P and T where they cannot be told apart from the surface."""
    return hr is not None and (hr > _FAST or (hr > _FAST_WIDE and qrs_ms >= _WIDE_MS))


def _flutter(seen: Seen) -> float:
    """How well what is left without the QRS complexes repeats itself 210 to 375 times a minute, twice over at least; else 0."""
    likeness = _self_likeness(_without_qrs(seen))
    first, last = (round(seconds * _RATE) for seconds in _FLUTTER_PERIOD_S)
    if len(likeness) <= 2 * last + 3:
        return 0.0
    period = first + int(np.argmax(likeness[first : last + 1]))
    is_peak = likeness[period] >= max(likeness[period - 1], likeness[period + 1])
    again = likeness[2 * period - 2 : 2 * period + 3].max()
    rr = float(np.median(np.diff(seen.all_places))) / HZ if len(seen.all_places) > 1 else 0.0
    is_own = period / _RATE < _SHORTER_THAN_RR * rr
    return float(likeness[period]) if is_peak and is_own and again >= _FLUTTER_SECOND else 0.0


def _without_qrs(seen: Seen) -> Samples:
    bridged = seen.samples[seen.usable].copy()
    last = bridged.shape[1] - 1
    before, after = seen.marks.qrs_on - seen.average.at - 8, seen.marks.qrs_off - seen.average.at + 10
    for place in seen.all_places:
        start, end = max(0, int(place) + before), min(last, int(place) + after)
        share = np.linspace(0.0, 1.0, max(1, end - start + 1))
        bridged[:, start : end + 1] = bridged[:, [start]] * (1 - share) + bridged[:, [end]] * share
    return bridged


def _self_likeness(samples: Samples) -> NDArray[np.float64]:
    """Autocorrelation over all leads, 1 at lag 0, for lags up to 3 s."""
    inside = band(samples, *_FLUTTER_HZ)[:, ::_STEP]
    size = 1 << (2 * inside.shape[1] - 1).bit_length()
    power = (np.abs(np.fft.rfft(inside, size, axis=1)) ** 2).sum(axis=0)
    likeness = np.fft.irfft(power)[: min(round(_LONGEST_LAG_S * _RATE), inside.shape[1] // 2)]
    return np.asarray(likeness / max(float(likeness[0]), 1e-9) if len(likeness) else likeness)
