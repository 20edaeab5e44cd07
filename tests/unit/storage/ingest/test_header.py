import io
import json
import random
import zlib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from storage.domain.devices import CharsetRule
from storage.domain.errors import UnreadableObject
from storage.ingest.header import ObjectHeader, ReadingRules, is_read, read_header, read_identifiers
from storage.ingest.json_values import MAX_INLINE
from storage.ingest.part10 import read_start
from tests.unit.storage.ingest.samples import data_set, encode, with_raw_name

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
RULES = ReadingRules(ZoneInfo("Asia/Shanghai"))
SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
PYDICOM_FILES = Path(pydicom.data.__file__).parent


def read(made: Dataset, syntax: str = ExplicitVRLittleEndian) -> ObjectHeader:
    return read_header(io.BytesIO(encode(made, syntax)), syntax, NOW, RULES)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_encoding_tells_the_same(syntax: str) -> None:
    made = data_set(
        Rows=2,
        Columns=3,
        NumberOfFrames=4,
        BodyPartExamined="HEAD",
        ImageLaterality="L",
        AccessionNumber="A1",
        StudyDescription="CT head",
        SeriesNumber=7,
        WindowCenter=["40", "300.5"],
        FrameIncrementPointer=0x00181063,
        ImagePositionPatient=["1", "-2.5", "0"],
    )
    header = read(made, syntax)
    assert header.identifiers.complete
    assert header.identifiers.study_instance_uid == made.StudyInstanceUID
    assert (header.patient.patient_id, header.patient.name, header.patient.sex) == ("0001", "ZHANG SAN", "M")
    assert (header.modality, header.rows, header.columns, header.frames) == ("CT", 2, 3, 4)
    assert (header.body_part, header.laterality, header.accession_number) == ("HEAD", "L", "A1")
    assert (header.series_number, header.instance_number, header.study_description) == (7, 1, "CT head")
    assert header.exam_started_at == datetime(2026, 1, 2, 2, 11, 12, tzinfo=UTC)
    assert header.model["00281050"] == {"vr": "DS", "Value": [40.0, 300.5]}
    assert header.model["00280009"] == {"vr": "AT", "Value": ["00181063"]}
    assert header.model["00200032"]["Value"] == [1.0, -2.5, 0.0]
    assert header.model["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": "ZHANG^SAN"}]}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_identifiers_alone_are_read_from_the_front(syntax: str) -> None:
    made = data_set()
    identifiers = read_identifiers(io.BytesIO(encode(made, syntax)), syntax)
    assert identifiers.sop_instance_uid == made.SOPInstanceUID
    assert identifiers.series_instance_uid == made.SeriesInstanceUID


def test_bulk_data_stays_outside_and_small_binaries_inside() -> None:
    made = data_set(Rows=64, Columns=64)
    made.add_new(0x7FE00010, "OW", bytes(64 * 64 * 2))
    made.add_new(0x60003000, "OW", bytes(512))
    made.add_new(0x00282000, "OB", b"profile." * 100)
    made.add_new(0x00420011, "OB", bytes(MAX_INLINE + 2))
    made.add_new(0x00281101, "US", [2, 0, 16])
    made.add_new(0x00281201, "OW", bytes(60_000))
    made.add_new(0x00090010, "LO", "VENDOR")
    model = read(made).model
    assert not {"7FE00010", "60003000", "00420011", "00090010"} & set(model)
    assert len(model["00282000"]["InlineBinary"]) > 1000
    assert len(model["00281201"]["InlineBinary"]) == 80_000
    assert model["00281101"]["Value"] == [2, 0, 16]


def test_waveforms_keep_their_description_and_leave_their_samples() -> None:
    with (PYDICOM_FILES / "test_files/waveform_ecg.dcm").open("rb") as stream:
        syntax = read_start(stream).transfer_syntax_uid
        header = read_header(stream, syntax, NOW, RULES)
    group = header.model["54000100"]["Value"][0]
    assert group["003A0005"]["Value"] == [12]
    assert "54001010" not in group
    assert header.modality == "ECG"
    assert header.priority == "P1"


def test_signed_pixels_have_signed_padding() -> None:
    made = data_set(PixelRepresentation=1)
    made.add_new(0x00280120, "SS", -2000)
    assert read(made, ImplicitVRLittleEndian).model["00280120"] == {"vr": "SS", "Value": [-2000]}


