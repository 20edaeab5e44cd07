import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from storage.domain.errors import UnreadableObject
from storage.ingest.header import read_identifiers
from storage.ingest.header.identifying import scan_identifiers
from storage.ingest.header.memo import Memo
from storage.ingest.header.plans import EXPLICIT_PLANS, Odd
from storage.ingest.header.scanner import Source
from storage.ingest.header.walking import Walk
from storage.ingest.header.writing import EXPLICIT_MEMORY
from storage.ingest.part10 import read_start
from tests.unit.storage.ingest.foreign import element, sequence
from tests.unit.storage.ingest.samples import data_set, encode, with_raw_name
from tests.unit.storage.ingest.two_readers import (
    PLAIN_SYNTAXES,
    assert_same,
    assert_same_identifiers,
    scanned,
)

pytestmark = pytest.mark.thorough


PYDICOM_FILES = Path(pydicom.data.__file__).parent
GBK = "张^三".encode("gbk")


def data_sets_of_files(shared_data: Path | None) -> Iterator[tuple[bytes, str]]:
    """Every DICOM file of pydicom, and the real studies beside the repository where they are."""
    folders = [PYDICOM_FILES, *([shared_data] if shared_data else [])]
    for path in sorted(path for folder in folders for path in folder.rglob("*.dcm")):
        with path.open("rb") as stream:
            try:
                syntax = read_start(stream).transfer_syntax_uid
            except UnreadableObject:
                syntax = ImplicitVRLittleEndian
                stream.seek(0)
            yield stream.read(1 << 20), syntax


@pytest.mark.filterwarnings("default")
def test_both_readers_read_every_file_the_same(shared_data: Path | None) -> None:
    files = list(data_sets_of_files(shared_data))
    read = [assert_same(*file) for file in files]
    found = [assert_same_identifiers(*file) for file in files]
    assert len(files) > 100
    assert sum(read) > 0.6 * len(files)
    assert sum(found) > 0.6 * len(files)


@pytest.mark.parametrize("syntax", PLAIN_SYNTAXES)
def test_plain_objects_are_read_without_the_parser(syntax: str) -> None:
    made = data_set(PatientComments="x" * 3000, ReferencedStudySequence=[Dataset()], StudyDescription="CT")
    made["ReferencedStudySequence"].is_undefined_length = True
    header = scanned(encode(made, syntax), syntax)
    assert header is not None
    assert header.identifiers.study_instance_uid == made.StudyInstanceUID
    assert header.study_description == "CT"
    assert assert_same_identifiers(encode(made, syntax), syntax)


@pytest.mark.parametrize("syntax", PLAIN_SYNTAXES)
def test_a_long_header_is_read_on(syntax: str) -> None:
    made = data_set(ImageComments="y" * 9000, TextValue="z" * 60_000)
    made.add_new(0x00091001, "OB", bytes(300_000))
    made.add_new(0x00091002, "OB", bytes(200_000))
    header = scanned(encode(made, syntax), syntax)
    assert header is not None
    assert len(header.model["0040A160"]["Value"][0]) == 60_000
    assert assert_same(encode(made, syntax), syntax)


def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size, 700) if size and size > 0 else size)

    made = data_set(ImageComments="y" * 5000)
    found = scan_identifiers(Slow(encode(made)), implicit=False)
    assert found.series_instance_uid == made.SeriesInstanceUID


def test_missing_identifiers_are_left_to_the_parser() -> None:
    content = encode(data_set(StudyInstanceUID=None))
    with pytest.raises(Odd):
        scan_identifiers(io.BytesIO(content), implicit=False)
    assert read_identifiers(io.BytesIO(content), ExplicitVRLittleEndian).study_instance_uid == ""


def test_equal_bytes_mean_something_else_in_another_character_set() -> None:
    korean = "김희중".encode("euc_kr")
    for _ in range(3):
        for declared, expected in ((["", "ISO 2022 IR 149"], "김희중"), (["GB18030"], korean.decode("gb18030"))):
            made = encode(data_set(SpecificCharacterSet=declared))
            header = scanned(with_raw_name(made, korean), ExplicitVRLittleEndian)
            assert header is not None
            assert header.patient.name == expected


def test_equal_bytes_mean_something_else_where_pixels_are_signed() -> None:
    for _ in range(3):
        for signed, expected in ((0, 63536), (1, -2000)):
            made = data_set(PixelRepresentation=signed)
            made.add_new(0x00280120, "SS", -2000)
            header = scanned(encode(made, ImplicitVRLittleEndian), ImplicitVRLittleEndian)
            assert header is not None
            assert header.model["00280120"]["Value"] == [expected]


