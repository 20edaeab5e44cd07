"""What happened in a long record and when: the places that somebody reading it jumps to."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring import rhythm
from reading_queue.preprocessing.ecg.measuring.long_results import BeatColumns, LongRecord, StTrend
from reading_queue.preprocessing.ecg.measuring.results import BeatClass, Span

FEWEST_IN_RUN = 3
_COUPLET = 2
_ST_CHANGE_UV = 100.0
_RATE_BEATS = 8
_LONGEST_RR_S = 15.0
_SHORTEST_GAP_S = 1.0
MOST_OF_A_KIND = 200


class EventKind(StrEnum):
    FIBRILLATION = "fibrillation"
    VENTRICULAR_RUN = "ventricular_run"
    SUPRAVENTRICULAR_RUN = "supraventricular_run"
    COUPLET = "couplet"
    PAUSE = "pause"
    FAST = "fast"
    IRREGULAR = "irregular"
    ST = "st"
    FASTEST = "fastest"
    SLOWEST = "slowest"
    LONGEST_RR = "longest_rr"
    NO_SIGNAL = "no_signal"


@dataclass(frozen=True, slots=True)
class Event:
    """`rate` a minute; `microvolts` and `lead` of ST: the largest change from what is usual in this record."""

    kind: EventKind
    at_s: float
    seconds: float
    beats: int = 0
    rate: float | None = None
    lead: str = ""
    microvolts: float | None = None


def events(record: LongRecord) -> list[Event]:
    """In order of time; of each kind the most that matter, the longest first chosen."""
    kept: list[Event] = []
    found = list(_all(record))
    for kind in EventKind:
        own = sorted((one for one in found if one.kind == kind), key=lambda one: -one.seconds)
        kept += own[:MOST_OF_A_KIND]
    return sorted(kept, key=lambda one: one.at_s)


def _all(record: LongRecord) -> Iterator[Event]:
    rr, beats = record.measurements.rr, record.beats
    yield from _spans(EventKind.FIBRILLATION, record.measurements.fibrillation)
    yield from _spans(EventKind.VENTRICULAR_RUN, rr.ventricular_runs)
    yield from _spans(EventKind.FAST, rr.fast_runs)
    yield from _spans(EventKind.PAUSE, rr.pauses)
    yield from _spans(EventKind.IRREGULAR, record.irregular)
    yield from _spans(EventKind.NO_SIGNAL, [gap for gap in record.gaps if gap.seconds >= _SHORTEST_GAP_S])
    early = rhythm.runs(beats.at_s, beats.rr_s, beats.of(BeatClass.SUPRAVENTRICULAR), FEWEST_IN_RUN)
    yield from _spans(EventKind.SUPRAVENTRICULAR_RUN, early)
    pairs = rhythm.runs(beats.at_s, beats.rr_s, beats.of(BeatClass.VENTRICULAR), _COUPLET)
    yield from _spans(EventKind.COUPLET, [span for span in pairs if span.beats == _COUPLET])
    yield from _extremes(beats)
    yield from st_events(record.st)


def _spans(kind: EventKind, spans: "tuple[Span, ...] | list[Span]") -> Iterator[Event]:
    for span in spans:
        yield Event(kind, span.start_s, span.seconds, span.beats, span.rate)


def rates(beats: BeatColumns) -> NDArray[np.float64]:
    """Mean rate of the eight intervals that end with each beat; NaN where one is unknown or belongs to an artefact."""
    known = np.where(beats.of(BeatClass.UNCLASSIFIABLE) | (beats.rr_s > _LONGEST_RR_S), np.nan, beats.rr_s)
    if len(known) < _RATE_BEATS:
        return np.full(len(known), np.nan)
    sums = np.convolve(known, np.ones(_RATE_BEATS), "valid")
    return np.asarray(np.r_[np.full(_RATE_BEATS - 1, np.nan), 60 * _RATE_BEATS / sums])


def _extremes(beats: BeatColumns) -> Iterator[Event]:
    rate = rates(beats)
    if np.isfinite(rate).any():
        for kind, at in ((EventKind.FASTEST, int(np.nanargmax(rate))), (EventKind.SLOWEST, int(np.nanargmin(rate)))):
            seconds = 60 * _RATE_BEATS / float(rate[at])
            yield Event(kind, float(beats.at_s[at]) - seconds, seconds, _RATE_BEATS + 1, float(rate[at]))
    known = np.where(beats.rr_s <= _LONGEST_RR_S, beats.rr_s, np.nan)
    if np.isfinite(known).any():
        at = int(np.nanargmax(known))
        yield Event(EventKind.LONGEST_RR, float(beats.at_s[at] - known[at]), float(known[at]), 2, 60 / float(known[at]))


def st_events(trend: StTrend | None) -> Iterator[Event]:
    """Minutes in which a lead's ST is a tenth of a millivolt away from its usual level; neighbouring ones are one event."""
    if trend is None:
        return
    for lead, row in zip(trend.leads, trend.microvolts, strict=True):
        if not np.isfinite(row).any():
            continue
        change = row - np.nanmedian(row)
        far = np.nan_to_num(np.abs(change)) >= _ST_CHANGE_UV
        edges = np.flatnonzero(np.diff(np.r_[False, far, False].astype(np.int8)))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            most = float(change[start + int(np.argmax(np.abs(change[start:end])))])
            yield Event(EventKind.ST, 60.0 * start, 60.0 * (end - start), lead=lead, microvolts=most)
