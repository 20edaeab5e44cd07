"""The county's chapter QUALITY: reasons, grades, retakes, peer review, indicators, and the writing rules with their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reading_queue.report_rules.lexicon import Lexicon, parse_lexicon
from reading_queue.report_rules.shipped import SHIPPED as REPORT_RULES
from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.rejections import Title
from storage.domain.rulebook import RuleKind

ANY = "*"
"""Stands for every modality that is not named."""


class Reason(Shape):
    """Why images are not as they should be. `modalities` empty: for all; `artefact`: counts in RQI-IIA-01.

    `rejection` is the title of the note that rejects images returned for it (PS3.16 CID 7010); empty: they are not rejected.
    """

    code: str = Field(min_length=1, max_length=64)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    modalities: tuple[str, ...] = ()
    artefact: bool = False
    rejection: Title | Literal[""] | None = None


class GradeRules(Shape):
    """`required_for`: modalities whose images must be graded before the report is signed; `*` is all."""

    required_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()


class RetakeRules(Shape):
    """Minutes within which the clinic must have looked at an order. How long it has to answer is a service time."""

    seen_minutes: float = Field(gt=0, le=7 * 24 * 60)


class ReviewRules(Shape):
    """The draw: percent of signed cases by modality, modalities that are always drawn, and how many of each author a month.

    From `top_up_from_day` of a month on, authors below `minimum_per_month` get more of their cases drawn. A review that was
    taken and not given within `held_hours` may be taken by others. `seed` is what the draw follows from, with the event.
    """

    seed: str = Field(min_length=1)
    share_percent: dict[str, float]
    always: tuple[str, ...] = ()
    minimum_per_month: int = Field(ge=0, le=100)
    top_up_from_day: int = Field(ge=1, le=28)
    held_hours: float = Field(gt=0)

    def share(self, modality: str) -> float:
        """The share of a modality's cases that is drawn, 0 to 1."""
        return self.share_percent.get(modality, self.share_percent.get(ANY, 0.0)) / 100


class IndicatorRules(Shape):
    """What the county holds itself to, in percent."""

    artefact_at_most: float = Field(ge=0, le=100)
    writing_at_least: float = Field(ge=0, le=100)


class _Content(Shape):
    reasons: tuple[Reason, ...]
    grades: GradeRules
    retakes: RetakeRules
    peer_review: ReviewRules
    indicators: IndicatorRules
    report_rules: dict[str, Any]


@dataclass(frozen=True)
class QualityRules:
    """The chapter, ready for use."""

    reasons: tuple[Reason, ...]
    grades: GradeRules
    retakes: RetakeRules
    peer_review: ReviewRules
    indicators: IndicatorRules
    lexicon: Lexicon

    def reasons_for(self, modality: str) -> list[Reason]:
        """The reasons that may be given for images of a modality."""
        return [one for one in self.reasons if not one.modalities or modality in one.modalities]

    def rejection_for(self, code: str) -> Title | None:
        """Under which title images are rejected that are returned for this reason; None: they are not."""
        told = next((one.rejection for one in self.reasons if one.code == code), None)
        if told is None:
            return _REJECTED_AS.get(code, Title.QUALITY)
        return Title(told) if told else None

    def must_grade(self, modality: str) -> bool:
        """Whether the images of a modality must be graded before signing."""
        named = self.grades.required_for
        return (modality in named or ANY in named) and modality not in self.grades.not_for

    @property
    def artefacts(self) -> frozenset[str]:
        """The codes that count as artefacts."""
        return frozenset(one.code for one in self.reasons if one.artefact)


def parse(content: Mapping[str, Any]) -> QualityRules:
    """Raise `Invalid` naming what is wrong."""
    shape = read_shape(_Content, content)
    return QualityRules(
        shape.reasons,
        shape.grades,
        shape.retakes,
        shape.peer_review,
        shape.indicators,
        parse_lexicon(shape.report_rules),
    )


_REJECTED_AS: Mapping[str, Title | None] = {
    "incomplete": None,
    "labelling": Title.SAFETY,
    "wrong_patient": Title.WORKLIST,
}
"""Where an edition says nothing: images that are too few are no worse for it; a wrong side or patient is a danger."""

_PICTURES = ["CR", "CT", "DR", "DX", "MG", "MR", "NM", "PT", "PX", "RF", "RG", "US", "XA"]
_RADIATION = ["CR", "CT", "DR", "DX", "MG", "PX", "RF", "RG", "XA"]


def _reason(
    code: str, zh: str, en: str, modalities: list[str] | None = None, *, artefact: bool = False
) -> dict[str, Any]:
    return {"code": code, "zh": zh, "en": en, "modalities": modalities or [], "artefact": artefact}


QUALITY: Chapter[QualityRules] = Chapter(
    RuleKind.QUALITY,
    {
        "reasons": [
            _reason("positioning", "体位或投照不当", "Positioning", _PICTURES),
            _reason("exposure", "曝光或剂量不当", "Exposure", _RADIATION),
            _reason("gain", "增益或深度不当", "Gain or depth", ["US"]),
            _reason("motion", "运动伪影", "Motion", _PICTURES, artefact=True),
            _reason("artefact", "设备或其他伪影", "Artefact", _PICTURES, artefact=True),
            _reason("foreign_body", "体外异物", "Foreign body", _PICTURES, artefact=True),
            _reason("coverage", "范围不全", "Coverage", _PICTURES),
            _reason("incomplete", "图像或序列不全", "Images or series missing"),
            _reason("contrast", "增强时相不当", "Contrast phase", ["CT", "MR"]),
            _reason("collimation", "照射野不当", "Collimation", _RADIATION),
            _reason("labelling", "左右或标识错误", "Labelling", _PICTURES),
            _reason("leads", "导联接错或脱落", "Leads reversed or off", ["ECG"]),
            _reason("noise", "基线漂移或干扰", "Noise or baseline wander", ["ECG"], artefact=True),
            _reason("wrong_part", "部位错误", "Wrong body part"),
            _reason("wrong_patient", "患者错误", "Wrong patient"),
            _reason("other", "其他", "Other"),
        ],
        "grades": {"required_for": [], "not_for": ["ECG"]},
        "retakes": {"seen_minutes": 30},
        "peer_review": {
            "seed": "county-reading",
            "share_percent": {ANY: 3, "CT": 5, "MR": 5, "MG": 10, "ECG": 1},
            "always": [],
            "minimum_per_month": 3,
            "top_up_from_day": 21,
            "held_hours": 24,
        },
        "indicators": {"artefact_at_most": 2, "writing_at_least": 98},
        "report_rules": REPORT_RULES,
    },
    parse,
)
