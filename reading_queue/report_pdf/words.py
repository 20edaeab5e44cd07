"""The fixed words of a printed report in Chinese and English, and how times, ages and DICOM terms are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from reading_queue.report_pdf.terms import (
    AGE_UNITS_EN,
    AGE_UNITS_ZH,
    BODY_PARTS_ZH,
    MODALITIES_EN,
    MODALITIES_ZH,
    SEXES_EN,
    SEXES_ZH,
)
from storage.domain.reading import ReportKind

Language = Literal["zh", "en"]
NOTHING = "—"
_AGE_LENGTH = 4
_MONTHS = 12


@dataclass(frozen=True)
class Words:
    """Everything that is printed beside the report's own text; names in braces are filled in."""

    language: Language
    tag: str
    titles: Mapping[str, str]
    title: str
    findings: Mapping[str, str]
    finding: str
    impression: str
    name: str
    sex_age: str
    birth_date: str
    patient_id: str
    accession_number: str
    clinic: str
    modality: str
    body_part: str
    description: str
    exam_time: str
    report_number: str
    report_version: str
    version: str
    kinds: Mapping[ReportKind, str]
    banners: Mapping[ReportKind, str]
    reasons: Mapping[ReportKind, str]
    superseded: str
    supplemented: str
    withdrawn: str
    positive: str
    negative: str
    critical: str
    author: str
    signer: str
    sole_signer: str
    drafted_at: str
    signed_at: str
    withdrawer: str
    withdrawn_at: str
    missing: str
    page: str
    for_physicians: str
    signature: str
    identity: str
    study: str
    watermark: str
    preliminary_watermark: str
    draft_watermark: str
    opinions: str
    colon: str
    span: str
    sexes: Mapping[str, str]
    modalities: Mapping[str, str]
    body_parts: Mapping[str, str]

    def title_of(self, modality: str) -> str:
        return self.titles.get(modality, self.title)

    def findings_of(self, modality: str) -> str:
        return self.findings.get(modality, self.finding)

    def age(self, text: str, birth_date: str, exam: date | None) -> str:
        """Age (PS3.5 6.2, AS: 045Y, 006M, 002W, 012D) in words; reckoned from the birth date where it was not sent."""
        number, unit = text[:-1], text[-1:].upper()
        if len(text) <= _AGE_LENGTH and number.isdecimal() and unit in AGE_UNITS_ZH:
            return _age(int(number), unit, self.language)
        if text or exam is None:
            return text
        return _reckoned_age(birth_date, exam, self.language)

    def date(self, text: str) -> str:
        """YYYY-MM-DD from that or from DICOM's YYYYMMDD; anything else as it is."""
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            return text

    def time(self, moment: datetime | None, zone: tzinfo) -> str:
        return NOTHING if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _age(number: int, unit: str, language: Language) -> str:
    return f"{number}{AGE_UNITS_ZH[unit]}" if language == "zh" else f"{number} {AGE_UNITS_EN[unit]}"


