"""Patterns in the numbers of a measured ECG that both suspicions and statements rest on; each with the numbers that made it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reading_queue.preprocessing.ecg.measuring.results import (
    AtrialRhythm,
    BeatClass,
    EcgMeasurements,
    LeadMeasures,
    Presence,
)

LIMB = ("I", "II", "III", "aVL", "aVF")
CONTIGUOUS = (("II", "aVF", "III"), ("I", "aVL"), ("V5", "V6"), ("V1", "V2", "V3", "V4", "V5", "V6"))
"""Neighbours in each row see the same wall."""

WIDE_MS = 120.0
_V2_V3 = frozenset({"V2", "V3"})
_MEN_FROM_40, _MEN_UNDER_40, _WOMEN, _ELSEWHERE = 200.0, 250.0, 150.0, 100.0
_ADULT_BREAK = 40.0
_STRAIN_SHARE, _PEAKED_UV = 0.25, 1000.0
_SOKOLOW_UV, _CORNELL_MEN_UV, _CORNELL_WOMEN_UV = 3500.0, 2800.0, 2000.0


@dataclass(frozen=True, slots=True)
class Patient:
    """What thresholds depend on; None and "" where it is not known."""

    age_years: float | None = None
    sex: str = ""


def st_limit_uv(lead: str, patient: Patient) -> float:
    """ST elevation at J that two neighbouring leads must reach (Fourth Universal Definition of Myocardial Infarction, 2018).

    The higher limit holds where age or sex are not known.
    """
    if lead not in _V2_V3:
        return _ELSEWHERE
    if patient.sex == "F":
        return _WOMEN
    young = patient.age_years is None or patient.age_years < _ADULT_BREAK
    return _MEN_UNDER_40 if young else _MEN_FROM_40


def elevated_leads(measured: EcgMeasurements, patient: Patient) -> dict[str, float]:
    """Leads with ST elevation (µV at J) whose neighbour has it too.

    Nothing is said of wide or paced QRS complexes, whose ST is displaced anyhow, nor over flutter waves; in a lead with a deep S, elevation that is less
    than a quarter of the S counts as part of it.
    """
    if not _st_is_told(measured):
        return {}
    found: dict[str, float] = {}
    for row in CONTIGUOUS:
        for pair in pairwise(row):
            levels = {lead: _elevation(measured.per_lead.get(lead), st_limit_uv(lead, patient)) for lead in pair}
            found |= {
                lead: level for lead, level in levels.items() if level is not None and None not in levels.values()
            }
    return found


def _elevation(lead: LeadMeasures | None, limit_uv: float) -> float | None:
    if lead is None or lead.st_uv[0] is None or lead.st_uv[1] is None:
        return None
    level, later = lead.st_uv[0], lead.st_uv[1]
    deep = max(-(lead.s_uv or 0.0), -(lead.q_uv or 0.0) if lead.r_uv is None else 0.0)
    return level if level >= limit_uv and later >= limit_uv and level > _STRAIN_SHARE * deep else None


def depressed_leads(measured: EcgMeasurements, limit_uv: float = 50.0) -> dict[str, float]:
    """Leads with ST at or below -`limit_uv` at J and 60 ms later, whose neighbour has it too."""
    if not _st_is_told(measured):
        return {}
    found: dict[str, float] = {}
    for row in CONTIGUOUS:
        for pair in pairwise(row):
            levels = [_depression(measured.per_lead.get(lead), limit_uv) for lead in pair]
            if None not in levels:
                found |= {lead: level for lead, level in zip(pair, levels, strict=True) if level is not None}
    return found


def _depression(lead: LeadMeasures | None, limit_uv: float) -> float | None:
    if lead is None or lead.st_uv[0] is None or lead.st_uv[2] is None:
        return None
    return lead.st_uv[2] if lead.st_uv[0] <= -limit_uv and lead.st_uv[2] <= -limit_uv else None


def flat_or_inverted_t(measured: EcgMeasurements) -> dict[str, float]:
    """Leads with an upright QRS whose T is inverted or below a tenth of the R, neighbours alike."""
    found: dict[str, float] = {}
    for row in (("II", "aVF"), ("I", "aVL"), ("V4", "V5", "V6")):
        for pair in pairwise(row):
            heights = [_low_t(measured.per_lead.get(lead)) for lead in pair]
            if None not in heights:
                found |= {lead: height for lead, height in zip(pair, heights, strict=True) if height is not None}
    return found


def _low_t(lead: LeadMeasures | None) -> float | None:
    if lead is None or lead.t_uv is None or lead.r_uv is None or lead.r_uv < 500 or (lead.s_uv or 0) < -lead.r_uv:  # noqa: PLR2004 - µV
        return None
    return lead.t_uv if lead.t_uv < 0.1 * lead.r_uv else None


def _st_is_told(measured: EcgMeasurements) -> bool:
    return not is_wide(measured) and not is_paced(measured) and measured.atria.rhythm != AtrialRhythm.FLUTTER


def is_wide(measured: EcgMeasurements) -> bool:
    return (measured.overall.qrs_ms or 0.0) >= WIDE_MS


def is_paced(measured: EcgMeasurements) -> bool:
    """Whether a pacemaker makes a good part of the beats."""
    return measured.count(BeatClass.PACED) * 3 >= len(measured.beats) > 0


def p_is_sinus(measured: EcgMeasurements) -> bool:
    """P upright in I or II and inverted in aVR: its axis between -15 and 105 degrees."""
    axis = measured.overall.p_axis_deg
    return measured.atria.p_waves == Presence.PRESENT and (axis is None or -15 <= axis <= 105)  # noqa: PLR2004 - degrees


def qtc_ms(measured: EcgMeasurements) -> float | None:
    """Corrected by Bazett between 60 and 90 a minute, elsewhere by Fridericia, which strays less there."""
    overall = measured.overall
    return overall.qtc_bazett_ms if 60 <= (overall.hr or 0) <= 90 else overall.qtc_fridericia_ms  # noqa: PLR2004 - per minute


def sokolow_uv(leads: Mapping[str, LeadMeasures]) -> float | None:
    """S in V1 and the taller R of V5 and V6."""
    if not {"V1", "V5", "V6"} <= set(leads):
        return None
    return _depth(leads["V1"]) + max(leads["V5"].r_uv or 0.0, leads["V6"].r_uv or 0.0)


def cornell_uv(leads: Mapping[str, LeadMeasures]) -> float | None:
    """R in aVL and S in V3."""
    return (leads["aVL"].r_uv or 0.0) + _depth(leads["V3"]) if {"aVL", "V3"} <= set(leads) else None


def _depth(lead: LeadMeasures) -> float:
    """Of the S, or of a QRS that is negative throughout."""
    return max(-(lead.s_uv or 0.0), -(lead.q_uv or 0.0) if lead.r_uv is None else 0.0)


def sokolow_limit_uv() -> float:
    return _SOKOLOW_UV


def cornell_limit_uv(patient: Patient) -> float:
    return _CORNELL_WOMEN_UV if patient.sex == "F" else _CORNELL_MEN_UV


def is_left_bundle_branch_block(leads: Mapping[str, LeadMeasures]) -> bool:
    """Of a wide QRS: V1 mainly negative; R broad and without S or Q in V6 or I (AHA/ACCF/HRS 2009)."""
    one, six = leads.get("V1"), leads.get("V6") or leads.get("I")
    if one is None or six is None or six.r_uv is None:
        return False
    negative = _depth(one) > 1.5 * (one.r_uv or 0.0)
    late = (six.intrinsicoid_ms or 0.0) >= 50 or (six.r_ms or 0.0) >= 80  # noqa: PLR2004 - ms
    return negative and late and -(six.s_uv or 0.0) < 0.25 * six.r_uv and one.r2_uv is None


def is_right_bundle_branch_block(leads: Mapping[str, LeadMeasures]) -> bool:
    """R' in V1 or V2 above the R, or a broad late R, with a broad S in V6 or I (AHA/ACCF/HRS 2009)."""
    front = [leads[name] for name in ("V1", "V2") if name in leads]
    side = [leads[name] for name in ("V6", "I") if name in leads]
    late = any((lead.r2_uv or 0.0) > (lead.r_uv or 0.0) or (lead.intrinsicoid_ms or 0.0) > 50 for lead in front)  # noqa: PLR2004
    broad = any((lead.s_ms or 0.0) >= 40 for lead in side)  # noqa: PLR2004 - ms
    return late and broad and (leads["V1"].r_uv is not None if "V1" in leads else True)


def peaked_t(leads: Mapping[str, LeadMeasures]) -> dict[str, float]:
    """Chest leads with T of 1 mV and more that is nearly as tall as, or taller than, the R."""
    return {
        name: lead.t_uv
        for name, lead in leads.items()
        if name in ("V2", "V3", "V4", "V5")
        and lead.t_uv
        and lead.t_uv >= _PEAKED_UV
        and lead.t_uv >= 0.75 * (lead.r_uv or 0.0)
    }


def in_mv(levels: Mapping[str, float]) -> str:
    """Leads and millivolts in words."""
    return ", ".join(f"{lead} {value / 1000:+.2f} mV" for lead, value in levels.items())


def highest(measured: EcgMeasurements, names: Sequence[str]) -> float | None:
    """The highest ST at J in these leads, µV."""
    levels = list(_levels(measured, names))
    return max(levels) if levels else None


def _levels(measured: EcgMeasurements, names: Sequence[str]) -> Iterator[float]:
    for name in names:
        lead = measured.per_lead.get(name)
        if lead is not None and lead.st_uv[0] is not None:
            yield lead.st_uv[0]
