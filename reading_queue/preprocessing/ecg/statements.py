"""Statements that a measured ECG suggests to the physician, each with the rule and the numbers that made it.

Suggestions only: nothing is written into a report. The list of codes with their rules is in docs/ecg-measuring.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reading_queue.preprocessing.ecg.measuring.results import AtrialRhythm, BeatClass, EcgMeasurements
from reading_queue.preprocessing.ecg.patterns import (
    WIDE_MS,
    Patient,
    cornell_limit_uv,
    cornell_uv,
    depressed_leads,
    elevated_leads,
    flat_or_inverted_t,
    in_mv,
    is_left_bundle_branch_block,
    is_paced,
    is_right_bundle_branch_block,
    is_wide,
    p_is_sinus,
    qtc_ms,
    sokolow_limit_uv,
    sokolow_uv,
)

_SLOW, _FAST = 60.0, 100.0
_LONG_PR, _SHORT_PR = 200.0, 120.0
_INCOMPLETE_MS = 110.0
_LEFT, _RIGHT, _EXTREME, _ANTERIOR = -30.0, 90.0, -90.0, -45.0
_LONG_QTC_MEN, _LONG_QTC_WOMEN, _SHORT_QTC = 450.0, 460.0, 340.0
_ARRHYTHMIA_MS = 120.0
_LOW_LIMB_UV, _LOW_CHEST_UV = 500.0, 1000.0
_ADULT = 18.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`rule` is the condition, `numbers` what fulfilled it, both for people to check."""

    code: str
    name: str
    name_en: str
    rule: str
    numbers: str


def suggestions(measured: EcgMeasurements, patient: Patient) -> tuple[Suggestion, ...]:
    """In the order in which an ECG is described: rhythm, conduction, axis, voltage, ST-T, QT, ectopic beats, quality."""
    if not measured.beats or measured.overall.hr is None:
        return ()
    found = [*_rhythm(measured), *_ectopic(measured)]
    if not is_paced(measured):
        found += [*_conduction(measured), *_axis(measured), *_voltage(measured, patient), *_st_t(measured, patient)]
        found += _qt(measured, patient)
    if measured.swapped:
        found.append(
            Suggestion("limb_swap", "疑似肢体导联接错", "Limb leads seem swapped", "见质量提示", measured.swapped)
        )
    return tuple(found)


def _rhythm(measured: EcgMeasurements) -> Iterator[Suggestion]:
    hr = measured.overall.hr or 0.0
    rate = f"心室率 {hr:.0f} 次/分"
    if is_paced(measured):
        yield Suggestion(
            "paced", "起搏心律", "Paced rhythm", "多数QRS前有起搏脉冲", f"{measured.count(BeatClass.PACED)} 个起搏搏动"
        )
    elif measured.atria.rhythm == AtrialRhythm.FIBRILLATION:
        numbers = (
            f"{rate}，P波一致性 {measured.atria.consistency or 0:.2f}，RR不规则度 {measured.rr.irregularity or 0:.2f}"
        )
        yield Suggestion("af", "心房颤动", "Atrial fibrillation", "无一致P波且RR绝对不齐（>0.08）", numbers)
    elif measured.atria.rhythm == AtrialRhythm.FLUTTER:
        yield Suggestion("afl", "心房扑动", "Atrial flutter", "QRS之外有210–375次/分的规则波", rate)
    elif measured.atria.dissociated:
        numbers = f"心房率 {measured.overall.atrial_rate or 0:.0f}，{rate}"
        rule = "P波自有节律且快于心室，与规则的QRS无关"
        yield Suggestion("av_block_3", "三度房室传导阻滞可能", "Third-degree AV block possible", rule, numbers)
    elif p_is_sinus(measured):
        yield _sinus(hr, rate)
        if (measured.rr.irregularity or 0) * (measured.rr.mean_ms or 0) > _ARRHYTHMIA_MS:
            numbers = f"RR {measured.rr.shortest_ms or 0:.0f}–{measured.rr.longest_ms or 0:.0f} ms"
            yield Suggestion("sinus_arrhythmia", "窦性心律不齐", "Sinus arrhythmia", "相邻RR平均相差 >120 ms", numbers)


