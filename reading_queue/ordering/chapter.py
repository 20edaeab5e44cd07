"""The county's chapter ORDERS: what clinics order, which earlier examinations are recognised, and why one may be repeated.

The reasons are those of the National Health Commission's rules on mutual recognition (医疗机构检查检验结果互认管理办法, 2022).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.modalities import made_by_the_same_equipment
from storage.domain.rulebook import RuleKind


class Exam(Shape):
    """What a clinic may order. `body_part` is a DICOM term (PS3.16 annex L)."""

    code: str = Field(min_length=1, max_length=16)
    modality: str = Field(min_length=2, max_length=8)
    body_part: str = Field(default="", max_length=16)
    zh: str = Field(min_length=1, max_length=64)
    en: str = Field(min_length=1, max_length=64)


class Recognised(Shape):
    """Examinations that stand for a new one for `days`. `body_parts` empty: the same body part, whichever it is."""

    modality: str = Field(min_length=2, max_length=8)
    body_parts: tuple[str, ...] = ()
    days: float = Field(gt=0, le=366)

    @property
    def name(self) -> str:
        """As it is told of in choices and figures."""
        return " ".join([self.modality, *self.body_parts])

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.days)

    def is_for(self, modality: str, body_part: str) -> bool:
        """Whether an order for this is looked at."""
        same = modality in made_by_the_same_equipment(self.modality)
        return same and bool(body_part) and (not self.body_parts or body_part in self.body_parts)


class RepeatReason(Shape):
    """Why an examination is done again although one is there. `free_text`: words are needed besides."""

    code: str = Field(min_length=1, max_length=32)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    free_text: bool = False


class OrderRules(Shape):
    """`duplicate_days`: how far back the same clinic's own orders and studies of the same kind are shown.

    `must_choose`: an order for which something could be recognised is placed with a reason only. `share_reports`: a clinic
    that has recognised another's examination may read its report.
    """

    duplicate_days: int = Field(ge=1, le=365)
    recognised: tuple[Recognised, ...]
    reasons: tuple[RepeatReason, ...] = Field(min_length=1)
    must_choose: bool
    share_reports: bool
    exams: tuple[Exam, ...]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> "OrderRules":
        for codes in ([one.code for one in self.reasons], [one.code for one in self.exams]):
            if len(codes) != len(set(codes)):
                raise ValueError("a code is there twice")
        return self

    def rule_for(self, modality: str, body_part: str) -> Recognised | None:
        """The first that speaks of such an order."""
        return next((one for one in self.recognised if one.is_for(modality, body_part)), None)

    def reason(self, code: str) -> RepeatReason | None:
        return next((one for one in self.reasons if one.code == code), None)


def _parse(content: Mapping[str, Any]) -> OrderRules:
    return read_shape(OrderRules, content)


def _exam(code: str, modality: str, body_part: str, zh: str, en: str) -> dict[str, str]:
    return {"code": code, "modality": modality, "body_part": body_part, "zh": zh, "en": en}


_EXAMS = [
    _exam("DX-CHEST-PA", "DX", "CHEST", "胸部正位片", "Chest PA"),
    _exam("DX-CHEST-2", "DX", "CHEST", "胸部正侧位片", "Chest PA and lateral"),
    _exam("DX-ABDOMEN", "DX", "ABDOMEN", "腹部立位片", "Abdomen erect"),
    _exam("DX-CSPINE", "DX", "CSPINE", "颈椎正侧位片", "Cervical spine"),
    _exam("DX-LSPINE", "DX", "LSPINE", "腰椎正侧位片", "Lumbar spine"),
    _exam("DX-PELVIS", "DX", "PELVIS", "骨盆正位片", "Pelvis AP"),
    _exam("DX-HAND", "DX", "HAND", "手正斜位片", "Hand"),
    _exam("DX-WRIST", "DX", "WRIST", "腕关节正侧位片", "Wrist"),
    _exam("DX-KNEE", "DX", "KNEE", "膝关节正侧位片", "Knee"),
    _exam("DX-ANKLE", "DX", "ANKLE", "踝关节正侧位片", "Ankle"),
    _exam("CT-HEAD", "CT", "HEAD", "颅脑CT平扫", "CT head without contrast"),
    _exam("CT-CHEST", "CT", "CHEST", "胸部CT平扫", "CT chest without contrast"),
    _exam("CT-ABDOMEN", "CT", "ABDOMEN", "上腹部CT平扫", "CT upper abdomen without contrast"),
    _exam("CT-LSPINE", "CT", "LSPINE", "腰椎间盘CT", "CT lumbar discs"),
    _exam("US-ABDOMEN", "US", "ABDOMEN", "肝胆胰脾彩超", "Ultrasound upper abdomen"),
    _exam("US-KIDNEY", "US", "KIDNEY", "双肾输尿管膀胱彩超", "Ultrasound kidneys and bladder"),
    _exam("US-THYROID", "US", "THYROID", "甲状腺彩超", "Ultrasound thyroid"),
    _exam("US-PELVIS", "US", "PELVIS", "妇科彩超", "Ultrasound pelvis"),
    _exam("US-HEART", "US", "HEART", "心脏彩超", "Echocardiography"),
    _exam("ECG-12", "ECG", "HEART", "十二导联心电图", "12-lead ECG"),
]

ORDERS: Chapter[OrderRules] = Chapter(
    RuleKind.ORDERS,
    {
        "duplicate_days": 14,
        "recognised": [
            {"modality": "DX", "body_parts": ["CHEST"], "days": 14},
            {"modality": "DX", "body_parts": [], "days": 30},
            {"modality": "CT", "body_parts": ["HEAD"], "days": 7},
            {"modality": "CT", "body_parts": [], "days": 30},
            {"modality": "MR", "body_parts": [], "days": 30},
            {"modality": "US", "body_parts": [], "days": 14},
            {"modality": "MG", "body_parts": [], "days": 90},
        ],
        "reasons": [
            {"code": "not_fitting", "zh": "病情变化，原结果与临床表现、诊断不符", "en": "The condition has changed; the result does not fit it"},
            {"code": "fast_course", "zh": "疾病发展中该结果变化较快", "en": "The finding changes quickly in this disease"},
            {"code": "decisive", "zh": "该项目对诊疗意义重大（如术前、输血前）", "en": "Decisive for treatment, as before surgery"},
            {"code": "emergency", "zh": "急诊、急救等紧急状态", "en": "Emergency"},
            {"code": "forensic", "zh": "司法、伤残及病退等鉴定", "en": "Forensic or disability assessment"},
            {"code": "quality", "zh": "原图像质量不能满足诊断", "en": "The images do not allow a diagnosis"},
            {"code": "other", "zh": "其他确需复查的情形", "en": "Another reason", "free_text": True},
        ],
        "must_choose": True,
        "share_reports": True,
        "exams": _EXAMS,
    },
    _parse,
)  # fmt: skip