def _reckoned_age(birth_date: str, exam: date, language: Language) -> str:
    """Whole years; whole months below one year, days below one month; empty where the birth date is not known."""
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        return ""
    days = (exam - born).days
    months = (exam.year - born.year) * 12 + exam.month - born.month - (exam.day < born.day)
    if days < 0:
        return ""
    if not months:
        return _age(days, "D", language)
    return _age(months, "M", language) if months < _MONTHS else _age(months // _MONTHS, "Y", language)


ZH = Words(
    language="zh",
    tag="zh-CN",
    titles={"ECG": "心电图诊断报告", "US": "超声诊断报告书"},
    title="医学影像诊断报告书",
    findings={"ECG": "心电图所见", "US": "超声所见"},
    finding="影像所见",
    impression="诊断意见",
    name="姓名",
    sex_age="性别/年龄",
    birth_date="出生日期",
    patient_id="患者编号",
    accession_number="检查号",
    clinic="申请机构",
    modality="检查类别",
    body_part="检查部位",
    description="检查项目",
    exam_time="检查时间",
    report_number="报告编号",
    report_version="报告版本",
    version="第 {version} 版（{kind}）",
    kinds={
        ReportKind.PRELIMINARY: "急诊报告",
        ReportKind.FINAL: "正式报告",
        ReportKind.AMENDED: "更正报告",
        ReportKind.ADDENDUM: "补充报告",
        ReportKind.WITHDRAWN: "已撤回",
    },
    banners={
        ReportKind.PRELIMINARY: "急诊报告，以正式报告为准。",
        ReportKind.AMENDED: "更正报告（第 {version} 版）：本版替代第 {replaced} 版，请以本版为准。",
        ReportKind.ADDENDUM: "补充报告（第 {version} 版）：对第 {previous} 版作补充。",
        ReportKind.WITHDRAWN: "本报告已撤回（第 {version} 版），不得作为诊疗依据。",
    },
    reasons={
        ReportKind.PRELIMINARY: "说明：{reason}",
        ReportKind.AMENDED: "更正原因：{reason}",
        ReportKind.ADDENDUM: "补充原因：{reason}",
        ReportKind.WITHDRAWN: "撤回原因：{reason}",
    },
    superseded="本版已被第 {later} 版替代，请以最新版本为准。",
    supplemented="本报告另有补充（第 {later} 版），请一并阅读。",
    withdrawn="本报告已由第 {later} 版撤回，不得作为诊疗依据。",
    positive="阳性",
    negative="阴性",
    critical="危急值：{critical}",
    author="报告医师",
    signer="审核医师",
    sole_signer="签发医师（单人签发）",
    drafted_at="报告时间",
    signed_at="审核时间",
    withdrawer="撤回医师",
    withdrawn_at="撤回时间",
    missing="注：“〓”代替字库中没有的字符（{characters}），请以原始记录为准。",
    page="第 {page} 页 共 {pages} 页",
    for_physicians="本报告仅供临床医师参考。",
    signature="签名为系统签名（登录账号与内容哈希），不是 CA 数字证书电子签名。",
    identity="报告编号 {report_id}  任务编号 {task_id}  第 {version} 版  SHA-256 {sha256}",
    study="检查 UID {study_instance_uid}",
    watermark="已撤回",
    preliminary_watermark="急诊报告，以正式报告为准",
    draft_watermark="草稿",
    opinions="上级医院会诊意见",
    colon="：",
    span="～",
    sexes=SEXES_ZH,
    modalities=MODALITIES_ZH,
    body_parts=BODY_PARTS_ZH,
)

EN = Words(
    language="en",
    tag="en",
    titles={"ECG": "Electrocardiogram Report", "US": "Ultrasound Report"},
    title="Diagnostic Imaging Report",
    findings={},
    finding="Findings",
    impression="Impression",
    name="Name",
    sex_age="Sex / age",
    birth_date="Born",
    patient_id="Patient ID",
    accession_number="Accession",
    clinic="Clinic",
    modality="Modality",
    body_part="Body part",
    description="Exam",
    exam_time="Exam time",
    report_number="Report no.",
    report_version="Version",
    version="{version} ({kind})",
    kinds={
        ReportKind.PRELIMINARY: "preliminary",
        ReportKind.FINAL: "final",
        ReportKind.AMENDED: "amended",
        ReportKind.ADDENDUM: "addendum",
        ReportKind.WITHDRAWN: "withdrawn",
    },
    banners={
        ReportKind.PRELIMINARY: "Preliminary emergency report: the final report prevails.",
        ReportKind.AMENDED: "Amended report: version {version} replaces version {replaced}.",
        ReportKind.ADDENDUM: "Addendum: version {version} adds to version {previous}.",
        ReportKind.WITHDRAWN: "This report has been withdrawn (version {version}). Do not base treatment on it.",
    },
    reasons={
        ReportKind.PRELIMINARY: "Note: {reason}",
        ReportKind.AMENDED: "Reason for the amendment: {reason}",
        ReportKind.ADDENDUM: "Reason for the addendum: {reason}",
        ReportKind.WITHDRAWN: "Reason for the withdrawal: {reason}",
    },
    superseded="Version {later} has replaced this one. Use the latest version.",
    supplemented="Version {later} adds to this report. Read both.",
    withdrawn="Version {later} has withdrawn this report. Do not base treatment on it.",
    positive="POSITIVE",
    negative="NEGATIVE",
    critical="Critical value: {critical}",
    author="Reported by",
    signer="Verified by",
    sole_signer="Reported and signed by",
    drafted_at="Reported at",
    signed_at="Verified at",
    withdrawer="Withdrawn by",
    withdrawn_at="Withdrawn at",
    missing="Note: “〓” stands for characters that the font lacks ({characters}); the original record has them.",
    page="Page {page} of {pages}",
    for_physicians="For the referring physician's information only.",
    signature="Signed by the system (login and content hash); this is not a certificate-based (CA) electronic signature.",
    identity="Report {report_id}  Task {task_id}  Version {version}  SHA-256 {sha256}",
    study="Study UID {study_instance_uid}",
    watermark="WITHDRAWN",
    preliminary_watermark="PRELIMINARY",
    draft_watermark="DRAFT",
    opinions="Opinion of the consulted hospital",
    colon=": ",
    span=" to ",
    sexes=SEXES_EN,
    modalities=MODALITIES_EN,
    body_parts={},
)

WORDS: Mapping[Language, Words] = {"zh": ZH, "en": EN}
