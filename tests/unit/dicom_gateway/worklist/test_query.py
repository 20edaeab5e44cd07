"""Keys of a worklist query, matching, and the bytes of the answers."""

import re
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.dsutils import encode

from dicom_gateway.identifiers import read_identifier
from dicom_gateway.worklist.escapes import encode_gb2312
from dicom_gateway.worklist.item import Answering, worklist_item
from dicom_gateway.worklist.query import read_query
from dicom_gateway.worklist.wildcards import matches, name_matches
from storage.db.models import ExamOrder, Institution
from storage.domain.errors import Invalid, UnreadableObject
from storage.domain.worklist_charsets import WorklistCharset
from tests.unit.storage.orders.placing import content

ZONE = ZoneInfo("Asia/Shanghai")
EVERYTHING = {"00100010": {}, "00100020": {}, "00321060": {}, "00400100": {}, "00102154": {}, "00101030": {}}


def an_order(**over: Any) -> ExamOrder:
    told = vars(content(**over))
    return ExamOrder(
        **told,
        accession_number="A1",
        placer_order_number="",
        filler_order_number="",
        study_instance_uid="2.25.1",
        state="scheduled",
        institution=Institution(code="t01", name="清溪镇卫生院", kind="clinic"),
        scheduled_device=None,
    )


def asked(date: str = "", time: str = "", **step: str) -> dict[str, Any]:
    keys = {"00400002": date, "00400003": time, **step}
    item = {tag: {"vr": "LO", "Value": [value]} for tag, value in keys.items() if value}
    return {"00400100": {"vr": "SQ", "Value": [item]}}


@pytest.mark.parametrize(
    "date,time,first,last",
    [
        ("", "", None, None),
        ("20260309", "", "2026-03-09T00:00:00", "2026-03-09T23:59:59.999999"),
        ("20260309-20260310", "", "2026-03-09T00:00:00", "2026-03-10T23:59:59.999999"),
        ("20260309-", "", "2026-03-09T00:00:00", None),
        ("-2026.03.10", "", None, "2026-03-10T23:59:59.999999"),
        ("20260705-20260707", "10-18", "2026-07-05T10:00:00", "2026-07-07T18:59:59.999999"),
        ("20260309", "0930", "2026-03-09T09:30:00", "2026-03-09T09:30:59.999999"),
    ],
)
def test_dates_and_times_together_are_one_range(date: str, time: str, first: str | None, last: str | None) -> None:
    query = read_query(asked(date, time), ZONE)
    told = [
        moment and moment.replace(tzinfo=None).isoformat() for moment in (query.scheduled_from, query.scheduled_until)
    ]
    assert told == [first, last]
    assert (query.begins, query.ends) == (None, None)


@pytest.mark.parametrize("date,time", [("20260230", ""), ("soon", ""), ("", "25"), ("", "noon"), ("20260309-x", "")])
def test_what_is_no_date_or_time_is_refused(date: str, time: str) -> None:
    with pytest.raises(Invalid):
        read_query(asked(date, time), ZONE)


def test_a_time_alone_counts_on_every_day() -> None:
    query = read_query(asked(time="0800-1200"), ZONE)
    moment = content().scheduled_at.astimezone(ZONE)
    morning, evening = moment.replace(hour=9), moment.replace(hour=20)
    assert query.wants(an_order(scheduled_at=morning), ZONE)
    assert not query.wants(an_order(scheduled_at=evening), ZONE)


@settings(deadline=None)
@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=8))
def test_wild_cards_match_as_regular_expressions_would(pattern: str, value: str) -> None:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    assert matches(pattern, value) == (not pattern or re.fullmatch(expression, value) is not None)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    assert not matches("*a" * 120 + "b", "a" * 64)


def test_a_name_is_found_by_any_of_its_forms() -> None:
    names = ("欧阳^三", "OUYANG^SAN")
    for pattern in ("欧阳*", "欧阳三", "*三", "ouyang*", "OUYANG SAN", "Ouyang^San", "*", ""):
        assert name_matches((pattern,), names), pattern
    assert not name_matches(("欧*四",), names)
    assert name_matches(("NOBODY", "欧阳^三"), names)


