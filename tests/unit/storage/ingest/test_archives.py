import contextlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.domain.clock import SystemClock
from storage.domain.errors import (
    CountyReadError,
    EncryptedArchive,
    NotDicom,
    StorageFull,
    TooLarge,
    TruncatedObject,
    UnusableArchive,
)
from storage.ingest.archives import ArchiveLimits, entries_of, is_archive, shown_name
from storage.ingest.door import Door
from storage.ingest.spool import Spool
from storage.ingest.unpacking import take_file
from tests.unit.storage.ingest.samples import data_set, encode, file_of


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def unpack(content: bytes, folder: Path, limits: ArchiveLimits | None = None) -> dict[str, bytes]:
    found = {}
    for entry in entries_of(io.BytesIO(content), folder, limits or ArchiveLimits()):
        parts = []
        while part := entry.stream.read(1000):
            parts.append(part)
        found[entry.name] = b"".join(parts)
    return found


def test_files_in_folders_and_in_archives_inside_come_out(tmp_path: Path) -> None:
    inner = packed({"c.dcm": b"c" * 5000})
    content = packed({"a/b.dcm": b"b" * 3000, "a/": b"", "__MACOSX/x": b"x", "in.zip": inner, "empty": b""})
    assert unpack(content, tmp_path) == {"a/b.dcm": b"b" * 3000, "in.zip/c.dcm": b"c" * 5000, "empty": b""}
    assert list(tmp_path.iterdir()) == []


def test_an_empty_archive_is_one(tmp_path: Path) -> None:
    assert is_archive(packed({}))
    assert unpack(packed({}), tmp_path) == {}


def test_names_climb_nowhere_and_gbk_is_read(tmp_path: Path) -> None:
    content = packed({"../../etc/passwd": b"1", "/abs": b"2"})
    assert list(unpack(content, tmp_path)) == ["etc/passwd", "abs"]
    gbk = packed({"~~~~": b"1"}).replace(b"~~~~", "胸片".encode("gb18030"))
    assert list(unpack(gbk, tmp_path)) == ["胸片"]
    assert shown_name("a\x00\n\x1bb") == "a???b"
    assert len(shown_name("n" * 5000)) == 200


def encrypted(content: bytes) -> bytes:
    place = content.index(b"PK\x01\x02")
    return content[:6] + b"\x01" + content[7 : place + 8] + b"\x01" + content[place + 9 :]


@pytest.mark.parametrize(
    "content, limits, error",
    [
        (encrypted(packed({"a": b"a"})), {}, EncryptedArchive),
        (packed({"a": b"a" * 90}, zipfile.ZIP_LZMA), {}, UnusableArchive),
        (packed({str(number): b"" for number in range(30)}), {"entries": 29}, TooLarge),
        (packed({"a": bytes(30_000)}), {"total": 20_000}, TooLarge),
        (packed({"a": bytes(3_000_000)}), {"small": 1 << 20}, TooLarge),
        (packed({"a": packed({"b": packed({"c": b"c"})})}), {}, TooLarge),
        (packed({str(number): b"" for number in range(30)}), {"directory": 1000}, TooLarge),
        (packed({"a": packed({"b": bytes(15_000)}), "c": bytes(15_000)}), {"total": 20_000}, TooLarge),
        (packed({"a": b"abc" * 900})[:-40], {}, UnusableArchive),
    ],
    ids=["password", "method", "entries", "total", "ratio", "depth", "directory", "total of both", "cut off"],
)
def test_what_costs_too_much_or_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes, limits: dict[str, int], error: type[CountyReadError]
) -> None:
    with pytest.raises(error):
        unpack(content, tmp_path, ArchiveLimits(**limits))


def test_an_entry_ends_where_it_was_said_to_end(tmp_path: Path) -> None:
    """A million bytes that call themselves ten."""
    bomb = packed({"a": bytes(1_000_000)})
    told = struct.pack("<I", 1_000_000)
    with pytest.raises(TruncatedObject):
        unpack(bomb.replace(told, struct.pack("<I", 10)), tmp_path)