def _sinus(hr: float, rate: str) -> Suggestion:
    if hr < _SLOW:
        return Suggestion("sinus_bradycardia", "窦性心动过缓", "Sinus bradycardia", "窦性P波，心率 <60", rate)
    if hr > _FAST:
        return Suggestion("sinus_tachycardia", "窦性心动过速", "Sinus tachycardia", "窦性P波，心率 >100", rate)
    return Suggestion("sinus_rhythm", "窦性心律", "Sinus rhythm", "每个QRS前有一致P波，P电轴 -15°–105°", rate)


def _ectopic(measured: EcgMeasurements) -> Iterator[Suggestion]:
    counts = (
        ("vpc", "室性早搏", "Ventricular premature beats", BeatClass.VENTRICULAR, "形态异常且QRS增宽"),
        ("apc", "房性早搏", "Atrial premature beats", BeatClass.SUPRAVENTRICULAR, "形态相同，提前 >18%"),
    )
    for code, name, name_en, kind, rule in counts:
        number = measured.count(kind)
        if number:
            yield Suggestion(code, name, name_en, rule, f"{number} 个，共 {len(measured.beats)} 个搏动")


def _conduction(measured: EcgMeasurements) -> Iterator[Suggestion]:
    pr, qrs, leads = measured.overall.pr_ms, measured.overall.qrs_ms, measured.per_lead
    if pr is not None and pr > _LONG_PR:
        yield Suggestion("av_block_1", "一度房室传导阻滞", "First-degree AV block", "PR >200 ms", f"PR {pr:.0f} ms")
    elif pr is not None and pr < _SHORT_PR:
        yield Suggestion("short_pr", "短PR间期", "Short PR interval", "PR <120 ms", f"PR {pr:.0f} ms")
    if qrs is None:
        return
    width = f"QRS {qrs:.0f} ms"
    if is_wide(measured):
        yield _wide(measured, width)
    elif qrs >= _INCOMPLETE_MS and is_right_bundle_branch_block(leads):
        rule = "QRS 110–119 ms，V1/V2有R'，V6/I有宽S"
        yield Suggestion("irbbb", "不完全性右束支传导阻滞", "Incomplete right bundle branch block", rule, width)


def _wide(measured: EcgMeasurements, width: str) -> Suggestion:
    if is_left_bundle_branch_block(measured.per_lead):
        rule = "QRS ≥120 ms，V1以负向波为主，V6/I宽R无S"
        return Suggestion("lbbb", "完全性左束支传导阻滞", "Left bundle branch block", rule, width)
    if is_right_bundle_branch_block(measured.per_lead):
        rule = "QRS ≥120 ms，V1/V2有R'或迟R，V6/I有宽S"
        return Suggestion("rbbb", "完全性右束支传导阻滞", "Right bundle branch block", rule, width)
    return Suggestion(
        "ivcd",
        "非特异性室内传导阻滞",
        "Intraventricular conduction delay",
        f"QRS ≥{WIDE_MS:.0f} ms，不符合左右束支",
        width,
    )


def _axis(measured: EcgMeasurements) -> Iterator[Suggestion]:
    axis = measured.overall.qrs_axis_deg
    if axis is None:
        return
    numbers = f"QRS电轴 {axis:.0f}°"
    if axis < _EXTREME or axis > 180 + _EXTREME + 90:
        yield Suggestion("axis_extreme", "电轴极度偏移", "Extreme axis deviation", "-90°至-180°", numbers)
    elif axis < _LEFT:
        yield Suggestion("axis_left", "电轴左偏", "Left axis deviation", "-90°至-30°", numbers)
    elif axis > _RIGHT:
        yield Suggestion("axis_right", "电轴右偏", "Right axis deviation", "90°至180°", numbers)
    q, r, s = _lead_parts(measured)
    if _EXTREME <= axis <= _ANTERIOR and (measured.overall.qrs_ms or WIDE_MS) < WIDE_MS and q and r and s:
        rule = "电轴 -45°至-90°，aVL为qR，II、III、aVF为rS，QRS <120 ms"
        yield Suggestion("lafb", "左前分支传导阻滞", "Left anterior fascicular block", rule, numbers)


