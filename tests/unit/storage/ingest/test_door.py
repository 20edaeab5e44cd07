import contextlib
import errno
import io
import os
import threading
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from blake3 import blake3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)

from storage.domain.clock import SystemClock
from storage.domain.errors import (
    MediaDirectory,
    NoIdentifiers,
    NotDicom,
    StorageFull,
    TooLarge,
    TruncatedObject,
    UnreadableObject,
)
from storage.ingest.door import Door, open_door
from storage.ingest.opening import not_dicom_yet
from storage.ingest.part10 import FileMeta, read_start
from storage.ingest.spool import Spool
from storage.settings import load_settings
from tests.unit.storage.ingest.samples import data_set, encode, file_of

PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)


@pytest.fixture
def door(tmp_path: Path):
    opened = Door(Spool(tmp_path / "spool", SystemClock()), SystemClock())
    yield opened
    opened.close()


def take(door: Door, content: bytes):
    with door.delivery("T01_UPLOAD", "10.0.0.7") as delivery:
        return delivery.take(io.BytesIO(content))


def kept(door: Door) -> list[tuple[FileMeta, bytes]]:
    found = []
    for entry in door.spool.entries():
        with door.spool.path(entry).open("rb") as stream:
            found.append((read_start(stream), stream.read()))
    return found


def part10(made, syntax: str = ExplicitVRLittleEndian) -> bytes:
    whole = encode(made, syntax)
    return file_of(whole, ae_title="OTHER", syntax=syntax, uid=made.SOPInstanceUID)


def with_pixels(made, size: int = 3000):
    made.add_new(0x7FE00010, "OW", bytes(range(256)) * (size // 256 + 1))
    return made


@pytest.mark.parametrize("syntax", [*PLAIN, DeflatedExplicitVRLittleEndian])
def test_a_file_is_kept_bit_for_bit_under_the_name_of_the_door(door: Door, syntax: str) -> None:
    made = with_pixels(data_set())
    content = part10(made, syntax)
    taken = take(door, content)
    ((meta, kept_bytes),) = kept(door)
    assert content.endswith(kept_bytes)
    assert meta == FileMeta(made.SOPClassUID, made.SOPInstanceUID, syntax, "T01_UPLOAD")
    assert (taken.study_instance_uid, taken.series_instance_uid) == (made.StudyInstanceUID, made.SeriesInstanceUID)
    assert (taken.size, taken.digest) == (len(kept_bytes), f"blake3:{blake3(kept_bytes).hexdigest()}")


@pytest.mark.parametrize("syntax", PLAIN)
def test_a_bare_data_set_is_recognised(door: Door, syntax: str) -> None:
    content = encode(with_pixels(data_set()), syntax)
    take(door, content)
    ((meta, kept_bytes),) = kept(door)
    assert (meta.transfer_syntax_uid, kept_bytes) == (syntax, content)


def test_file_meta_information_without_a_preamble_is_understood(door: Door) -> None:
    content = part10(data_set(), ImplicitVRLittleEndian)
    take(door, content[132:])
    assert kept(door)[0][0].transfer_syntax_uid == ImplicitVRLittleEndian


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "JPEG2000.dcm", "MR_small_RLE.dcm", "ExplVR_BigEnd.dcm", "rtplan.dcm"]
)
def test_files_of_real_equipment_are_whole(door: Door, name: str) -> None:
    file = Path(get_testdata_file(name))
    taken = take(door, file.read_bytes())
    assert taken.sop_instance_uid == str(pydicom.dcmread(file).SOPInstanceUID)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"%PDF-1.7 and so on" * 30,
        b"PK\x03\x04" * 100,
        b"\xff\xd8\xff\xe0" * 400,
        bytes(5000),
        b"\x08\x00" * 90,
    ],
    ids=["empty", "short", "pdf", "zip", "jpeg", "zeros", "looks like it"],
)
def test_what_is_not_dicom_is_refused_in_words(door: Door, content: bytes) -> None:
    with pytest.raises(NotDicom, match=r"^[A-Z].*\.$"):
        take(door, content)
    assert kept(door) == []


def test_a_dicomdir_is_recognised(door: Door) -> None:
    with pytest.raises(MediaDirectory):
        take(door, Path(get_testdata_file("DICOMDIR")).read_bytes())


