"""Records of minutes to days, in bounded memory: a stretch at a time, only times and shapes of beats kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring import rhythm
from reading_queue.preprocessing.ecg.measuring.engine import Found, measure_short, nothing, paced_beats
from reading_queue.preprocessing.ecg.measuring.long_results import (
    CLASSES,
    BeatColumns,
    InMemory,
    LongRecord,
    Source,
)
from reading_queue.preprocessing.ecg.measuring.preparing import prepare
from reading_queue.preprocessing.ecg.measuring.results import Beat, EcgMeasurements, Fault, LeadQuality, Span
from reading_queue.preprocessing.ecg.measuring.signals import HZ
from reading_queue.preprocessing.ecg.measuring.st_trend import st_trend
from reading_queue.preprocessing.ecg.measuring.stretch import (
    MINUTE_S,
    STRETCH_S,
    Chosen,
    Stretch,
    choose,
    cut,
    read_stretch,
)
from reading_queue.preprocessing.ecg.measuring.templates import Grouped, group_beats

__all__ = ["InMemory", "measure_long"]

_FEWEST_IN_STRETCH = 40
_FAULT_SHARE = 0.3
_TWICE_S = 0.15
_EXAMINED_EVERY_S = 900.0
_TOUCHING_S = 1.0
_SHORTEST_IRREGULAR = 100


def measure_long(source: Source) -> LongRecord:
    """As for a short record, but waves of single beats are left out; median beat and intervals are those of the quietest
    stretch with the usual beat. Beats are told by up to four leads. What `source` raises when it is read goes through.
    """
    seconds = source.samples / source.hz
    chosen = choose(source)
    if chosen is None:
        return LongRecord(nothing(source.leads, source.hz, seconds, "no lead has a signal"))
    stretches = [read_stretch(source, start_s, chosen) for start_s in _every(STRETCH_S, seconds)]
    quality = _quality(source, chosen, stretches)
    gaps = _joined([span for one in stretches for span in one.gaps])
    if not any(len(one.places) for one in stretches):
        empty = nothing(source.leads, source.hz, seconds, "no beats were found")
        return LongRecord(replace(empty, quality=quality), gaps=gaps)
    grouped = _sorted(group_beats(*_taken(stretches)))
    best = _best(stretches, grouped)
    model = measure_short(cut(source, best.start / HZ, STRETCH_S), source.leads, source.hz)
    beats, regular = _columns(grouped, stretches, chosen, source)
    return LongRecord(
        _whole(model, beats, stretches, seconds, quality),
        beats,
        st_trend(stretches, [source.leads[at] for at in chosen.shapes], model.median),
        gaps,
        _irregular(beats, regular),
    )


def _every(step_s: float, seconds: float) -> Iterator[float]:
    return iter(np.arange(0.0, seconds, step_s).tolist())


def _taken(stretches: Sequence[Stretch]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    places = np.concatenate([one.places for one in stretches])
    pieces = np.empty((len(places), *stretches[0].pieces.shape[1:]), np.float32)
    return np.concatenate([one.pieces for one in stretches], out=pieces), places


def _sorted(grouped: Grouped) -> Grouped:
    """In order of time; alignment may have moved two finds of one beat onto each other."""
    order = np.argsort(grouped.places, kind="stable")
    places = grouped.places[order]
    kept = np.r_[True, np.diff(places) > _TWICE_S * HZ]
    return Grouped(places[kept], grouped.group[order][kept], grouped.likeness[order][kept])


def _best(stretches: Sequence[Stretch], grouped: Grouped) -> Stretch:
    """The quietest stretch that has enough of the usual beats, else the one with most of them."""
    own = grouped.places[grouped.group == 0]
    counts = [int(((own >= one.start) & (own < one.start + STRETCH_S * HZ)).sum()) for one in stretches]
    enough = [at for at, count in enumerate(counts) if count >= min(_FEWEST_IN_STRETCH, max(counts))]
    return stretches[min(enough, key=lambda at: stretches[at].noise)]


def _columns(
    grouped: Grouped, stretches: Sequence[Stretch], chosen: Chosen, source: Source
) -> tuple[BeatColumns, NDArray[np.bool_]]:
    """The beats, and for each whether those around it come regularly."""
    times = grouped.places / HZ
    rr = rhythm.intervals(times, [gap for one in stretches for gap in one.gaps])
    paced = paced_beats(grouped.places, np.concatenate([one.pulses for one in stretches]))
    widths_of = {number: _width(grouped, number, chosen, source) for number in set(grouped.group.tolist())}
    widths = [widths_of[int(number)] for number in grouped.group]
    regular = rhythm.regular_stretches(rr, grouped.group == 0)
    whole = np.ones(len(times), np.bool_)
    kinds, early = rhythm.classes(rr, grouped.group, grouped.likeness, widths, paced, whole, regular)
    number_of = {kind: number for number, kind in enumerate(CLASSES)}
    codes = np.array([number_of[kind] for kind in kinds], np.uint8)
    return BeatColumns(times, rr, codes, grouped.group.astype(np.int8), early), regular


def _width(grouped: Grouped, number: int, chosen: Chosen, source: Source) -> float | None:
    """QRS width of a shape, from the minute around the middle one of its beats; None for shapes that occur once."""
    if number < 0:
        return None
    own = grouped.places[grouped.group == number]
    start_s = max(0.0, float(own[len(own) // 2]) / HZ - MINUTE_S / 2)
    prepared = prepare(cut(source, start_s, MINUTE_S)[list(chosen.looked_at)], source.hz)
    inside = own - round(start_s * HZ)
    inside = inside[(inside >= 0) & (inside < prepared.samples.shape[1])]
    return Found.width(prepared, inside) if prepared.usable.any() and len(inside) else None


def _whole(
    model: EcgMeasurements,
    beats: BeatColumns,
    stretches: Sequence[Stretch],
    seconds: float,
    quality: dict[str, LeadQuality],
) -> EcgMeasurements:
    """The model's shapes and intervals with the whole record's beats."""
    listed = tuple(_beat(*row) for row in zip(*_lists(beats), strict=True))
    return replace(
        model,
        seconds=seconds,
        overall=replace(model.overall, hr=rhythm.heart_rate(beats.rr_s) or model.overall.hr),
        rr=rhythm.statistics(beats.at_s, beats.rr_s, listed, seconds),
        beats=listed,
        quality=quality,
        pulses_s=tuple(float(place / HZ) for one in stretches for place in one.pulses),
        fibrillation=_joined(
            [(span.start_s, span.start_s + span.seconds) for one in stretches for span in one.fibrillation]
        ),
    )


def _lists(beats: BeatColumns) -> tuple[list[float], list[int], list[int], list[float], list[bool]]:
    return (
        beats.at_s.tolist(),
        beats.kind.tolist(),
        beats.template.tolist(),
        beats.rr_s.tolist(),
        beats.early.tolist(),
    )


def _beat(at_s: float, kind: int, template: int, rr_s: float, early: bool) -> Beat:  # noqa: FBT001
    return Beat(at_s, CLASSES[kind], template, rr_s if np.isfinite(rr_s) else None, early)


def _joined(spans: Sequence[tuple[float, float]]) -> tuple[Span, ...]:
    """Spans as begin and end, in order; those that touch, as at the edge of two stretches, are one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + _TOUCHING_S:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(Span(start, end - start) for start, end in found)


