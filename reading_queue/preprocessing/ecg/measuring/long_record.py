"""Records of minutes to days, in bounded memory: a minute at a time, only times and shapes of beats kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring import rhythm
from reading_queue.preprocessing.ecg.measuring.detection import find_beats
from reading_queue.preprocessing.ecg.measuring.engine import Found, measure_short, nothing, paced_beats
from reading_queue.preprocessing.ecg.measuring.fibrillation import find_fibrillation
from reading_queue.preprocessing.ecg.measuring.preparing import best_leads, prepare
from reading_queue.preprocessing.ecg.measuring.results import Beat, EcgMeasurements, Fault, LeadQuality, Span
from reading_queue.preprocessing.ecg.measuring.signals import HZ
from reading_queue.preprocessing.ecg.measuring.templates import Grouped, Pieces, group_beats, pieces_around

PIECE_S = 60.0
_MARGIN_S = 2.0
_MOST_SHAPE_LEADS = 3
_FEWEST_IN_MINUTE = 20
_FAULT_SHARE = 0.3
_TWICE_S = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class _Minute:
    """What is kept of a minute; `places` and `pulses` count from the beginning of the record, at the measuring rate."""

    start: int
    places: NDArray[np.intp]
    pieces: Pieces
    pulses: NDArray[np.intp]
    gaps: list[tuple[float, float]]
    fibrillation: tuple[Span, ...]
    quality: Sequence[LeadQuality]
    noise: float


def measure_long(signal: NDArray[Any], leads: Sequence[str], hz: float) -> EcgMeasurements:
    """As for a short record, but waves of single beats are left out; median beat and intervals are those of the quietest
    minute with the usual beat. `signal` may be memory-mapped: it is read a minute at a time.
    """
    seconds = signal.shape[1] / hz
    shape_leads = _shape_leads(signal, leads, hz)
    if not shape_leads.any():
        return nothing(leads, hz, seconds, "no lead has a signal")
    minutes = [_minute(signal, hz, start_s, shape_leads) for start_s in _starts(seconds)]
    places = np.concatenate([minute.places for minute in minutes])
    quality = _quality(leads, [minute.quality for minute in minutes])
    if not len(places):
        return replace(nothing(leads, hz, seconds, "no beats were found"), quality=quality)
    grouped = _sorted(group_beats(np.concatenate([minute.pieces for minute in minutes]), places))
    best = _best_minute(minutes, grouped)
    model = measure_short(_cut(signal, hz, best.start / HZ, PIECE_S), leads, hz)
    whole = _beats(grouped, minutes, signal, hz)
    rr = rhythm.statistics(grouped.places / HZ, whole[1], whole[0], seconds)
    overall = replace(model.overall, hr=rhythm.heart_rate(whole[1]) or model.overall.hr)
    return replace(
        model,
        seconds=seconds,
        overall=overall,
        rr=rr,
        beats=whole[0],
        quality=quality,
        pulses_s=tuple(float(place / HZ) for minute in minutes for place in minute.pulses),
        fibrillation=tuple(span for minute in minutes for span in minute.fibrillation),
    )


def _starts(seconds: float) -> Iterator[float]:
    at = 0.0
    while at < seconds:
        yield at
        at += PIECE_S


def _cut(signal: NDArray[Any], hz: float, start_s: float, seconds: float) -> NDArray[np.float64]:
    first = max(0, round(start_s * hz))
    return np.asarray(signal[:, first : round((start_s + seconds) * hz)], np.float64)


def _shape_leads(signal: NDArray[Any], leads: Sequence[str], hz: float) -> NDArray[np.bool_]:
    """Up to three leads to tell shapes by: usable in the first of a few minutes spread over the record that has any."""
    for share in (0.3, 0.5, 0.1, 0.7, 0.9, 0.0):
        start_s = share * signal.shape[1] / hz
        usable = np.flatnonzero(prepare(_cut(signal, hz, start_s, PIECE_S), hz).steady)
        if len(usable):
            some = usable[np.unique(np.linspace(0, len(usable) - 1, _MOST_SHAPE_LEADS).astype(np.intp))]
            return np.isin(np.arange(len(leads)), some)
    return np.zeros(len(leads), np.bool_)


def _minute(signal: NDArray[Any], hz: float, start_s: float, shape_leads: NDArray[np.bool_]) -> _Minute:
    """A minute, measured with a margin on either side so that nothing is lost or found twice where minutes meet."""
    begin_s = max(0.0, start_s - _MARGIN_S)
    prepared = prepare(_cut(signal, hz, begin_s, start_s + PIECE_S + _MARGIN_S - begin_s), hz)
    offset = round(begin_s * HZ)
    first, last = round((start_s - begin_s) * HZ), round((start_s - begin_s + PIECE_S) * HZ)
    places = find_beats(prepared.samples, best_leads(prepared)) if prepared.usable.any() else np.empty(0, np.intp)
    places = places[(places >= first) & (places < last)]
    pulses = prepared.pulses[(prepared.pulses >= first) & (prepared.pulses < last)]
    return _Minute(
        start=round(start_s * HZ),
        places=places + offset,
        pieces=pieces_around(prepared.samples, shape_leads, places),
        pulses=pulses + offset,
        gaps=[(start + begin_s, end + begin_s) for start, end in prepared.gaps],
        fibrillation=tuple(
            _moved(span, begin_s) for span in find_fibrillation(prepared.samples[:, first:last], prepared.usable)
        )
        if prepared.usable.any()
        else (),
        quality=prepared.quality,
        noise=float(np.mean([lead.noise_uv + lead.drift_uv / 20 for lead in prepared.quality])),
    )


def _moved(span: Span, seconds: float) -> Span:
    return replace(span, start_s=span.start_s + seconds)


def _sorted(grouped: Grouped) -> Grouped:
    """In order of time; alignment may have moved two finds of one beat onto each other."""
    order = np.argsort(grouped.places, kind="stable")
    places = grouped.places[order]
    kept = np.r_[True, np.diff(places) > _TWICE_S * HZ]
    return Grouped(places[kept], grouped.group[order][kept], grouped.likeness[order][kept])


def _best_minute(minutes: Sequence[_Minute], grouped: Grouped) -> _Minute:
    """The quietest minute that has enough of the usual beats, else the one with most of them."""
    own = grouped.places[grouped.group == 0]
    counts = [int(((own >= one.start) & (own < one.start + PIECE_S * HZ)).sum()) for one in minutes]
    enough = [at for at, count in enumerate(counts) if count >= min(_FEWEST_IN_MINUTE, max(counts))]
    return minutes[min(enough, key=lambda at: minutes[at].noise)]


def _beats(
    grouped: Grouped, minutes: Sequence[_Minute], signal: NDArray[Any], hz: float
) -> tuple[tuple[Beat, ...], NDArray[np.float64]]:
    times = grouped.places / HZ
    rr = rhythm.intervals(times, [gap for minute in minutes for gap in minute.gaps])
    paced = paced_beats(grouped.places, np.concatenate([minute.pulses for minute in minutes]))
    widths_of = {number: _group_width(grouped, number, signal, hz) for number in {int(one) for one in grouped.group}}
    widths = [widths_of[int(number)] for number in grouped.group]
    whole = np.ones(len(times), np.bool_)
    kinds, early = rhythm.classes(rr, grouped.group, grouped.likeness, widths, paced, whole)
    beats = tuple(
        Beat(
            float(times[at]),
            kinds[at],
            int(grouped.group[at]),
            float(rr[at]) if np.isfinite(rr[at]) else None,
            bool(early[at]),
        )
        for at in range(len(times))
    )
    return beats, rr


def _group_width(grouped: Grouped, number: int, signal: NDArray[Any], hz: float) -> float | None:
    """QRS width of a shape, from the stretch around the middle one of its beats; None for shapes that occur once."""
    if number < 0:
        return None
    own = grouped.places[grouped.group == number]
    start_s = max(0.0, float(own[len(own) // 2]) / HZ - PIECE_S / 2)
    prepared = prepare(_cut(signal, hz, start_s, PIECE_S), hz)
    inside = own - round(start_s * HZ)
    inside = inside[(inside >= 0) & (inside < prepared.samples.shape[1])]
    return Found.width(prepared, inside) if prepared.usable.any() and len(inside) else None


def _quality(leads: Sequence[str], minutes: Sequence[Sequence[LeadQuality]]) -> dict[str, LeadQuality]:
    """A lead has a fault when a third of its minutes have it."""
    return {lead: _lead_quality([minute[at] for minute in minutes]) for at, lead in enumerate(leads)}


def _lead_quality(found: Sequence[LeadQuality]) -> LeadQuality:
    count = len(found)
    faults = tuple(fault for fault in Fault if sum(fault in one.faults for one in found) >= _FAULT_SHARE * count)
    return LeadQuality(
        faults=faults,
        usable=any(one.usable for one in found),
        mains_uv=float(np.median([one.mains_uv for one in found])),
        noise_uv=float(np.median([one.noise_uv for one in found])),
        drift_uv=float(np.median([one.drift_uv for one in found])),
        missing_share=float(np.mean([one.missing_share for one in found])),
    )