def test_sequences_are_kept_to_a_depth() -> None:
    innermost = item = Dataset()
    for _ in range(40):
        outer = Dataset()
        outer.add_new(0x00081140, "SQ", [item])
        item = outer
    innermost.PatientComments = "deep"
    made = data_set()
    made.add_new(0x00081140, "SQ", [item])
    model = read(made).model
    depth = 0
    while "00081140" in model:
        model = model["00081140"]["Value"][0] if model["00081140"].get("Value") else {}
        depth += 1
    assert 10 <= depth <= 17


@pytest.mark.parametrize("declared", [None, "ISO_IR 100", "ISO_IR 6"])
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_gbk_under_a_wrong_name_is_read_and_recorded(declared: str | None, syntax: str) -> None:
    encoded = with_raw_name(encode(data_set(SpecificCharacterSet=declared), syntax), "张^三".encode("gbk"))
    header = read_header(io.BytesIO(encoded), syntax, NOW, RULES)
    assert header.patient.name == "张三"
    assert header.charset_repair.startswith(f"declares {declared or 'nothing'}, read as GB18030: ")
    assert header.model["00080005"]["Value"] == ["ISO_IR 192"]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_what_is_set_for_the_device_counts_as_its_rule_says(syntax: str) -> None:
    korean = "김희중".encode("euc_kr")
    encoded = with_raw_name(encode(data_set(SpecificCharacterSet="GB18030"), syntax), korean)
    undeclared = ReadingRules(RULES.zone, "ISO 2022 IR 149")
    believed = read_header(io.BytesIO(encoded), syntax, NOW, undeclared)
    assert (believed.patient.name, believed.charset_repair) == (korean.decode("gb18030"), "")
    always = ReadingRules(RULES.zone, "ISO 2022 IR 149", CharsetRule.ALWAYS)
    read_by_device = read_header(io.BytesIO(encoded), syntax, NOW, always)
    assert read_by_device.patient.name == "김희중"
    assert read_by_device.charset_repair == "declares GB18030, read as ISO 2022 IR 149: as set for the device"


def test_text_inside_sequences_is_repaired_too() -> None:
    request = Dataset()
    request.RequestedProcedureDescription = "XXXXXX"
    made = data_set(RequestAttributesSequence=[request])
    encoded = encode(made).replace(b"XXXXXX", "胸部".encode("gbk") + b"CT")
    header = read_header(io.BytesIO(encoded), ExplicitVRLittleEndian, NOW, RULES)
    assert header.model["00400275"]["Value"][0]["00321060"]["Value"] == ["胸部CT"]


@pytest.mark.parametrize("name", ["chrX1", "chrX2", "chrH31", "chrI2", "chrGreek", "chrRuss", "chrHbrw", "chrArab"])
def test_the_standard_examples_of_character_sets(name: str) -> None:
    path = PYDICOM_FILES / f"charset_files/{name}.dcm"
    with path.open("rb") as stream:
        syntax = read_start(stream).transfer_syntax_uid
        header = read_header(stream, syntax, NOW, RULES)
    expected = pydicom.dcmread(path).PatientName
    told = header.model["00100010"]["Value"][0]
    assert told["Alphabetic"] == expected.alphabetic.strip(" ^")
    assert told.get("Ideographic", "") == str(expected.ideographic)


@pytest.mark.parametrize("tag", [0x00401003, 0x0032000C])
@pytest.mark.parametrize("value, priority", [("STAT", "P1"), ("HIGH", "P1"), ("ROUTINE", "P2"), ("", "P2")])
def test_urgent_requests_come_first(tag: int, value: str, priority: str) -> None:
    made = data_set()
    made.add_new(tag, "SH" if tag == 0x00401003 else "CS", value)
    assert read(made).priority == priority


def test_the_earliest_time_is_when_the_exam_began() -> None:
    made = data_set(AcquisitionDateTime="20260102093000", SeriesDate="20260102", SeriesTime="100000")
    assert read(made).exam_started_at == datetime(2026, 1, 2, 1, 30, tzinfo=UTC)
    zoned = data_set(StudyTime="101112", TimezoneOffsetFromUTC="+0900")
    assert read(zoned).exam_started_at == datetime(2026, 1, 2, 1, 11, 12, tzinfo=UTC)


