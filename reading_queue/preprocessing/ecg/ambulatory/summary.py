"""A long record in numbers: the whole, each hour, events, ST by the minute. Plain JSON values."""

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.ambulatory.events import Event, events, rates
from reading_queue.preprocessing.ecg.measuring.long_results import CLASSES, BeatColumns, LongRecord, StTrend
from reading_queue.preprocessing.ecg.measuring.results import BeatClass, Span

_HOUR_S = 3600.0
_PAUSE_S = 2.0
_LONGEST_RR_S = 15.0


def summary_of(record: LongRecord) -> dict[str, Any]:
    """What the page shows before anything else; tens of kilobytes for a day."""
    beats, seconds = record.beats, record.measurements.seconds
    rate = rates(beats)
    edges = np.arange(0.0, seconds, _HOUR_S)
    return {
        "engine": record.measurements.engine,
        "seconds": round(seconds, 3),
        "whole": _part(beats, rate, record.gaps, 0.0, seconds),
        "hours": [
            _part(beats, rate, record.gaps, float(start), min(seconds, float(start) + _HOUR_S)) for start in edges
        ],
        "events": [_event(one) for one in events(record)],
        "st": _st(record.st),
    }


def _part(
    beats: BeatColumns, rate: NDArray[np.float64], gaps: tuple[Span, ...], start: float, end: float
) -> dict[str, Any]:
    inside = (beats.at_s >= start) & (beats.at_s < end)
    rr = beats.rr_s[inside]
    rr = rr[np.isfinite(rr) & (rr <= _LONGEST_RR_S)]
    rates_here = rate[inside][np.isfinite(rate[inside])]
    normal = beats.rr_s[inside & beats.of(BeatClass.NORMAL)]
    return {
        "start_s": start,
        "seconds": round(end - start, 3),
        "beats": int(inside.sum()),
        "counts": {str(kind): int((inside & beats.of(kind)).sum()) for kind in CLASSES},
        "mean_hr": _number(60 / rr.mean() if len(rr) else None),
        "lowest_hr": _number(rates_here.min() if len(rates_here) else None),
        "highest_hr": _number(rates_here.max() if len(rates_here) else None),
        "longest_rr_ms": _number(1000 * rr.max() if len(rr) else None),
        "sdnn_ms": _number(1000 * float(np.nanstd(normal)) if np.isfinite(normal).sum() > 1 else None),
        "pauses": int((rr >= _PAUSE_S).sum()),
        "missing_s": round(sum(_overlap(gap, start, end) for gap in gaps), 1),
    }


def _overlap(gap: Span, start: float, end: float) -> float:
    return max(0.0, min(end, gap.start_s + gap.seconds) - max(start, gap.start_s))


def _event(one: Event) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": str(one.kind), "at_s": round(one.at_s, 3), "seconds": round(one.seconds, 3)}
    if one.beats:
        told["beats"] = one.beats
    if one.rate is not None:
        told["rate"] = _number(one.rate)
    return told | ({"lead": one.lead, "microvolts": _number(one.microvolts)} if one.lead else {})


def _st(trend: StTrend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    rows = [[round(value) if isfinite(value) else None for value in row.tolist()] for row in trend.microvolts]
    return {"leads": list(trend.leads), "minutes": rows}


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else round(float(value), 1)
