"""What a measured ECG makes suspect of the critical findings that provinces list; always for a person to confirm.

`measured` and `stated` use the names of `reading_queue.critical.shipped_ecg`; which list holds, and its thresholds, the county
decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reading_queue.preprocessing.ecg.measuring.results import (
    AtrialRhythm,
    BeatClass,
    EcgMeasurements,
    Presence,
    Span,
)
from reading_queue.preprocessing.ecg.patterns import (
    LIMB,
    WIDE_MS,
    Patient,
    elevated_leads,
    highest,
    in_mv,
    is_paced,
    is_wide,
    peaked_t,
    qtc_ms,
)

_SUSTAINED_S = 30.0
_LONG_PAUSE_S = 3.0
_LONG_QTC_MS = 500.0
_WIDE_TACHYCARDIA_MS, _TACHYCARDIA, _SUPRAVENTRICULAR = 130.0, 120.0, 150.0
_ALL_BUT_ALL = 0.9
_PREEXCITED_MS = 250.0
_FEWEST_BEATS = 3
_SEVERE_QRS_MS = 130.0
_SHAPES_OF_POLYMORPHIC = 3
_LONGEST_RUN_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Measures and statements that belong together (a whole record, or one run in it), and the evidence in numbers."""

    evidence: str
    measured: Mapping[str, float] = field(default_factory=dict)
    stated: frozenset[str] = frozenset()


def suspicions(measured: EcgMeasurements, patient: Patient) -> tuple[Suspicion, ...]:
    """Everything that the lists of critical values could ask about. Rates and pauses are given whether or not they are critical."""
    return tuple(_all(measured, patient))


def _all(measured: EcgMeasurements, patient: Patient) -> Iterator[Suspicion]:
    for span in measured.fibrillation:
        yield Suspicion(f"心室颤动样波形：{span.start_s:.1f} s 起，持续 {span.seconds:.1f} s", {}, frozenset({"vf"}))
    if len(measured.beats) >= _FEWEST_BEATS and not measured.fibrillation:
        yield _rates(measured)
        yield from _rhythm(measured)
        yield from _runs(measured)
        yield from _morphology(measured, patient)


def _rates(measured: EcgMeasurements) -> Suspicion:
    """Rate, longest interval and number of pauses."""
    rr, hr = measured.rr, measured.overall.hr
    found = {
        "ventricular_rate": hr,
        "rr_longest": None if rr.longest_ms is None else rr.longest_ms / 1000,
        "pauses_of_3_s": float(sum(pause.seconds >= _LONG_PAUSE_S for pause in rr.pauses)),
    }
    known = {name: value for name, value in found.items() if value is not None}
    words = f"心室率 {hr:.0f} 次/分" if hr else "心室率未测得"
    longest = f"，最长RR间期 {rr.longest_ms / 1000:.2f} s" if rr.longest_ms else ""
    return Suspicion(words + longest, known)


def _rhythm(measured: EcgMeasurements) -> Iterator[Suspicion]:
    hr, rr = measured.overall.hr or 0.0, measured.rr
    lasting = {"ventricular_rate": hr, "duration": _lasting(measured)}
    rhythm = measured.atria.rhythm
    if rhythm in (AtrialRhythm.FIBRILLATION, AtrialRhythm.FLUTTER):
        name, words = ("af", "心房颤动") if rhythm == AtrialRhythm.FIBRILLATION else ("afl", "心房扑动")
        longest = {"rr_longest": rr.longest_ms / 1000} if rr.longest_ms else {}
        yield Suspicion(f"{words}，心室率 {hr:.0f} 次/分", lasting | longest, frozenset({name}))
        if is_wide(measured) and rr.shortest_ms is not None and rr.shortest_ms < _PREEXCITED_MS:
            evidence = f"心房颤动，QRS {measured.overall.qrs_ms:.0f} ms，最短RR {rr.shortest_ms:.0f} ms"
            yield Suspicion(evidence, {"rr_shortest": rr.shortest_ms}, frozenset({"af_preexcitation"}))
    elif _has_no_clear_p(measured) and hr >= _TACHYCARDIA and not is_paced(measured):
        yield from _tachycardia(measured, lasting)
    if measured.atria.dissociated:
        evidence = f"P波与QRS无固定关系，心房率 {measured.overall.atrial_rate or 0:.0f}，心室率 {hr:.0f} 次/分"
        yield Suspicion(evidence, {"ventricular_rate": hr}, frozenset({"av_block_3"}))


