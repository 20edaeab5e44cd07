"""Parcels in parts: resumed where they broke off, checked as a whole, few, and taken in once."""

import base64
import hashlib
import io
from pathlib import Path
from typing import BinaryIO

import pytest

from storage.domain.clock import ManualClock, SystemClock
from storage.domain.errors import Conflict, DamagedTransfer, Invalid, StorageFull, WrongOffset
from storage.edge.protocol import MAX_PIECE, Outcome
from viewer_api.edge.uploads import Piece, Progress, Uploads

_PARCEL = bytes(range(256)) * 40
_ID = hashlib.sha256(_PARCEL).hexdigest()
_DONE = {"one": Outcome.DURABLE}


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "parts", SystemClock(), reserve=0)


def _piece(start: int, stop: int, content: bytes | None = None) -> Piece:
    data = _PARCEL[start:stop]
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return Piece(start, len(_PARCEL), f"sha-256=:{digest}:", data if content is None else content)


def _take_in(stream: BinaryIO) -> dict[str, Outcome]:
    assert stream.read() == _PARCEL
    return _DONE


def _never(_stream: BinaryIO) -> dict[str, Outcome]:
    raise AssertionError("taken in again")


def test_pieces_add_up_and_the_last_one_has_the_parcel_taken_in(uploads: Uploads, tmp_path: Path) -> None:
    assert uploads.append(_ID, _piece(0, 4000), _never) == Progress(4000)
    assert uploads.progress(_ID) == Progress(4000)
    after_a_restart = Uploads(tmp_path / "parts", SystemClock(), reserve=0)
    assert after_a_restart.append(_ID, _piece(4000, len(_PARCEL)), _take_in) == Progress(len(_PARCEL), _DONE)
    assert after_a_restart.progress(_ID).outcomes == _DONE


def test_the_last_piece_again_gives_the_same_answer_and_does_nothing(uploads: Uploads) -> None:
    uploads.append(_ID, _piece(0, len(_PARCEL)), _take_in)
    assert uploads.append(_ID, _piece(0, len(_PARCEL)), _never).outcomes == _DONE


@pytest.mark.parametrize("start", [0, 3999, 4001, 8000])
def test_a_piece_that_does_not_start_at_the_end_is_refused(uploads: Uploads, start: int) -> None:
    uploads.append(_ID, _piece(0, 4000), _never)
    with pytest.raises(WrongOffset):
        uploads.append(_ID, _piece(start, start + 100), _never)
    assert uploads.progress(_ID) == Progress(4000)


def test_a_piece_that_changed_on_its_way_is_refused(uploads: Uploads) -> None:
    with pytest.raises(Conflict):
        uploads.append(_ID, _piece(0, 4000, bytes(4000)), _never)
    assert uploads.progress(_ID) == Progress(0)


def test_a_server_that_died_while_taking_in_is_asked_again_with_nothing(uploads: Uploads) -> None:
    def full(_stream: BinaryIO) -> dict[str, Outcome]:
        raise StorageFull("full")

    with pytest.raises(StorageFull):
        uploads.append(_ID, _piece(0, len(_PARCEL)), full)
    assert uploads.progress(_ID) == Progress(len(_PARCEL))
    end = len(_PARCEL)
    assert uploads.append(_ID, _piece(end, end), _take_in).outcomes == _DONE


def test_a_parcel_that_is_not_what_its_name_says_is_forgotten(uploads: Uploads) -> None:
    other = hashlib.sha256(b"another").hexdigest()
    with pytest.raises(DamagedTransfer):
        uploads.append(other, _piece(0, len(_PARCEL)), _never)
    assert uploads.progress(other) == Progress(0)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 63, "G" * 64, "0" * 64 + "/x"])
def test_names_cannot_lead_out_of_the_folder(uploads: Uploads, name: str) -> None:
    with pytest.raises(Invalid):
        uploads.progress(name)


def test_numbers_that_make_no_sense_are_refused(uploads: Uploads) -> None:
    for piece in (
        Piece(-1, 10, "", b""),
        Piece(0, 1, _piece(0, 10).digest, _PARCEL[:10]),
        Piece(0, 9 << 30, "", b""),
        Piece(0, 1 << 30, "", bytes(MAX_PIECE + 1)),
    ):
        with pytest.raises(Invalid):
            uploads.append(_ID, piece, _never)


def test_a_full_disk_refuses_a_new_parcel(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, SystemClock(), reserve=1 << 60)
    with pytest.raises(StorageFull):
        uploads.append(_ID, _piece(0, 100), _never)


def test_only_so_many_parcels_lie_about_and_none_for_long(tmp_path: Path) -> None:
    clock = ManualClock(SystemClock().now())
    uploads = Uploads(tmp_path, clock, reserve=0)
    names = [hashlib.sha256(bytes([number])).hexdigest() for number in range(50)]
    for name in names:
        uploads.append(name, _piece(0, 100), _never)
    assert len(list(tmp_path.iterdir())) == 32
    assert uploads.progress(names[-1]) == Progress(100)
    clock.advance(days=8)
    uploads.append(_ID, _piece(0, 100), _never)
    assert [path.name for path in tmp_path.iterdir()] == [f"{_ID}.part"]


def test_an_empty_stream_is_no_parcel() -> None:
    from storage.edge.parcels import ParcelReader

    with pytest.raises(DamagedTransfer):
        ParcelReader(io.BytesIO(b""))
