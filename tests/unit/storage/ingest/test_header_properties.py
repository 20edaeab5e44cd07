import io
import json
import struct
import tracemalloc
import zlib
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from storage.domain.devices import CharsetRule
from storage.domain.errors import UnreadableObject
from storage.ingest.header import ReadingRules, read_header, read_identifiers
from storage.ingest.part10 import read_start
from tests.unit.storage.ingest import foreign
from tests.unit.storage.ingest.samples import data_set, encode
from tests.unit.storage.ingest.two_readers import NOW, RULES, assert_same, assert_same_identifiers

PYDICOM_FILES = Path(pydicom.data.__file__).parent / "test_files"
pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("default")]
bounded = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read_or_refuse(content: bytes, syntax: str) -> None:
    """Either reader may refuse; nothing else may happen."""
    for read in (read_identifiers, lambda stream, syntax: read_header(stream, syntax, NOW, RULES)):
        try:
            found = read(io.BytesIO(content), syntax)
        except UnreadableObject:
            continue
        if hasattr(found, "model"):
            json.dumps(dict(found.model), allow_nan=False, ensure_ascii=False).encode()


DEVICES = [
    RULES,
    ReadingRules(RULES.zone, "GB18030"),
    ReadingRules(RULES.zone, "GB18030", CharsetRule.ALWAYS),
    ReadingRules(RULES.zone, "ISO 2022 IR 58", CharsetRule.ALWAYS),
    ReadingRules(RULES.zone, "ISO_IR 144", CharsetRule.ALWAYS),
]


@bounded
@given(foreign.objects(), st.sampled_from(DEVICES))
def test_both_readers_read_foreign_objects_the_same(made: tuple[bytes, str], rules: ReadingRules) -> None:
    assert_same(*made, rules)
    assert_same_identifiers(*made)


def test_most_foreign_objects_are_plain_enough_for_the_scanner() -> None:
    scanned = []

    @settings(deadline=None, max_examples=40, database=None, derandomize=True)
    @given(foreign.objects())
    def look(made: tuple[bytes, str]) -> None:
        scanned.append(assert_same(*made))

    look()
    assert sum(scanned) > len(scanned) // 3


@bounded
@given(foreign.objects(), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=3), st.floats(0, 1))
def test_both_readers_read_damaged_objects_the_same(
    made: tuple[bytes, str], damage: list[tuple[float, int]], cut: float
) -> None:
    whole, syntax = made
    content = bytearray(whole)
    for place, value in damage:
        content[int(place * len(content))] = value
    for damaged in (bytes(content), whole[: int(cut * len(whole))]):
        assert_same(damaged, syntax)
        assert_same_identifiers(damaged, syntax)
        read_or_refuse(damaged, syntax)


def _small_object(*, implicit: bool) -> bytes:
    inner = foreign.sequence(
        0x00400275, [foreign.element(0x00400254, "LO", b"CT", implicit=implicit)], (False, False), implicit=implicit
    )
    parts = dict(foreign.UIDS)
    made = {tag: foreign.element(tag, "UI", value, implicit=implicit) for tag, value in parts.items()}
    made[0x00100010] = foreign.element(0x00100010, "PN", "张^三".encode("gbk"), implicit=implicit)
    made[0x00281201] = foreign.element(0x00281201, "OW", bytes(8), implicit=implicit)
    made[0x00400275] = inner
    made[0x7FE00010] = foreign.element(0x7FE00010, "OW", bytes(8), implicit=implicit)
    return foreign.joined(sorted(made.items()))


@pytest.mark.parametrize("implicit", [False, True])
def test_both_readers_agree_wherever_an_object_is_cut(*, implicit: bool) -> None:
    content, syntax = _small_object(implicit=implicit), foreign.SYNTAXES[implicit]
    assert assert_same(content, syntax)
    for end in range(len(content)):
        assert_same(content[:end], syntax)
        assert_same_identifiers(content[:end], syntax)
        read_or_refuse(content[:end], syntax)


@pytest.mark.parametrize("implicit", [False, True])
def test_both_readers_agree_on_every_wrong_byte(*, implicit: bool) -> None:
    content, syntax = _small_object(implicit=implicit), foreign.SYNTAXES[implicit]
    for place in range(len(content)):
        for value in (0x00, 0xFF, 0x41, content[place] ^ 1):
            damaged = content[:place] + bytes([value]) + content[place + 1 :]
            assert_same(damaged, syntax)