def _tachycardia(measured: EcgMeasurements, lasting: Mapping[str, float]) -> Iterator[Suspicion]:
    """The whole record fast and without P waves: wide beats may be ventricular, narrow ones above 150 are not."""
    qrs, hr = measured.overall.qrs_ms or 0.0, lasting["ventricular_rate"]
    words = f"心率 {hr:.0f} 次/分，QRS {qrs:.0f} ms，未见与QRS相关的P波，持续至少 {measured.seconds:.0f} s"
    if qrs >= _WIDE_TACHYCARDIA_MS:
        yield Suspicion(f"宽QRS心动过速：{words}", lasting, frozenset({"vt"}))
    elif 0 < qrs < WIDE_MS and hr >= _SUPRAVENTRICULAR:
        yield Suspicion(f"窄QRS心动过速：{words}", lasting, frozenset({"svt"}))


def _has_no_clear_p(measured: EcgMeasurements) -> bool:
    return measured.atria.p_waves != Presence.PRESENT


def _lasting(measured: EcgMeasurements) -> float:
    """A rhythm that fills the record has no known end: it counts as sustained."""
    return max(measured.seconds, _SUSTAINED_S)


def _runs(measured: EcgMeasurements) -> Iterator[Suspicion]:
    """Ventricular runs, each by itself."""
    longest_first = sorted(measured.rr.ventricular_runs, key=lambda run: -run.seconds)
    for run in longest_first[:_LONGEST_RUN_SHOWN]:
        whole = run.seconds >= _ALL_BUT_ALL * measured.seconds
        lasting = {"ventricular_rate": run.rate or 0.0, "duration": _lasting(measured) if whole else run.seconds}
        words = f"{run.start_s:.1f} s 起 {run.beats} 个宽大畸形QRS，{run.rate or 0:.0f} 次/分，持续 {run.seconds:.1f} s"
        yield Suspicion(f"室性心动过速：{words}", lasting, _run_statements(measured, run))


def _run_statements(measured: EcgMeasurements, run: Span) -> frozenset[str]:
    inside = [beat.template for beat in measured.beats if run.start_s <= beat.at_s <= run.start_s + run.seconds]
    shapes = len({number for number in inside if number >= 0}) + inside.count(-1)
    if run.beats <= _SHAPES_OF_POLYMORPHIC or shapes < max(_SHAPES_OF_POLYMORPHIC, run.beats // 2):
        return frozenset({"vt"})
    long_qt = (qtc_ms(measured) or 0.0) >= _LONG_QTC_MS
    return frozenset({"vt", "polymorphic_vt", "torsades"} if long_qt else {"vt", "polymorphic_vt"})


def _morphology(measured: EcgMeasurements, patient: Patient) -> Iterator[Suspicion]:
    elevated = elevated_leads(measured, patient)
    levels = {"st_limb": LIMB, "st_v1_v3": ("V1", "V2", "V3"), "st_v4_v6": ("V4", "V5", "V6")}
    heights = {name: highest(measured, leads) for name, leads in levels.items()}
    if elevated:
        in_numbers = {name: height / 1000 for name, height in heights.items() if height is not None}
        yield Suspicion(f"相邻导联J点ST段抬高：{in_mv(elevated)}", in_numbers, frozenset({"ami"}))
    yield from _long_qt(measured)
    peaked = peaked_t(measured.per_lead)
    qrs, absent = measured.overall.qrs_ms or 0.0, measured.atria.p_waves == Presence.ABSENT
    if len(peaked) > 1 and (qrs >= _SEVERE_QRS_MS or absent) and not is_paced(measured):
        p_words = "P波消失" if absent else "可见P波"
        yield Suspicion(f"T波高尖 {in_mv(peaked)}，QRS {qrs:.0f} ms，{p_words}", {}, frozenset({"hyperkalaemia"}))


def _long_qt(measured: EcgMeasurements) -> Iterator[Suspicion]:
    corrected, qt = qtc_ms(measured), measured.overall.qt_ms
    if corrected is None or qt is None:
        return
    early = [
        beat.rr_s * 1000
        for beat in measured.beats
        if beat.kind == BeatClass.VENTRICULAR and beat.rr_s is not None and beat.rr_s * 1000 <= qt
    ]
    stated = {"r_on_t"} if early else set()
    if early and corrected >= _LONG_QTC_MS:
        stated.add("long_qt_r_on_t")
    coupling = f"，室早联律间期 {min(early):.0f} ms ≤ QT" if early else ""
    yield Suspicion(f"QT {qt:.0f} ms，QTc {corrected:.0f} ms{coupling}", {"qtc": corrected / 1000}, frozenset(stated))
