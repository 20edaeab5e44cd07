"""The measuring of one ECG, from samples to everything that is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.measuring import rhythm
from reading_queue.preprocessing.ecg.measuring.atria import Seen, judge, p_and_t_fuse
from reading_queue.preprocessing.ecg.measuring.averaging import Average, average
from reading_queue.preprocessing.ecg.measuring.boundaries import confirmed, find_qrs, mark, without_p
from reading_queue.preprocessing.ecg.measuring.detection import find_beats
from reading_queue.preprocessing.ecg.measuring.dissociation import own_atrial_period
from reading_queue.preprocessing.ecg.measuring.fibrillation import find_fibrillation
from reading_queue.preprocessing.ecg.measuring.intervals import corrected, span_ms
from reading_queue.preprocessing.ecg.measuring.leads import axis, measure_leads, t_axis, wave_axis
from reading_queue.preprocessing.ecg.measuring.pacing import without_atrial
from reading_queue.preprocessing.ecg.measuring.preparing import Prepared, best_leads, prepare
from reading_queue.preprocessing.ecg.measuring.quality import swapped_limbs
from reading_queue.preprocessing.ecg.measuring.results import (
    ENGINE,
    Atria,
    AtrialRhythm,
    Beat,
    BeatClass,
    EcgMeasurements,
    Fiducials,
    GlobalMeasures,
    LeadMeasures,
    MedianBeat,
    Presence,
    RrStatistics,
)
from reading_queue.preprocessing.ecg.measuring.signals import HZ
from reading_queue.preprocessing.ecg.measuring.templates import Grouped, group_beats, pieces_around
from reading_queue.preprocessing.ecg.measuring.waves import WaveFinder

_SLOWEST_HZ, _FASTEST_HZ = 50.0, 20_000.0
_SHORTEST_S = 1.0
_PULSE_BEFORE_S = 0.120
_PACED_SHARE = 0.5
_NARROWER_SHARE = 0.6
_CLOSE_TO_END_S = 0.14
_DISSOCIATED_BELOW, _DISSOCIATED_REGULAR = 65.0, 0.06
_USUAL_RR_S = 0.8
_CALM_BEFORE, _CALM_IRREGULAR, _CALM_BEATS = 0.80, 0.95, 4
_IRREGULAR = 0.10
_FEW, _COMMON_SHARE = 2, 0.6
_INTERVALS = ("p_ms", "pr_ms", "qrs_ms", "qt_ms")
_NO_BEATS = "no beats were found"
_COARSEST_HZ = 95.0
_FUSED_RATE = 160.0


def nothing(leads: Sequence[str], hz: float, seconds: float, reason: str) -> EcgMeasurements:
    """A record of which nothing can be said but why."""
    return EcgMeasurements(
        ENGINE, tuple(leads), hz, seconds, GlobalMeasures(), RrStatistics(), Atria(), not_measured={"all": reason}
    )


def unmeasurable(signal: NDArray[Any], leads: Sequence[str], hz: float) -> str:
    """Why the input cannot be measured at all; empty when it can."""
    if signal.ndim != 2 or signal.shape[0] != len(leads) or not len(leads):  # noqa: PLR2004 - leads x samples
        return "samples and leads do not belong together"
    if not np.isfinite(hz) or not _SLOWEST_HZ <= hz <= _FASTEST_HZ:
        return "the sampling rate is not that of an ECG"
    return "" if signal.shape[1] >= _SHORTEST_S * hz else "the record is too short"


def measure_short(signal: NDArray[np.float64], leads: Sequence[str], hz: float) -> EcgMeasurements:
    """A record of some seconds to two minutes; `measure` takes any."""
    prepared = prepare(signal, hz)
    seconds = signal.shape[1] / hz
    quality = dict(zip(leads, prepared.quality, strict=True))
    if not prepared.usable.any():
        return replace(nothing(leads, hz, seconds, "no lead has a signal"), quality=quality)
    fibrillation = find_fibrillation(prepared.samples, prepared.usable)
    found = Found.of(prepared, hz)
    whole = assemble(found, leads, hz, seconds)
    return replace(whole, quality=quality, fibrillation=fibrillation)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The beats of a prepared stretch, grouped by shape; `main` is the average of group 0."""

    prepared: Prepared
    chosen: NDArray[np.bool_]
    grouped: Grouped
    paced: NDArray[np.bool_]
    widths: Sequence[float | None]
    main: Average | None
    rr: NDArray[np.float64]
    is_coarse: bool

    @classmethod
    def of(cls, prepared: Prepared, hz: float) -> "Found":
        chosen = best_leads(prepared)
        places = without_atrial(find_beats(prepared.samples, chosen), prepared.pulses, prepared.samples[chosen])
        comparable = chosen & prepared.steady
        grouped = _grouped(prepared, comparable, places)
        times = grouped.places / HZ
        rr = rhythm.intervals(times, prepared.gaps)
        paced = paced_beats(grouped.places, prepared.pulses)
        rr_s = _median_rr(rr)
        widths_of = _group_widths(prepared, chosen, grouped, rr_s)
        first = _narrowest(grouped, widths_of, paced)
        grouped, widths_of = _put_first(grouped, first), widths_of | {0: widths_of.get(first), first: widths_of.get(0)}
        widths = _beat_widths(prepared, chosen, grouped, widths_of, rr_s)
        main = average(prepared.samples, undisturbed(grouped, rr), rr_s, prepared.missing)
        return cls(prepared, chosen, grouped, paced, widths, main, rr, hz < _COARSEST_HZ)

    @property
    def is_noise(self) -> bool:
        """Whether most of what was found has no shape in common with anything else."""
        group = self.grouped.group
        return len(group) > _FEW and float((group == 0).mean()) < _COMMON_SHARE

    @staticmethod
    def width(prepared: Prepared, places: NDArray[np.intp]) -> float | None:
        """QRS width in ms of the average of the beats at these places."""
        return _width_of(prepared, best_leads(prepared), places, _USUAL_RR_S)


