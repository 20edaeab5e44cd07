"""A signed report as an unsolicited observation message, ORU^R01 (HL7 v2.5.1 chapter 7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dicom_gateway.hl7.escaping import escaped
from storage.domain.reading import ReportKind

CHARSETS: Mapping[str, str] = {"UNICODE UTF-8": "utf-8", "GB 18030-2000": "gb18030", "GBK": "gb18030"}
"""Codecs by the names of HL7 table 0211, and by the one that Chinese systems write."""

_STATUS: Mapping[ReportKind, str] = {
    ReportKind.PRELIMINARY: "P",
    ReportKind.FINAL: "F",
    ReportKind.AMENDED: "C",
    ReportKind.ADDENDUM: "C",
    ReportKind.WITHDRAWN: "X",
}
"""HL7 table 0123: preliminary, final, correction, withdrawn. The newest message of a filler number counts."""

_FINDINGS, _IMPRESSION = "59776-5^Procedure findings^LN", "19005-8^Radiology Imaging study [Impression]^LN"
_CRITICAL = "CRITICAL^危急值^L"
_SEX: Mapping[str, str] = {"M": "M", "F": "F", "O": "O"}


@dataclass(frozen=True)
class Addressee:
    """Who is written to (MSH-5, MSH-6), and in which character set (a key of `CHARSETS`)."""

    application: str
    facility: str
    charset: str


@dataclass(frozen=True)
class OrderReference:
    """What the clinic knows the examination by."""

    placer_number: str
    procedure_code: str
    procedure_text: str


def oru_message(
    content: Mapping[str, Any],
    seq: int,
    to: Addressee,
    at: datetime,
    order: OrderReference | None = None,
) -> bytes:
    """The message of result `seq` of an institution; `content` is that of its report version.

    MSH-10 is made of institution and number: sent again after a lost answer, it is the same message.
    """
    lines = [_header(content, seq, to, at), _patient(content), *_order(content, order), *_observations(content)]
    # What the character set of the receiver has no sign for must not keep the report from him.
    return ("\r".join(lines) + "\r").encode(CHARSETS[to.charset], "replace")


def control_id(institution: str, seq: int) -> str:
    """MSH-10 of a result, at most 20 characters (HL7 v2.5.1 2.15.9.10) for codes of up to nine."""
    return f"{institution[:9]}-{seq}"


def _header(content: Mapping[str, Any], seq: int, to: Addressee, at: datetime) -> str:
    return _segment(
        "MSH|^~\\&",
        "COUNTYREAD",
        content["centre"]["code"],
        to.application,
        to.facility or content["institution"]["code"],
        _time(at),
        "",
        Raw("ORU^R01^ORU_R01"),
        control_id(content["institution"]["code"], seq),
        "P",
        "2.5.1",
        *[""] * 5,
        to.charset,
    )


def _patient(content: Mapping[str, Any]) -> str:
    patient = content["patient"]
    identifier = Raw(f"{escaped(patient['id'])}^^^{escaped(content['institution']['code'])}^PI")
    return _segment(
        "PID", "1", "", identifier, "", Raw(_name(patient["name"])), "", _digits(patient["birth_date"]), _sex(patient)
    )


def _order(content: Mapping[str, Any], order: OrderReference | None) -> Iterator[str]:
    study = content["study"]
    placer, filler = order.placer_number if order else "", study["accession_number"] or study["study_instance_uid"]
    code, text = (order.procedure_code, order.procedure_text) if order else ("", "")
    service = Raw(f"{escaped(code or study['modality'])}^{escaped(text or study['description'] or study['modality'])}")
    status = _STATUS[ReportKind(content["report"]["kind"])]
    yield _segment("ORC", "RE", placer, filler)
    yield _segment(
        "OBR",
        "1",
        placer,
        filler,
        service,
        *["", ""],
        _iso_time(study["exam_started_at"]),
        *[""] * 10,
        study["accession_number"],
        *[""] * 3,
        _iso_time(content["signed_at"]),
        "",
        study["modality"],
        status,
        *[""] * 6,
        Raw(_physician(content["signer"])),
        "",
        Raw(_physician(content["author"])),
    )
    yield _segment("ZDS", Raw(f"{escaped(study['study_instance_uid'])}^COUNTYREAD^Application^DICOM"))


def _observations(content: Mapping[str, Any]) -> Iterator[str]:
    status = _STATUS[ReportKind(content["report"]["kind"])]
    abnormal = {True: "A", False: "N", None: ""}[content["positive"]]
    texts = [(_FINDINGS, content["findings"], ""), (_IMPRESSION, content["impression"], abnormal)]
    if content["critical"].strip():
        texts.append((_CRITICAL, content["critical"], "AA"))
    for number, (name, text, flag) in enumerate(texts, 1):
        value = Raw(_formatted(text))
        yield _segment("OBX", str(number), "FT", Raw(name), "1", value, *["", ""], flag, *["", ""], status)


class Raw(str):
    """Text whose separators are meant."""

    __slots__ = ()


def _segment(*fields: str) -> str:
    name, *rest = fields
    return "|".join([name, *(field if isinstance(field, Raw) else escaped(field) for field in rest)]).rstrip("|")


def _formatted(text: str) -> str:
    """Formatted text: lines end with .br (HL7 v2.5.1 2.7.6)."""
    return "\\.br\\".join(escaped(line) for line in text.splitlines())


def _name(name: str) -> str:
    """A DICOM name of one or several groups as PID-5: the characters first, the Latin form as a repetition."""
    groups = [group for group in _groups(name) if any(group)]
    return "~".join("^".join(map(escaped, group[:3])).rstrip("^") for group in groups)


def _groups(name: str) -> list[Sequence[str]]:
    latin, *others = [group.split("^") for group in name.split("=")]
    return [*others[:1], latin] if others else [latin]


def _physician(person: Mapping[str, str]) -> str:
    return f"{escaped(person['username'])}&{escaped(person['name'])}"


def _sex(patient: Mapping[str, str]) -> str:
    return _SEX.get(patient["sex"], "U")


def _digits(date: str | None) -> str:
    return (date or "").replace("-", "")[:8]


def _time(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S+0000")


def _iso_time(moment: str | None) -> str:
    return _time(datetime.fromisoformat(moment)) if moment else ""
