"""How the intervals between beats go over a span: the shortest, usual and longest of every so many seconds."""

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring.long_results import BeatColumns

_LONGEST_RR_S = 15.0


def tendency(beats: BeatColumns, start_s: float, seconds: float, parts: int) -> NDArray[np.float64]:
    """(parts, 3): shortest, median and longest interval in ms of each of `parts` equal parts; NaN where there is none."""
    known = np.isfinite(beats.rr_s) & (beats.rr_s <= _LONGEST_RR_S)
    known &= (beats.at_s >= start_s) & (beats.at_s < start_s + seconds)
    at, rr = beats.at_s[known], beats.rr_s[known] * 1000
    found = np.full((parts, 3), np.nan)
    if not len(at):
        return found
    part = np.minimum(((at - start_s) / seconds * parts).astype(int), parts - 1)
    edges = np.flatnonzero(np.diff(part, prepend=-1))
    for first, last in zip(edges, np.r_[edges[1:], len(part)], strict=True):
        own = rr[first:last]
        found[part[first]] = own.min(), np.median(own), own.max()
    return found
