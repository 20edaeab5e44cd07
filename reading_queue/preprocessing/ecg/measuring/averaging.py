"""The median beat: all beats of one shape laid over each other, the baseline of each taken off at its PR segment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.signals import HZ, Samples, high_pass, smoothed

LONGEST_BEFORE_S, LONGEST_AFTER_S = 0.50, 0.75
_MOST_BEATS = 120
_KNOT_S = 0.016
_SEARCH_S = (0.150, 0.034)
_SHARE_BEFORE, _SHARE_AFTER = 0.62, 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """`beat` (leads, samples) in microvolts at the measuring rate, the fiducial at sample `at`, zero at the PR segment.

    `noise` is the standard deviation of one beat around it, by lead; `beats` how many went in.
    """

    beat: Samples
    at: int
    noise: NDArray[np.float64]
    beats: int


def window(rr_s: float) -> tuple[int, int]:
    """Samples before and after the fiducial that belong to a beat of this interval."""
    before = min(LONGEST_BEFORE_S, max(0.22, _SHARE_BEFORE * rr_s))
    after = min(LONGEST_AFTER_S, max(0.28, _SHARE_AFTER * rr_s))
    return round(before * HZ), round(after * HZ)


def average(
    samples: Samples, places: NDArray[np.intp], rr_s: float, missing: NDArray[np.bool_] | None = None
) -> Average | None:
    """None when no beat lies whole within the samples. A lead that is `missing` in all beats is NaN."""
    before, after = window(rr_s)
    whole = places[(places >= before) & (places + after < samples.shape[1])]
    if not len(whole):
        return None
    chosen = whole[np.unique(np.linspace(0, len(whole) - 1, _MOST_BEATS).astype(np.intp))]
    level = levelled(samples, places, quiet_place(samples, chosen))
    pieces = level[:, chosen[:, None] + np.arange(-before, after)]
    if missing is not None and missing.any():
        gone = np.asarray(missing[:, chosen[:, None] + np.arange(-before, after)]).any(axis=2).reshape(len(samples), -1)
        beat = np.stack([_median(rows[~lost]) for rows, lost in zip(pieces, gone, strict=True)])
    else:
        beat = np.median(pieces, axis=1)
    rest = np.nan_to_num(pieces - beat[:, None, :])
    noise = 1.4826 * np.median(np.abs(rest), axis=(1, 2)) if len(chosen) > 1 else np.full(len(samples), np.nan)
    return Average(np.asarray(beat, np.float64), before, np.asarray(noise, np.float64), len(chosen))


def _median(rows: Samples) -> NDArray[np.float64]:
    return np.asarray(np.median(rows, axis=0) if len(rows) else np.full(rows.shape[1], np.nan))


def quiet_place(samples: Samples, places: NDArray[np.intp]) -> int:
    """How many samples before the fiducial the leads are quietest, all beats together: the PR segment."""
    far, near = (round(seconds * HZ) for seconds in _SEARCH_S)
    inside = places[places > far + 1]
    if not len(inside):
        return near
    around = samples[:, inside[:, None] + np.arange(-far, -near)]
    steep = np.abs(np.diff(np.median(around - around[:, :, -1:], axis=1), axis=1)).sum(axis=0)
    calm = smoothed(steep, round(0.024 * HZ))
    return far - int(np.argmin(calm))


def levelled(samples: Samples, places: NDArray[np.intp], quiet: int) -> Samples:
    """Samples with the line through the PR segments of all beats taken off; without beats, high-passed."""
    half = max(1, round(_KNOT_S * HZ / 2))
    knots = places - quiet
    knots = knots[(knots >= half) & (knots + half < samples.shape[1])]
    if len(knots) < 2:  # noqa: PLR2004 - a line needs two
        return high_pass(samples, 0.3) if not len(knots) else samples - _heights(samples, knots, half)
    heights = _heights(samples, knots, half)
    everywhere = np.arange(samples.shape[1])
    return np.asarray(samples - np.stack([np.interp(everywhere, knots, row) for row in heights]))


def _heights(samples: Samples, knots: NDArray[np.intp], half: int) -> Samples:
    return np.asarray(np.median(samples[:, knots[:, None] + np.arange(-half, half + 1)], axis=2))
