"""Results as HL7 messages: what the clinic's system will read."""

from datetime import UTC, datetime
from typing import Any

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_gateway.hl7.message import parse_message
from dicom_gateway.hl7.results import CHARSETS, Addressee, OrderReference, oru_message
from dicom_gateway.hl7.sending import NotAccepted, require_accepted

AT = datetime(2026, 3, 9, 1, 2, 3, tzinfo=UTC)
TO = Addressee("HIS", "T01HIS", "UNICODE UTF-8")
ORDER = OrderReference("P77", "CT01", "胸部CT平扫")
OBR = (
    "OBR|1|P77|A1|CT01^胸部CT平扫|||20260309003000+0000|||||||||||A1||||20260309010000+0000||CT|F"
    "|||||||auditor&王医师||radiologist&李医师"
)


def content(**changes: Any) -> dict[str, Any]:
    plain = {
        "report": {"id": 3, "version": 1, "kind": "final", "reason": "", "previous_sha256": "", "task_id": 9},
        "patient": {"id": "0007", "name": "ZHANG^SAN=张^三", "sex": "M", "birth_date": "1960-01-02"},
        "study": {
            "study_instance_uid": "1.2.3",
            "accession_number": "A1",
            "modality": "CT",
            "body_part": "CHEST",
            "description": "胸部平扫",
            "exam_started_at": "2026-03-09T00:30:00Z",
            "ready_at": "2026-03-09T00:40:00Z",
        },
        "institution": {"code": "t01", "name": "城关镇卫生院", "name_en": "Clinic 1"},
        "centre": {"code": "county", "name": "县影像中心", "name_en": "County centre"},
        "findings": "两肺纹理清晰。\n未见实变影。",
        "impression": "胸部未见异常。",
        "positive": False,
        "critical": "",
        "author": {"username": "radiologist", "name": "李医师", "title": ""},
        "signer": {"username": "auditor", "name": "王医师", "title": ""},
        "drafted_at": None,
        "signed_at": "2026-03-09T01:00:00Z",
    }
    return {**plain, **changes}


def test_a_report_as_a_message() -> None:
    text = oru_message(content(), 12, TO, AT, ORDER).decode()
    assert text.split("\r") == [
        "MSH|^~\\&|COUNTYREAD|county|HIS|T01HIS|20260309010203+0000||ORU^R01^ORU_R01|t01-12|P|2.5.1||||||UNICODE UTF-8",
        "PID|1||0007^^^t01^PI||张^三~ZHANG^SAN||19600102|M",
        "ORC|RE|P77|A1",
        OBR,
        "ZDS|1.2.3^COUNTYREAD^Application^DICOM",
        "OBX|1|FT|59776-5^Procedure findings^LN|1|两肺纹理清晰。\\.br\\未见实变影。||||||F",
        "OBX|2|FT|19005-8^Radiology Imaging study [Impression]^LN|1|胸部未见异常。|||N|||F",
        "",
    ]


@pytest.mark.parametrize(
    "kind, status", [("preliminary", "P"), ("final", "F"), ("amended", "C"), ("addendum", "C"), ("withdrawn", "X")]
)
def test_the_kind_of_a_version_is_its_status(kind: str, status: str) -> None:
    report = {**content()["report"], "kind": kind}
    message = parse_message(oru_message(content(report=report), 1, TO, AT).decode())
    assert message.first("OBR").value(25) == message.first("OBX").value(11) == status


def test_a_critical_value_and_a_positive_finding_are_flagged() -> None:
    text = oru_message(content(positive=True, critical="张力性气胸"), 1, TO, AT).decode()
    flags = [segment.value(8) for segment in parse_message(text).segments if segment.name == "OBX"]
    assert flags == ["", "A", "AA"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_each_character_set_is_declared_and_used(charset: str) -> None:
    message = oru_message(content(), 1, Addressee("", "", charset), AT)
    parsed = parse_message(message.decode(CHARSETS[charset]))
    assert (parsed.header.value(18), parsed.header.value(6)) == (charset, "t01")
    assert parsed.first("PID").value(5) == "张"


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_breaks_the_message_and_all_of_it_arrives(findings: str, name: str) -> None:
    patient = {**content()["patient"], "name": name}
    message = oru_message(content(findings=findings, patient=patient), 1, TO, AT, ORDER).decode()
    assert [str(segment[0]) for segment in hl7.parse(message)] == ["MSH", "PID", "ORC", "OBR", "ZDS", "OBX", "OBX"]
    found = parse_message(message)
    assert found.first("OBR").value(4, 2) == "胸部CT平扫"
    wanted = "\n".join("".join(one for one in line if one >= " ") for line in findings.splitlines())
    wanted = wanted.encode("utf-8", "replace").decode()
    assert found.first("OBX").value(5).split() == wanted.split() or '""' in wanted


@pytest.mark.parametrize(
    "answer, why",
    [
        (b"nonsense", "no HL7"),
        (b"MSH|^~\\&|A\rMSA|AA|t01-2\r", "another message"),
        (b"MSH|^~\\&|A\rMSA|AE|t01-1\r", "answered AE"),
        (b"MSH|^~\\&|A\r", "another message"),
    ],
)
def test_only_an_acceptance_of_this_message_counts(answer: bytes, why: str) -> None:
    with pytest.raises(NotAccepted, match=why):
        require_accepted(answer, "t01-1")
    require_accepted(b"MSH|^~\\&|A\rMSA|AA|t01-1\r", "t01-1")
