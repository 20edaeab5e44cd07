"""Parsers of what comes from outside: no input makes them fail in a way of their own, and what is right survives."""

import io
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset

from storage.domain.errors import BadQuery, BrokenMultipart, UnreadableObject
from storage.domain.matching import Level
from viewer_api.dicomweb.media_types import media_ranges
from viewer_api.dicomweb.multipart import wanted_encodings
from viewer_api.dicomweb.multipart_reader import read_parts
from viewer_api.dicomweb.native_xml import from_xml, to_xml
from viewer_api.dicomweb.query import parse_query
from viewer_api.dicomweb.rendering_query import parse_rendering
from viewer_api.dicomweb.streams import ranged_stream

pytestmark = pytest.mark.thorough


_TEXT = st.text(max_size=40)
_KEYWORDS = st.sampled_from(
    [
        "PatientName",
        "StudyDate",
        "StudyTime",
        "StudyInstanceUID",
        "SeriesNumber",
        "00100020",
        "ModalitiesInStudy",
        "limit",
        "offset",
        "includefield",
        "fuzzymatching",
        "RequestAttributesSequence.RequestedProcedureID",
    ]
)


@given(
    st.lists(st.tuples(st.one_of(_KEYWORDS, _TEXT), st.one_of(_TEXT, st.from_regex(r"[0-9*?.\-]{0,20}"))), max_size=5)
)
def test_a_query_is_understood_or_refused(parameters: list[tuple[str, str]]) -> None:
    try:
        query = parse_query(parameters, Level.STUDY, {})
    except BadQuery:
        return
    assert 0 <= query.limit <= 1000


@given(
    st.one_of(
        _TEXT, st.from_regex(r"((image|multipart)/[a-z*]+(;[a-z]+=\"?[a-z/]*\"?)*,?)*(;q=[0-9.]+)?", fullmatch=True)
    )
)
def test_an_accept_header_is_read_whatever_it_says(accept: str) -> None:
    found = media_ranges(accept)
    assert all(0 < one.quality <= 1 for one in found)
    assert [one.quality for one in found] == sorted((one.quality for one in found), reverse=True)
    wanted_encodings(accept)


def test_quality_values_decide_and_zero_refuses() -> None:
    found = media_ranges('a/b;q=0.2, c/d, multipart/related;type="e/f";q=0.9, g/h;q=0, i/j;q=x')
    assert [one.inner for one in found] == ["c/d", "e/f", "a/b"]


@given(st.dictionaries(st.sampled_from(["window", "viewport", "quality", "annotation", "iccprofile"]), _TEXT))
def test_a_rendering_is_understood_or_refused(parameters: dict[str, str]) -> None:
    try:
        wanted = parse_rendering(parameters)
    except BadQuery:
        return
    assert 1 <= wanted.quality <= 100
    assert 0 <= wanted.width <= 8192


@given(st.binary(max_size=400), st.sampled_from(["b", "bound", "-"]))
def test_a_multipart_is_read_or_refused(body: bytes, boundary: str) -> None:
    read = 0
    with suppress(BrokenMultipart):
        for part in read_parts(io.BytesIO(body), boundary):
            while piece := part.content.read(7):
                read += len(piece)
    assert read <= len(body)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4))
def test_parts_come_back_as_they_were_sent(contents: list[bytes]) -> None:
    boundary = "x" * 30
    body = b"".join(b"--%s\r\nContent-Type: a/b\r\n\r\n%s\r\n" % (boundary.encode(), one) for one in contents)
    found = []
    for part in read_parts(io.BytesIO(body + f"--{boundary}--".encode()), boundary):
        content = b""
        while piece := part.content.read(11):
            content += piece
        found.append(content)
    assert found == contents


@given(st.text(max_size=30), st.integers(0, 1000))
def test_a_range_is_within_the_value(text: str, total: int) -> None:
    data = bytes(total)
    for wanted in (text, f"bytes={text}", f"bytes={total // 2}-", f"bytes=-{total // 3}"):
        answer = ranged_stream(total, lambda start, stop: data[start:stop], "a/b", {}, wanted)
        assert answer.status_code in (200, 206, 416)
        if answer.status_code != 416:
            assert int(answer.headers["content-length"]) <= total


_VALUES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda one: one.strip() == one
)


@settings(max_examples=50)
@given(_VALUES, st.integers(-(2**31), 2**31 - 1), st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_model_survives_xml(text: str, whole: int, real: float) -> None:
    item = {"00080104": {"vr": "LO", "Value": [text]}}
    model = {
        "00080060": {"vr": "CS"},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Zhang^San", "Ideographic": "张^三"}]},
        "00180050": {"vr": "DS", "Value": [real, None]},
        "00200013": {"vr": "IS", "Value": [whole]},
        "00400275": {"vr": "SQ", "Value": [item, {}]},
        "00420011": {"vr": "OB", "BulkDataURI": "http://x/bulk?a=1&b=2"},
        "00281201": {"vr": "OW", "InlineBinary": "AAEC"},
    }
    assert from_xml(to_xml(model)) == model


def test_xml_of_a_real_data_set_is_read_again() -> None:
    ds = Dataset()
    ds.PatientName, ds.ImagePositionPatient, ds.FrameIncrementPointer = "A^B^C^D^E", [1.5, -2, 0], 0x00181063
    assert Dataset.from_json(from_xml(to_xml(ds.to_json_dict()))) == ds


_BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM"><DicomAttribute tag="00100020" vr="LO">
<Value number="1">&b;</Value></DicomAttribute></NativeDicomModel>"""
_OUTSIDE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><NativeDicomModel>&a;</NativeDicomModel>"""


@pytest.mark.parametrize(
    "document",
    [
        _BOMB,
        _OUTSIDE,
        b"",
        b"<a/>",
        b"<NativeDicomModel>",
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='none'?><a/>",
        b'<NativeDicomModel><DicomAttribute tag="xyz" vr="LO"/></NativeDicomModel>',
        b'<NativeDicomModel><DicomAttribute tag="00200013" vr="IS"><Value>x</Value></DicomAttribute></NativeDicomModel>',
        b"<NativeDicomModel>"
        + b'<DicomAttribute tag="00400275" vr="SQ"><Item>' * 40
        + b"</Item></DicomAttribute>" * 40
        + b"</NativeDicomModel>",
    ],
    ids=range(10),
)
def test_xml_that_is_none_or_an_attack_is_refused(document: bytes) -> None:
    with pytest.raises(UnreadableObject):
        from_xml(document)


@given(st.binary(max_size=200))
def test_any_bytes_are_xml_or_refused(document: bytes) -> None:
    try:
        from_xml(document)
    except UnreadableObject:
        return
    ET.fromstring(document)