@pytest.mark.parametrize("syntax", [*PLAIN, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("missing", [2, 50, 2000])
def test_a_file_that_was_cut_off_is_refused(door: Door, syntax: str, missing: int) -> None:
    content = part10(with_pixels(data_set(), 300_000), syntax)
    cut = missing if syntax != DeflatedExplicitVRLittleEndian else min(missing, 300)
    with pytest.raises(TruncatedObject):
        take(door, content[:-cut])
    assert kept(door) == []


def test_encapsulated_frames_may_lack_their_last_delimiter_but_no_bytes(door: Door) -> None:
    made = data_set()
    made.add_new(0x7FE00010, "OB", encapsulate([b"frame" * 100, b"other" * 100]))
    made["PixelData"].is_undefined_length = True
    content = part10(made, JPEGLSLossless)
    take(door, content)
    take(door, content[:-8])
    with pytest.raises(TruncatedObject):
        take(door, content[:-30])


def test_an_object_without_usable_uids_is_refused(door: Door) -> None:
    with pytest.raises(NoIdentifiers):
        take(door, part10(data_set(StudyInstanceUID=None)))


def test_file_meta_information_of_another_object_is_corrected_from_the_data_set(door: Door) -> None:
    made = data_set()
    take(door, file_of(encode(made), uid="1.2.3.4.5"))
    assert kept(door)[0][0].sop_instance_uid == made.SOPInstanceUID


def test_what_is_too_large_leaves_nothing(tmp_path: Path) -> None:
    door = Door(Spool(tmp_path / "spool", SystemClock()), SystemClock(), largest=1 << 20)
    with pytest.raises(TooLarge):
        take(door, part10(with_pixels(data_set(), 2 << 20)))
    assert kept(door) == []
    assert list((tmp_path / "spool" / "incoming").iterdir()) == []
    door.close()


def test_a_full_disk_is_told_and_passes(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageFull):
            take(door, part10(data_set()))
    assert take(door, part10(data_set())).size > 0


class _Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        part = super().read(min(size or 0, 1000))
        if not part:
            raise ConnectionResetError
        return part


def test_a_line_that_breaks_leaves_nothing(door: Door, tmp_path: Path) -> None:
    with door.delivery("T01_UPLOAD", "10.0.0.7") as delivery:
        with pytest.raises(ConnectionResetError):
            delivery.take(_Broken(part10(with_pixels(data_set(), 400_000))))
        assert (delivery.received, delivery.refused) == (0, 1)
    assert list((tmp_path / "spool" / "incoming").iterdir()) == []


def test_what_is_not_dicom_can_be_kept_for_a_person(door: Door) -> None:
    content = b"%PDF-1.7 an ECG" * 100_000
    with door.delivery("T01_FTP", "10.0.0.7") as delivery:
        assert delivery.keep(io.BytesIO(content)) == len(content)
    assert kept(door) == [(FileMeta("", "", "", "T01_FTP"), content)]


def test_a_delivery_is_noted_like_an_association(door: Door) -> None:
    with door.delivery("T01_UPLOAD", "10.0.0.7") as delivery:
        assert door.spool.associations.read(delivery.key) is None
        delivery.take(io.BytesIO(part10(data_set())))
        going_on = door.spool.associations.read(delivery.key)
        with pytest.raises(NotDicom):
            delivery.take(io.BytesIO(b"x"))
    over = door.spool.associations.read(delivery.key)
    assert going_on is not None
    assert over is not None
    assert (going_on.ae_title, going_on.address, going_on.ended_at) == ("T01_UPLOAD", "10.0.0.7", None)
    assert (over.received, over.refused, over.released) == (1, 1, True)
    assert over.ended_at is not None


def test_a_delivery_that_was_cut_off_was_not_released(door: Door) -> None:
    with contextlib.suppress(ConnectionResetError), door.delivery("T01_UPLOAD", "") as delivery:
        delivery.take(io.BytesIO(part10(data_set())))
        delivery.take(_Broken(part10(with_pixels(data_set(), 400_000))))
    record = door.spool.associations.read(delivery.key)
    assert record is not None
    assert (record.received, record.refused, record.released) == (1, 1, False)


@pytest.mark.parametrize(
    "start, words",
    [
        (b"%PDF-1.4", "PDF"),
        (b"\xef\xbb\xbf<?xml", "XML"),
        (b"0123456789abcdefSCPECG", "SCP-ECG"),
        (b"", "unknown"),
    ],
)
def test_what_was_kept_is_called_by_its_name(start: bytes, words: str) -> None:
    assert words in not_dicom_yet(start)


def test_several_threads_deliver_together(door: Door) -> None:
    contents = [part10(with_pixels(data_set())) for _ in range(12)]
    with door.delivery("T01_UPLOAD", "10.0.0.7") as delivery:
        threads = [threading.Thread(target=delivery.take, args=(io.BytesIO(one),)) for one in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert delivery.received == 12
    entries = door.spool.entries()
    assert {(entry.association_key, entry.number) for entry in entries} == {
        (delivery.key, number) for number in range(1, 13)
    }


def test_every_process_has_a_spool_of_its_own(tmp_path: Path) -> None:
    installed = replace(load_settings({}, file=Path("/nonexistent.toml")), data=tmp_path, reserve_mb=0)
    first, second = (open_door(installed, "web", SystemClock()) for _ in range(2))
    assert sorted(path.name for path in installed.spool.iterdir()) == ["web", "web-2"]
    first.close()
    third = open_door(installed, "web", SystemClock())
    assert sorted(path.name for path in installed.spool.iterdir()) == ["web", "web-2"]
    for door in (second, third):
        door.close()


def test_below_the_reserve_nothing_is_taken(tmp_path: Path) -> None:
    installed = replace(load_settings({}, file=Path("/nonexistent.toml")), data=tmp_path, reserve_mb=1 << 30)
    door = open_door(installed, "web", SystemClock())
    with pytest.raises(StorageFull):
        take(door, part10(data_set()))
    door.close()


_EXAMPLE = part10(with_pixels(data_set(), 600))


@given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=400).map(lambda tail: bytes(128) + b"DICM" + tail),
        st.tuples(st.integers(0, len(_EXAMPLE) - 1), st.binary(min_size=1, max_size=12)).map(
            lambda spot: _EXAMPLE[: spot[0]] + spot[1] + _EXAMPLE[spot[0] + len(spot[1]) :]
        ),
        st.integers(0, len(_EXAMPLE)).map(lambda end: _EXAMPLE[:end]),
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_taken_whole_or_refused_with_a_reason(door: Door, content: bytes) -> None:
    before = len(door.spool.entries())
    taken = None
    with contextlib.suppress(UnreadableObject):
        taken = take(door, content)
    assert len(door.spool.entries()) == before + (taken is not None)
    assert taken is None or 0 < taken.size <= len(content)