@settings(deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian, "1.2.840.10008.1.2.2"])
)
def test_any_bytes_are_a_query_or_are_refused(data: bytes, syntax: str) -> None:
    try:
        request = read_identifier(BytesIO(data), syntax, "")
        query = read_query(request, ZONE)
    except (UnreadableObject, Invalid):
        return
    query.wants(an_order(), ZONE)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["00400001", "00400002", "00400003", "00080060", "00100010"]), st.text(max_size=20))
)
def test_any_keys_are_a_query_or_are_refused(keys: dict[str, str]) -> None:
    try:
        query = read_query(asked(**keys), ZONE)
    except Invalid:
        return
    query.wants(an_order(), ZONE)


def item_bytes(rule: str, order: ExamOrder, *, implicit: bool = False) -> bytes:
    answering = Answering(WorklistCharset.parse(rule), "T01_CT", {}, ZONE)
    return encode(worklist_item(order, answering, EVERYTHING), implicit, True) or b""


def test_escape_sequences_are_those_of_the_standard() -> None:
    """PS3.5 K.2."""
    written = encode_gb2312("Zhang^XiaoDong=张^小东=", is_name=True)
    assert written == b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab="
    lines = encode_gb2312("第一行\r\nsecond\r\n第三行", is_name=False)
    assert lines == b"\x1b$)A" + "第一行".encode("gb2312") + b"\r\nsecond\r\n\x1b$)A" + "第三行".encode("gb2312")


@pytest.mark.parametrize("rule", ["GB18030", "GBK", "ISO_IR 192", "\\ISO 2022 IR 58"])
@pytest.mark.parametrize("implicit", [True, False])
def test_what_is_written_is_read_back(rule: str, implicit: bool) -> None:  # noqa: FBT001
    syntax = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    read = read_identifier(BytesIO(item_bytes(rule, an_order(), implicit=implicit)), syntax, "")
    assert read["00100010"]["Value"] == [{"Alphabetic": "OUYANG^SAN", "Ideographic": "欧阳^三"}]
    assert read["00321060"]["Value"] == ["胸部CT平扫"]
    assert read["00400100"]["Value"][0]["00400007"]["Value"] == ["胸部CT平扫"]


def test_a_name_that_the_character_set_lacks_comes_in_pinyin() -> None:
    order = an_order(patient_name="朱镕", romanised_name="ZHU^RONG", procedure_description="查镕")
    assert b"PN\x08\x00ZHU^RONG" in item_bytes("\\ISO 2022 IR 58", order)
    assert "ZHU^RONG=朱^镕".encode("gbk") in item_bytes("GBK", order)
    assert b"\x1b$)A" + "查".encode("gb2312") + b" RONG" in item_bytes("\\ISO 2022 IR 58", order)


def test_an_item_has_what_was_asked_for_and_no_more() -> None:
    answering = Answering(WorklistCharset(), "T01_CT", {}, ZONE)
    request = {"00100010": {}, "00380010": {}, "00400100": {"Value": [{"00080060": {}}]}, "00100099": {}}
    made = worklist_item(an_order(), answering, request)
    assert [element.keyword for element in made] == ["PatientName", "AdmissionID", "ScheduledProcedureStepSequence"]
    assert [element.keyword for element in made.ScheduledProcedureStepSequence[0]] == ["Modality"]
    whole = worklist_item(an_order(), answering, {"00400100": {"Value": [{}]}})
    assert len(whole.ScheduledProcedureStepSequence[0]) > 10


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "GB18030", "GBK;characters", "ISO_IR 192", "\\ISO 2022 IR 58"]))
def test_any_text_can_be_sent_to_any_device(text: str, rule: str) -> None:
    told = re.sub(r"[\x00-\x1f\x7f\\=\ud800-\udfff]", "", text)[:64].strip()
    order = an_order(patient_name=told or "x", romanised_name="", procedure_description=told, phone=told)
    assert item_bytes(rule, order)


def test_a_request_without_keys_makes_no_sense() -> None:
    with pytest.raises(Invalid):
        read_query({}, ZONE)
    with pytest.raises(UnreadableObject):
        read_identifier(None, ExplicitVRLittleEndian, "")