def _irregular(beats: BeatColumns, regular: NDArray[np.bool_]) -> tuple[Span, ...]:
    edges = np.flatnonzero(np.diff(np.r_[False, ~regular, False].astype(np.int8)))
    spans = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start < _SHORTEST_IRREGULAR:
            continue
        seconds = float(beats.at_s[end - 1] - beats.at_s[start])
        spans.append(Span(float(beats.at_s[start]), seconds, end - start, 60 * (end - start - 1) / seconds))
    return tuple(spans)


def _quality(source: Source, chosen: Chosen, stretches: Sequence[Stretch]) -> dict[str, LeadQuality]:
    """A lead has a fault when a third of its stretches have it; leads that are not looked at all the time are examined now
    and then.
    """
    known = {at: [one.quality[place] for one in stretches] for place, at in enumerate(chosen.looked_at)}
    others = [at for at in range(len(source.leads)) if at not in known]
    if others:
        seconds = source.samples / source.hz
        for start_s in _every(_EXAMINED_EVERY_S, seconds):
            prepared = prepare(cut(source, start_s, MINUTE_S)[others], source.hz)
            for at, found in zip(others, prepared.quality, strict=True):
                known.setdefault(at, []).append(found)
    return {lead: _lead_quality(known[at]) for at, lead in enumerate(source.leads)}


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