def _lead_parts(measured: EcgMeasurements) -> tuple[bool, bool, bool]:
    """Whether aVL has a q, aVL an R above its S, and the inferior leads an S deeper than their R."""
    left = measured.per_lead.get("aVL")
    low = [measured.per_lead[name] for name in ("II", "III", "aVF") if name in measured.per_lead]
    if left is None or not low:
        return False, False, False
    deep = all(-(lead.s_uv or 0.0) > (lead.r_uv or 0.0) > 0 for lead in low)
    return (left.q_uv or 0.0) < 0, (left.r_uv or 0.0) > -(left.s_uv or 0.0), deep


def _voltage(measured: EcgMeasurements, patient: Patient) -> Iterator[Suggestion]:
    sokolow, cornell = sokolow_uv(measured.per_lead), cornell_uv(measured.per_lead)
    limit = cornell_limit_uv(patient)
    adult = patient.age_years is None or patient.age_years >= _ADULT
    if adult and not is_wide(measured):
        found = []
        if sokolow is not None and sokolow >= sokolow_limit_uv():
            found.append(f"SV1+RV5/V6 {sokolow / 1000:.2f} mV ≥3.5")
        if cornell is not None and cornell > limit:
            found.append(f"RaVL+SV3 {cornell / 1000:.2f} mV >{limit / 1000:.1f}")
        if found:
            rule = "Sokolow-Lyon ≥3.5 mV 或 Cornell >2.8（男）/2.0（女）mV"
            yield Suggestion("lvh_voltage", "左心室高电压", "LVH by voltage", rule, "；".join(found))
    yield from _low_voltage(measured)


def _low_voltage(measured: EcgMeasurements) -> Iterator[Suggestion]:
    limb = [_span(measured, name) for name in ("I", "II", "III", "aVR", "aVL", "aVF")]
    known = [span for span in limb if span is not None]
    if len(known) == len(limb) and max(known) < _LOW_LIMB_UV:
        numbers = f"肢体导联QRS最大 {max(known) / 1000:.2f} mV"
        yield Suggestion("low_voltage", "肢体导联低电压", "Low voltage in limb leads", "各肢体导联QRS <0.5 mV", numbers)


def _span(measured: EcgMeasurements, name: str) -> float | None:
    """From the lowest to the highest of a lead's QRS, µV."""
    lead = measured.per_lead.get(name)
    if lead is None:
        return None
    heights = (0.0, lead.q_uv or 0.0, lead.r_uv or 0.0, lead.s_uv or 0.0, lead.r2_uv or 0.0)
    return max(heights) - min(heights)


def _st_t(measured: EcgMeasurements, patient: Patient) -> Iterator[Suggestion]:
    elevated, depressed = elevated_leads(measured, patient), depressed_leads(measured)
    if elevated:
        rule = "相邻两导联J点抬高达到年龄性别限值"
        yield Suggestion("st_elevation", "ST段抬高", "ST elevation", rule, in_mv(elevated))
    if depressed:
        rule = "相邻两导联J点及其后60 ms压低 ≥0.05 mV"
        yield Suggestion("st_depression", "ST段压低", "ST depression", rule, in_mv(depressed))
    low = flat_or_inverted_t(measured) if not is_wide(measured) else {}
    if low:
        yield Suggestion("t_change", "T波改变", "T wave changes", "以R为主的相邻导联T波倒置或 <R/10", in_mv(low))


def _qt(measured: EcgMeasurements, patient: Patient) -> Iterator[Suggestion]:
    corrected = qtc_ms(measured)
    if corrected is None or is_wide(measured):
        return
    limit = _LONG_QTC_WOMEN if patient.sex == "F" else _LONG_QTC_MEN
    numbers = f"QT {measured.overall.qt_ms or 0:.0f} ms，QTc {corrected:.0f} ms"
    if corrected > limit:
        rule = "QTc >450（男）/460（女）ms，心率60–90用Bazett，其余用Fridericia"
        yield Suggestion("long_qt", "QT间期延长", "Prolonged QT", rule, numbers)
    elif corrected < _SHORT_QTC:
        yield Suggestion("short_qt", "QT间期缩短", "Short QT", "QTc <340 ms", numbers)