def test_equal_bytes_mean_something_else_within_a_sequence() -> None:
    """There long values are kept, and what is declared has no meaning for JSON either."""
    charset = element(0x00080005, "CS", b"ISO_IR 100", implicit=False)
    long_text = element(0x0040A160, "UT", b"x" * 70_000, implicit=False)
    uid = element(0x00080018, "UI", b"1.2.3.4\0", implicit=False)
    inner = sequence(0x00400275, [charset + long_text], (True, True), implicit=False)
    for _ in range(2):
        header = scanned(charset + uid + inner + long_text, ExplicitVRLittleEndian)
        assert header is not None
        assert header.model["00080005"]["Value"] == ["ISO_IR 192"]
        item = header.model["00400275"]["Value"][0]
        assert (item["00080005"]["Value"], len(item["0040A160"]["Value"][0])) == (["ISO_IR 192"], 70_000)
        assert "0040A160" not in header.model


@pytest.mark.parametrize("defined", [(True, True), (False, False), (True, False), (False, True)])
def test_a_sequence_that_was_met_before_ends_where_it_did(defined: tuple[bool, bool]) -> None:
    """Sequences that start alike may be of another length."""
    uid = element(0x00080018, "UI", b"1.2.3.4\0", implicit=False)
    first = element(0x00080100, "SH", b"T-A0100 ", implicit=False) + element(0x00080102, "SH", b"SRT ", implicit=False)
    for _ in range(2):
        for number in range(4):
            items = [first, *[element(0x00080104, "LO", b"x" * 2 * number, implicit=False)] * number]
            content = (
                uid
                + sequence(0x00082218, items, defined, implicit=False)
                + element(0x00100020, "LO", b"77", implicit=False)
            )
            header = scanned(content, ExplicitVRLittleEndian)
            assert header is not None
            assert (len(header.model["00082218"]["Value"]), header.patient.patient_id) == (number + 1, "77")


def test_threads_share_what_is_remembered_without_mixing_it_up() -> None:
    cases = []
    for number in range(40):
        text = "김희중" if number % 2 else "张三李"
        declared = ["", "ISO 2022 IR 149"] if number % 2 else "ISO_IR 100"
        made = encode(data_set(SpecificCharacterSet=declared, PatientID=str(number)))
        cases.append((with_raw_name(made, text.encode("euc_kr" if number % 2 else "gbk")), text, str(number)))

    def look(index: int) -> bool:
        content, text, patient_id = cases[index % len(cases)]
        header = scanned(content, ExplicitVRLittleEndian)
        return header is not None and (header.patient.name, header.patient.patient_id) == (text, patient_id)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(look, range(600)))


def test_what_is_remembered_stays_within_bounds() -> None:
    memo: Memo[str] = Memo(100_000)
    for number in range(5_000):
        memo.keep(number, "x" * 100, 100)
        assert memo.get(number) is not None
    assert memo.entries * 100 < 100_000
    assert memo.get(0) is None


def test_what_is_asked_for_again_is_not_forgotten() -> None:
    memo: Memo[str] = Memo(20_000)
    for number in range(1_000):
        memo.keep("again", memo.get("again") or "kept", 4)
        memo.keep(number, "x" * 100, 100)
    assert memo.get("again") == "kept"


def test_thousands_of_different_objects_do_not_fill_the_memory() -> None:
    for number in range(1_500):
        text = element(0x00104000, "LT", (b"%08d" % number) * 400, implicit=False)
        uid = element(0x00080018, "UI", b"1.2.%08d" % number, implicit=False)
        private = element(0x00091000 + number % 200, "LO", b"x" * (number * 2), implicit=False)
        assert scanned(uid + private + text, ExplicitVRLittleEndian) is not None
    assert EXPLICIT_MEMORY.plain.entries * 6_400 < 2 * (8 << 20)
    assert len(EXPLICIT_PLANS) <= 1 << 14


@given(st.binary(max_size=3_000), st.integers(1, 64))
def test_a_source_reads_on_until_there_is_no_more(content: bytes, first: int) -> None:
    source = Source(io.BytesIO(content), first)
    while source.read_on(len(source.start)):
        pass
    assert source.start == content


def test_a_name_in_two_bytes_with_a_backslash_is_one_value() -> None:
    made = encode(data_set(SpecificCharacterSet="ISO_IR 100"))
    header = scanned(with_raw_name(made, "許^功蓋".encode("gbk")), ExplicitVRLittleEndian)
    assert header is not None
    assert header.patient.name == "許功蓋"


def test_a_walk_that_passes_over_nothing_cannot_be_begun() -> None:
    with pytest.raises(TypeError, match="_run"):
        Walk(Source(io.BytesIO(b""), 1), implicit=True)  # type: ignore[abstract]
