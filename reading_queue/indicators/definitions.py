"""What each indicator is: numerator, denominator, and the rule and section that it comes from, in both languages.

Names and codes are those of the notices; the sentences about numerator and denominator are ours, and say what is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The indicators by their national code."""

    EMERGENCY = "RQI-RRC-02"
    CRITICAL = "RQI-RCV-04"
    ULTRASOUND_CRITICAL = "US-CV-01"
    ARTEFACT = "RQI-IIA-01"
    WRITING = "RQI-RWS-03"
    PI_RADS = "RQI-RCR-06"
    BI_RADS = "RQI-RCR-07"


@dataclass(frozen=True)
class Words:
    """An indicator in one language."""

    name: str
    numerator: str
    denominator: str
    source: str


@dataclass(frozen=True)
class Definition:
    """An indicator in both; `at_most` says on which side of the target is good."""

    zh: Words
    en: Words
    at_most: bool = False


_RADIOLOGY_ZH = "放射影像专业质控指标，国卫办医政函〔2024〕150号附件4"
_RADIOLOGY_EN = (
    "Quality indicators of radiology, 2024 edition, letter 150/2024 of the National Health Commission, annex 4"
)
_OURS_ZH = "；计数方法见 docs/quality.md（本产品规定）"
_OURS_EN = "; how it is counted: docs/quality.md (this product's)"


def _radiology(code: str, *, ours: bool = False) -> tuple[str, str]:
    return (
        f"{_RADIOLOGY_ZH}，{code}{_OURS_ZH if ours else ''}",
        f"{_RADIOLOGY_EN}, {code}{_OURS_EN if ours else ''}",
    )


def _definition(
    source: tuple[str, str], zh: tuple[str, str, str], en: tuple[str, str, str], *, at_most: bool = False
) -> Definition:
    return Definition(Words(*zh, source[0]), Words(*en, source[1]), at_most)


DEFINITIONS: Mapping[Code, Definition] = {
    Code.EMERGENCY: _definition(
        _radiology("RQI-RRC-02"),
        (
            "急诊放射影像检查报告2小时完成率",
            "从患者开始检查到出具正式报告不超过2小时的检查；开始时间不明的不计入分子",
            "同期签发正式报告的急诊（P0、P1）X线与CT检查；不扣除任何等待",
        ),
        (
            "Emergency reports within two hours",
            "Exams whose formal report was issued within two hours of the start of the exam; unknown starts do not count",
            "Emergency (P0, P1) X-ray and CT exams whose formal report was signed in the time; nothing is paused",
        ),
    ),
    Code.CRITICAL: _definition(
        _radiology("RQI-RCV-04"),
        (
            "放射影像危急值10分钟内通报完成率",
            "自发现起10分钟内通报，且双方均有时间、内容、通报人与接收人记录的危急值",
            "同期发现的放射影像危急值，误报除外",
        ),
        (
            "Radiology critical values told within ten minutes",
            "Critical values told within ten minutes of discovery, with time, content, notifier and receiver on record at both sides",
            "Radiology critical values discovered in the time, without false alarms",
        ),
    ),
    Code.ULTRASOUND_CRITICAL: _definition(
        (
            "超声医学专业质控指标（2022年版），US-CV-01",
            "Quality indicators of ultrasound, 2022 edition, US-CV-01",
        ),
        (
            "超声危急值10分钟内通报完成率",
            "出具报告后10分钟内通报，且双方均有记录的危急值",
            "同期报告的超声危急值，误报除外",
        ),
        (
            "Ultrasound critical values told within ten minutes",
            "Critical values told within ten minutes of the report, on record at both sides",
            "Ultrasound critical values reported in the time, without false alarms",
        ),
    ),
    Code.ARTEFACT: _definition(
        _radiology("RQI-IIA-01", ours=True),
        (
            "图像伪影率",
            "评级中指明伪影，或因伪影退回后签发、或逾期未重拍的检查",
            "同期签发的影像检查与逾期未重拍的检查，心电除外",
        ),
        (
            "Images with artefacts",
            "Exams whose grade names an artefact, or that were returned for one and then signed or given up",
            "Imaging exams signed in the time, and those given up; without electrocardiograms",
        ),
        at_most=True,
    ),
    Code.WRITING: _definition(
        _radiology("RQI-RWS-03", ours=True),
        ("报告书写规范率", "签发时书写规则未发现问题的报告", "同期签发的报告"),
        (
            "Reports written by the rules",
            "Reports in which the writing rules found nothing when they were signed",
            "Reports signed in the time",
        ),
    ),
    Code.PI_RADS: _definition(
        _radiology("RQI-RCR-06"),
        ("前列腺磁共振PI-RADS分类率", "报告中写明PI-RADS分类的检查", "同期签发的前列腺磁共振检查"),
        (
            "Prostate MR with a PI-RADS category",
            "Exams whose report states a PI-RADS category",
            "Prostate MR exams signed in the time",
        ),
    ),
    Code.BI_RADS: _definition(
        _radiology("RQI-RCR-07"),
        ("乳腺影像BI-RADS分类率", "报告中写明BI-RADS分类的检查", "同期签发的乳腺X线与乳腺磁共振检查"),
        (
            "Breast imaging with a BI-RADS category",
            "Exams whose report states a BI-RADS category",
            "Mammographies and breast MR exams signed in the time",
        ),
    ),
}