def _grouped(prepared: Prepared, comparable: NDArray[np.bool_], places: NDArray[np.intp]) -> Grouped:
    if not comparable.any() or not len(places):
        return Grouped(places, np.zeros(len(places), np.intp), np.ones(len(places)))
    grouped = group_beats(pieces_around(prepared.samples, comparable, places), places)
    kept = np.r_[True, np.diff(grouped.places) > 0]
    return Grouped(grouped.places[kept], grouped.group[kept], grouped.likeness[kept])


def _median_rr(rr: NDArray[np.float64]) -> float:
    known = rr[np.isfinite(rr)]
    return float(np.median(known)) if len(known) else _USUAL_RR_S


def _group_widths(
    prepared: Prepared, chosen: NDArray[np.bool_], grouped: Grouped, rr_s: float
) -> dict[int, float | None]:
    """QRS width in ms of each shape that several beats have."""
    numbers = sorted({int(number) for number in grouped.group if number >= 0})
    return {one: _width_of(prepared, chosen, grouped.places[grouped.group == one], rr_s) for one in numbers}


def _beat_widths(
    prepared: Prepared,
    chosen: NDArray[np.bool_],
    grouped: Grouped,
    widths_of: dict[int, float | None],
    rr_s: float,
) -> list[float | None]:
    """QRS width of each beat's shape; of the beat alone when it has a shape of its own."""
    return [
        widths_of[int(number)] if number >= 0 else _width_of(prepared, chosen, grouped.places[at : at + 1], rr_s)
        for at, number in enumerate(grouped.group)
    ]


def _marking_rr(found: Found) -> float:
    """The interval that limits where T and P may lie. QT follows the rate slowly: where beats come at random, a short one."""
    irregular = (rhythm.irregularity(found.rr, found.grouped.group == 0) or 0.0) > _IRREGULAR
    known = found.rr[np.isfinite(found.rr)]
    return float(np.percentile(known, 25)) if irregular and len(known) else _median_rr(found.rr)


def _width_of(prepared: Prepared, chosen: NDArray[np.bool_], places: NDArray[np.intp], rr_s: float) -> float | None:
    beat = average(prepared.samples, places, min(rr_s, _USUAL_RR_S), prepared.missing)
    qrs = find_qrs(beat, chosen & np.isfinite(beat.beat).all(axis=1)) if beat is not None else None
    return None if qrs is None else (qrs[1] - qrs[0]) / HZ * 1000


def _narrowest(grouped: Grouped, widths: dict[int, float | None], paced: NDArray[np.bool_]) -> int:
    """Of the groups that are nearly as frequent as the first the narrowest unpaced one: in bigeminy the sinus beat."""
    counts = np.bincount(grouped.group[grouped.group >= 0], minlength=1)
    rivals = [one for one in range(len(counts)) if counts[one] and counts[one] >= _NARROWER_SHARE * counts[0]]
    known = [
        (bool(paced[grouped.group == one].mean() > _PACED_SHARE), widths.get(one) or np.inf, one) for one in rivals
    ]
    return min(known, default=(False, 0.0, 0))[2]


def _put_first(grouped: Grouped, first: int) -> Grouped:
    swapped = grouped.group.copy()
    swapped[grouped.group == 0], swapped[grouped.group == first] = first, 0
    return Grouped(grouped.places, swapped, grouped.likeness)


