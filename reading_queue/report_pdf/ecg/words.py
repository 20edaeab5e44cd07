"""The fixed words of a printed ECG in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from reading_queue.report_pdf.words import Language

VALUES = ("hr", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms", "qtc_bazett_ms", "qtc_fridericia_ms", "axes")
"""What the table of measurements has; `axes` are those of P, QRS and T, `qtc_ms` is a device's QTc of a formula that it does not name."""

DERIVED_MARK = "′"

_INTERVALS = {
    "p_ms": "P ms",
    "pr_ms": "PR ms",
    "qrs_ms": "QRS ms",
    "qt_ms": "QT ms",
    "qtc_ms": "QTc ms",
    "qtc_bazett_ms": "QTc Bazett ms",
    "qtc_fridericia_ms": "QTc Fridericia ms",
}
"""Alike in both languages."""


@dataclass(frozen=True)
class EcgWords:
    """Names in braces are filled in."""

    title: str
    device: str
    engine: str
    values: Mapping[str, str]
    statements: str
    recorded_at: str
    cart: str
    unfiltered: str
    filters: str
    notch: str
    device_filters: str
    derived: str
    assumed: str
    span: str
    record: str
    unseen: str
    true_size: str
    not_the_report: str
    in_the_report: str
    no_signal: str
    gone: str


WORDS: Mapping[Language, EcgWords] = {
    "zh": EcgWords(
        title="心电图",
        device="设备测量",
        engine="本系统测量",
        values={"hr": "心率 次/分", **_INTERVALS, "axes": "P/QRS/T 电轴 °"},
        statements="设备自动诊断（未经医师确认）：{what}",
        recorded_at="记录时间",
        cart="设备",
        unfiltered="未滤波",
        filters="显示滤波（零相位）：{what}",
        notch="工频",
        device_filters="设备滤波：{what}",
        derived="′ 为计算所得导联",
        assumed="此格式未公开，按惯例假定：{what}",
        span="第 {first}–{last} 秒，共 {whole} 秒",
        record="第 {number} 份，共 {of} 份",
        unseen="未打印导联：{what}",
        true_size="按 100% 打印，方格 1 mm / 5 mm",
        not_the_report="本页为波形记录，诊断以签发的报告为准。测量值分别由设备和本系统给出，须经医师确认。",
        in_the_report="测量值分别由设备和本系统给出；诊断意见见报告正文。",
        no_signal="无信号",
        gone="此心电图的原始数据已不在档案中，或与签发时不同，无法打印波形。",
    ),
    "en": EcgWords(
        title="Electrocardiogram",
        device="Device",
        engine="This system",
        values={"hr": "Rate /min", **_INTERVALS, "axes": "P/QRS/T axis °"},
        statements="Device statements (not confirmed by a physician): {what}",
        recorded_at="Recorded",
        cart="Device",
        unfiltered="unfiltered",
        filters="Display filters (zero phase): {what}",
        notch="Mains",
        device_filters="Filtered by the device: {what}",
        derived="′ marks leads that were worked out",
        assumed="The format is not published; assumed: {what}",
        span="seconds {first}–{last} of {whole}",
        record="ECG {number} of {of}",
        unseen="Leads not printed: {what}",
        true_size="Print at 100 %; squares of 1 mm and 5 mm",
        not_the_report="A tracing, not a report: the signed report has the diagnosis. Values are the device's and this system's, for a physician to confirm.",
        in_the_report="Values are the device's and this system's; the diagnosis is in the report.",
        no_signal="no signal",
        gone="The data of this ECG are no longer in the archive, or are not those that were signed: the tracing cannot be printed.",
    ),
}