def test_values_that_make_no_sense_are_as_good_as_missing() -> None:
    encoded = encode(data_set(InstanceNumber="1")).replace(b"IS\x02\x001 ", b"IS\x02\x00x?")
    header = read_header(io.BytesIO(encoded), ExplicitVRLittleEndian, NOW, RULES)
    assert header.instance_number is None
    assert header.model["00200013"]["Value"] == ["x?"]


def test_numbers_that_json_cannot_hold_are_written_as_text() -> None:
    made = data_set()
    made.add_new(0x00189073, "FD", float("nan"))
    made.add_new(0x00189074, "DT", "20260102")
    made.add_new(0x00089459, "FL", float("inf"))
    json.dumps(dict(read(made).model), allow_nan=False)


def test_nul_characters_do_not_reach_the_database() -> None:
    encoded = encode(data_set(StudyDescription="ab\x00cd\x00"))
    header = read_header(io.BytesIO(encoded), ExplicitVRLittleEndian, NOW, RULES)
    assert "\x00" not in header.study_description
    assert "\\u0000" not in json.dumps(dict(header.model))


def test_a_data_set_without_sop_instance_uid_is_unreadable() -> None:
    with pytest.raises(UnreadableObject):
        read(data_set(SOPInstanceUID=None))


def test_a_missing_study_uid_is_left_to_the_catalogue() -> None:
    assert not read(data_set(StudyInstanceUID=None)).identifiers.complete


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    "content, syntax",
    [
        (bytes(100 << 20), ExplicitVRLittleEndian),
        (_deflated(encode(data_set()) + bytes(200 << 20)), DeflatedExplicitVRLittleEndian),
    ],
    ids=["zeros", "deflate bomb"],
)
def test_endless_nothing_is_refused_before_long(content: bytes, syntax: str) -> None:
    with pytest.raises(UnreadableObject, match="more elements"):
        read_header(io.BytesIO(content), syntax, NOW, RULES)


def test_what_is_not_deflated_cannot_be_inflated() -> None:
    with pytest.raises(UnreadableObject, match="inflated"):
        read_header(io.BytesIO(b"not deflated"), DeflatedExplicitVRLittleEndian, NOW, RULES)


def test_what_a_study_is_read_for() -> None:
    assert is_read("CT")
    assert is_read("ECG")
    assert not is_read("SR")
    assert not is_read("PR")


def _whole_object(syntax: str) -> bytes:
    uids = {f"{level}InstanceUID": f"1.2.3.{number}" for number, level in enumerate(("SOP", "Study", "Series"))}
    made = data_set(**uids, SpecificCharacterSet="GB18030", RequestAttributesSequence=[Dataset()])
    made.PatientName = "张^三"
    made.add_new(0x7FE00010, "OW", np.zeros(64, np.uint16).tobytes())
    return encode(made, syntax)


WHOLE_OBJECTS = {syntax: _whole_object(syntax) for syntax in SYNTAXES}


@pytest.mark.filterwarnings("default")
@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(SYNTAXES),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_damaged_bytes_are_read_or_refused(syntax: str, damage: list[tuple[float, int]], cut: float) -> None:
    content = bytearray(WHOLE_OBJECTS[syntax])
    for place, value in damage:
        content[int(place * len(content))] = value
    _read_or_refuse(bytes(content), syntax)
    _read_or_refuse(bytes(content[: int(cut * len(content))]), syntax)


@pytest.mark.filterwarnings("default")
@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400), st.sampled_from(SYNTAXES))
def test_garbage_is_read_or_refused(garbage: bytes, syntax: str) -> None:
    _read_or_refuse(garbage, syntax)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", sorted((PYDICOM_FILES / "test_files").glob("*.dcm")), ids=lambda path: path.name)
def test_the_odd_files_of_pydicom_are_read_or_refused(path: Path) -> None:
    generator = random.Random(path.name)
    with path.open("rb") as stream:
        try:
            syntax = read_start(stream).transfer_syntax_uid
        except UnreadableObject:
            return
        content = stream.read(200_000)
    _read_or_refuse(content, syntax)
    _read_or_refuse(content[: generator.randrange(len(content))], syntax)


def _read_or_refuse(content: bytes, syntax: str) -> None:
    for read_it in (read_identifiers, lambda stream, syntax: read_header(stream, syntax, NOW, RULES)):
        try:
            found = read_it(io.BytesIO(content), syntax)
        except UnreadableObject:
            continue
        if isinstance(found, ObjectHeader):
            text = json.dumps(dict(found.model), allow_nan=False)
            assert "\\u0000" not in text
            text.encode()