REAL = (
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "waveform_ecg.dcm",
    "reportsi.dcm",
    "rtplan.dcm",
    "US1_J2KR.dcm",
    "examples_palette.dcm",
)
REAL_FILES = [path for name in REAL if (path := PYDICOM_FILES / name).exists()]


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(REAL_FILES),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 7)), min_size=1, max_size=8),
    st.floats(0, 1),
)
def test_bit_flips_of_real_files(path: Path, flips: list[tuple[float, int]], cut: float) -> None:
    with path.open("rb") as stream:
        syntax = read_start(stream).transfer_syntax_uid
        whole = bytearray(stream.read(24_000))
    for place, bit in flips:
        whole[int(place * min(len(whole), 6_000))] ^= 1 << bit
    assert_same(bytes(whole), syntax)
    read_or_refuse(bytes(whole[: int(cut * len(whole))]), syntax)


def _deep(levels: int, *, implicit: bool, defined: bool) -> bytes:
    inner = foreign.element(0x00100010, "PN", b"X", implicit=implicit)
    for _ in range(levels):
        inner = foreign.sequence(0x00081140, [inner], (defined, defined), implicit=implicit)
    return (
        foreign.element(*foreign.UIDS[0][:1], "UI", foreign.UIDS[0][1], implicit=implicit)
        + foreign.element(0x00080018, "UI", b"1.2.3.4\0", implicit=implicit)
        + inner
    )


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("defined", [False, True])
@pytest.mark.parametrize("levels", [3, 15, 16, 17, 23, 30, 3000])
def test_both_readers_cut_deep_sequences_at_the_same_depth(*, implicit: bool, defined: bool, levels: int) -> None:
    content, syntax = _deep(levels, implicit=implicit, defined=defined), foreign.SYNTAXES[implicit]
    if not (defined and levels == 3000):
        assert_same(content, syntax)
    read_or_refuse(content, syntax)


LIES = (0xFFFFFFFE, 0x7FFFFFFF, 0x01000000, 0xFFFF)


@pytest.mark.parametrize("length", LIES)
@pytest.mark.parametrize(
    "tag, vr", [(0x00081140, "SQ"), (0x00091001, "UN"), (0x00281201, "OW"), (0x0040A160, "UT"), (0x00880200, "SQ")]
)
@pytest.mark.parametrize("implicit", [False, True])
def test_lengths_that_lie_cost_nothing(*, length: int, tag: int, vr: str, implicit: bool) -> None:
    syntax = foreign.SYNTAXES[implicit]
    before = foreign.element(0x00080018, "UI", b"1.2.3.4\0", implicit=implicit)
    lie = foreign.start(tag, vr, length, implicit=implicit)
    inside = (
        foreign.start(0x00081140, "SQ", foreign.UNDEFINED, implicit=implicit) + foreign.ITEM + struct.pack("<I", length)
    )
    tracemalloc.start()
    for content in (before + lie, before + lie + bytes(64), before + inside + lie):
        assert_same(content, syntax)
        read_or_refuse(content, syntax)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 << 20


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("filler", [b"\x00", b"\xff", b"\x08\x00\x05\x00"])
def test_megabytes_of_the_same_are_refused_in_bounded_memory(syntax: str, filler: bytes) -> None:
    content = encode(data_set(), ExplicitVRLittleEndian if syntax == ExplicitVRBigEndian else syntax)
    content += filler * ((12 << 20) // len(filler))
    tracemalloc.start()
    read_or_refuse(content, syntax)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 << 20


def test_a_deflated_object_is_read_from_its_start() -> None:
    plain = encode(data_set()) + foreign.element(0x7FE00010, "OW", bytes(1 << 20), implicit=False)
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    content = packer.compress(plain) + packer.flush()
    for damaged in (content, content[:-3], content[: len(content) // 2], content[:40], content[:1], b""):
        read_or_refuse(damaged, DeflatedExplicitVRLittleEndian)
    assert read_header(io.BytesIO(content), DeflatedExplicitVRLittleEndian, NOW, RULES).patient.name == "ZHANG SAN"


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=600),
    st.sampled_from([*foreign.SYNTAXES, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, "1.2.3"]),
)
def test_any_bytes_are_read_or_refused(content: bytes, syntax: str) -> None:
    read_or_refuse(content, syntax)
    if syntax in foreign.SYNTAXES:
        assert_same(content, syntax)