def undisturbed(grouped: Grouped, rr: NDArray[np.float64]) -> NDArray[np.intp]:
    """Beats of the first shape that neither come early nor have the next one on their heels, where there are enough."""
    usual = _median_rr(rr)
    before, after = np.nan_to_num(rr, nan=usual), np.nan_to_num(np.r_[rr[1:], usual], nan=usual)
    own = grouped.group == 0
    irregular = (rhythm.irregularity(rr, own) or 0.0) > _IRREGULAR
    calm = own & (before >= _CALM_BEFORE * usual) & (after >= (_CALM_IRREGULAR if irregular else _CALM_BEFORE) * usual)
    return np.asarray(grouped.places[calm if calm.sum() >= min(_CALM_BEATS, own.sum()) else own])


def paced_beats(places: NDArray[np.intp], pulses: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Beats with a pulse right before them; none when that is seldom enough to be chance."""
    if len(pulses) < 2 or not len(places):  # noqa: PLR2004 - one jump is an artefact
        return np.zeros(len(places), np.bool_)
    last = np.searchsorted(pulses, places, side="right") - 1
    since = places - pulses[np.maximum(last, 0)]
    return np.asarray((last >= 0) & (since <= _PULSE_BEFORE_S * HZ))


def assemble(found: Found, leads: Sequence[str], hz: float, seconds: float) -> EcgMeasurements:
    """What the beats of one stretch give; quality and fibrillation are added by the caller."""
    names = tuple(leads)
    pulses_s = tuple(float(place / HZ) for place in found.prepared.pulses)
    if not len(found.grouped.places):
        return replace(nothing(leads, hz, seconds, _NO_BEATS), pulses_s=pulses_s)
    measured = Measured.of(found)
    if measured.marks is None and found.is_noise:
        return replace(nothing(leads, hz, seconds, _NO_BEATS), pulses_s=pulses_s)
    beats = _beats(found, measured)
    rr = rhythm.statistics(found.grouped.places / HZ, found.rr, beats, seconds)
    overall, reasons = measured.overall(names, found)
    return EcgMeasurements(
        engine=ENGINE,
        leads=names,
        hz=hz,
        seconds=seconds,
        overall=overall,
        rr=rr,
        atria=measured.atria,
        beats=beats,
        median=measured.median(names),
        per_lead=measured.per_lead(names),
        pulses_s=pulses_s,
        swapped=measured.swapped(names),
        not_measured=reasons,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The median beat with its marks, and what the atria do."""

    main: Average | None
    marks: Fiducials | None
    atria: Atria
    atrial_period_s: float | None

    @classmethod
    def of(cls, found: Found) -> "Measured":
        main = found.main
        if main is None:
            return cls(None, None, Atria(), None)
        chosen = found.chosen & np.isfinite(main.beat).all(axis=1)
        rr_s = _marking_rr(found)
        marks = mark(main, chosen, rr_s) if chosen.any() else None
        if marks is None:
            return cls(main, None, Atria(), None)
        atria, period = _atria(found, main, marks, chosen)
        marks = confirmed(marks, main, chosen, rr_s) if atria.p_waves == Presence.PRESENT else without_p(marks)
        return cls(main, marks, atria, period)

    def overall(self, leads: tuple[str, ...], found: Found) -> tuple[GlobalMeasures, dict[str, str]]:
        """The global values, and why the others are not there."""
        hr = rhythm.heart_rate(found.rr)
        reasons = {} if hr else {"hr": "fewer than two beats"}
        if self.main is None or self.marks is None or found.is_coarse:
            why = "the sampling rate is too low for intervals" if found.is_coarse else self._why()
            return GlobalMeasures(hr=hr), reasons | dict.fromkeys(_INTERVALS, why)
        marks, beat = self.marks, self.main.beat
        p_ms, pr_ms = span_ms(marks.p_on, marks.p_off), span_ms(marks.p_on, marks.qrs_on)
        if p_ms is None:
            reasons |= dict.fromkeys(("p_ms", "pr_ms"), _no_p_because(self.atria))
        hidden = self._t_is_hidden(hr)
        qt_ms = None if hidden else span_ms(marks.qrs_on, marks.t_off)
        if qt_ms is None:
            reasons["qt_ms"] = hidden or "no T stands out"
        rr_s = 60 / hr if hr else None
        return (
            GlobalMeasures(
                hr=hr,
                p_ms=p_ms,
                pr_ms=pr_ms,
                qrs_ms=span_ms(marks.qrs_on, marks.qrs_off),
                qt_ms=qt_ms,
                **corrected(qt_ms, rr_s),
                p_axis_deg=wave_axis(leads, beat, marks.p_on, marks.p_off),
                qrs_axis_deg=axis(leads, beat, marks.qrs_on, marks.qrs_off),
                t_axis_deg=t_axis(leads, beat, marks),
                atrial_rate=self._atrial_rate(hr),
            ),
            reasons,
        )

    def _t_is_hidden(self, hr: float | None) -> str:
        if self.atria.rhythm == AtrialRhythm.FLUTTER:
            return "flutter waves hide the end of T"
        return "T and P run together at this rate" if hr is not None and hr > _FUSED_RATE else ""

    def _why(self) -> str:
        return (
            "no beat lies whole within the record" if self.main is None else "the QRS does not stand out from the noise"
        )

    def _atrial_rate(self, hr: float | None) -> float | None:
        if self.atrial_period_s is not None:
            return 60 / self.atrial_period_s
        return hr if self.atria.p_waves == Presence.PRESENT else None

    def median(self, leads: tuple[str, ...]) -> MedianBeat | None:
        if self.main is None:
            return None
        return MedianBeat(leads, HZ, self.main.beat, self.main.at, self.main.beats, self.marks)

    def per_lead(self, leads: tuple[str, ...]) -> dict[str, LeadMeasures]:
        if self.main is None or self.marks is None:
            return {}
        return measure_leads(leads, self.main.beat, self.marks)

    def swapped(self, leads: tuple[str, ...]) -> str:
        return (
            swapped_limbs(leads, self.main.beat, self.marks) if self.main is not None and self.marks is not None else ""
        )


def _atria(found: Found, main: Average, marks: Fiducials, chosen: NDArray[np.bool_]) -> tuple[Atria, float | None]:
    grouped, samples = found.grouped, found.prepared.samples
    irregular = rhythm.irregularity(found.rr, grouped.group == 0)
    steady = chosen & found.prepared.steady
    if not steady.any():
        return Atria(), None
    paced = bool(found.paced[grouped.group == 0].mean() > _PACED_SHARE)
    own = grouped.places[grouped.group == 0]
    qrs_ms = (marks.qrs_off - marks.qrs_on) / HZ * 1000
    fused = p_and_t_fuse(rhythm.heart_rate(found.rr), qrs_ms)
    seen = Seen(samples, steady, own, grouped.places, main, marks, irregular, paced, fused)
    atria = judge(seen)
    hr = rhythm.heart_rate(found.rr)
    searched = atria.p_waves != Presence.PRESENT and atria.rhythm == AtrialRhythm.UNKNOWN and not paced
    if not searched or hr is None or hr > _DISSOCIATED_BELOW or (irregular or 0.0) > _DISSOCIATED_REGULAR:
        return atria, None
    period = own_atrial_period(samples, steady, grouped.places, main, 60 / hr)
    return (replace(atria, dissociated=True), period) if period else (atria, None)


def _no_p_because(atria: Atria) -> str:
    if atria.dissociated:
        return "P waves and QRS keep no relation"
    if atria.p_waves == Presence.ABSENT:
        return "no P waves"
    return "P waves cannot be told from noise"


def _beats(found: Found, measured: Measured) -> tuple[Beat, ...]:
    grouped, last = found.grouped, found.prepared.samples.shape[1]
    reach = round(_CLOSE_TO_END_S * HZ)
    whole = (grouped.places >= reach) & (grouped.places < last - reach)
    kinds, early = rhythm.classes(found.rr, grouped.group, grouped.likeness, found.widths, found.paced, whole)
    finder = None
    if measured.main is not None and measured.marks is not None and found.chosen.any():
        lead_is_known = found.chosen & np.isfinite(measured.main.beat).all(axis=1) & found.prepared.steady
        if lead_is_known.any():
            finder = WaveFinder(found.prepared.samples, lead_is_known, measured.main, measured.marks)
    return tuple(_beat(found, at, kinds[at], bool(early[at]), finder) for at in range(len(kinds)))


def _beat(found: Found, at: int, kind: BeatClass, early: bool, finder: WaveFinder | None) -> Beat:  # noqa: FBT001
    places = found.grouped.places
    rr = float(found.rr[at]) if np.isfinite(found.rr[at]) else None
    beat = Beat(float(places[at] / HZ), kind, int(found.grouped.group[at]), rr, early)
    if finder is None or found.grouped.group[at] != 0:
        return beat
    following = int(places[at + 1]) if at + 1 < len(places) else None
    p, qrs, t = finder.waves(int(places[at]), following)
    return replace(beat, p=p, qrs=qrs, t=t)