def test_entries_may_not_share_their_bytes(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a", b"a" * 1000)
        for number in range(50):
            archive.filelist.append(archive.filelist[0])
            archive.NameToInfo[str(number)] = archive.filelist[0]
    with pytest.raises(UnusableArchive, match="overlap"):
        unpack(whole.getvalue(), tmp_path)


@pytest.fixture
def door(tmp_path: Path):
    opened = Door(Spool(tmp_path / "spool", SystemClock()), SystemClock())
    yield opened
    opened.close()


def dicom() -> bytes:
    made = data_set()
    return file_of(encode(made), uid=made.SOPInstanceUID)


def test_an_archive_is_taken_object_by_object(door: Door, tmp_path: Path) -> None:
    good = dicom()
    damaged = packed({"a.dcm": dicom(), "read me.txt": b"hello", "cut.dcm": good[:-9]}, zipfile.ZIP_STORED)
    with door.delivery("T01_UPLOAD", "") as delivery:
        outcomes = list(take_file(delivery, io.BytesIO(damaged), "x.zip", tmp_path))
        assert (delivery.received, delivery.refused) == (1, 2)
    assert [(one.name, one.taken is not None, type(one.refusal)) for one in outcomes] == [
        ("a.dcm", True, type(None)),
        ("read me.txt", False, NotDicom),
        ("cut.dcm", False, TruncatedObject),
    ]


def test_an_archive_that_cannot_be_read_is_one_refusal(door: Door, tmp_path: Path) -> None:
    with door.delivery("T01_UPLOAD", "") as delivery:
        (outcome,) = take_file(delivery, io.BytesIO(encrypted(packed({"a": b"a"}))), "x.zip", tmp_path)
    assert isinstance(outcome.refusal, EncryptedArchive)
    assert outcome.name == "x.zip"


def test_a_damaged_entry_does_not_stop_the_others(door: Door, tmp_path: Path) -> None:
    first, second = dicom(), dicom()
    content = packed({"1": first, "2": second}, zipfile.ZIP_STORED).replace(first[-30:], b"?" * 30, 1)
    with door.delivery("T01_UPLOAD", "") as delivery:
        outcomes = list(take_file(delivery, io.BytesIO(content), "x.zip", tmp_path))
    assert [type(one.refusal) for one in outcomes] == [TruncatedObject, type(None)]


def test_a_full_disk_is_told_at_once(tmp_path: Path) -> None:
    door = Door(Spool(tmp_path / "spool", SystemClock(), reserve=1 << 60), SystemClock())
    with door.delivery("T01_UPLOAD", "") as delivery, pytest.raises(StorageFull):
        list(take_file(delivery, io.BytesIO(packed({"1": dicom()})), "x.zip", tmp_path))
    door.close()


_EXAMPLE = packed({"a/b": b"some bytes" * 20, "c": zlib.compress(b"x" * 99), "in.zip": packed({"d": b"d" * 40})})


@given(
    st.one_of(
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.lists(st.tuples(st.integers(0, len(_EXAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=6),
        st.tuples(st.integers(0, len(_EXAMPLE)), st.binary(max_size=60)),
    )
)
@example([(238, 0)])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_archive_is_read_or_refused_in_words(tmp_path: Path, change) -> None:
    content = change if isinstance(change, bytes) else bytearray(_EXAMPLE)
    if isinstance(change, list):
        for place, value in change:
            content[place] = value
    elif isinstance(change, tuple):
        content = _EXAMPLE[: change[0]] + change[1]
    with contextlib.suppress(CountyReadError):
        found = unpack(bytes(content), tmp_path, ArchiveLimits(total=1 << 20))
        assert sum(map(len, found.values())) <= 1 << 20
    assert list(tmp_path.iterdir()) == []
