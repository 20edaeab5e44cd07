"""Parcels that have come in part: files that survive a restart, few and bounded, and gone after a week."""

import base64
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from storage.domain.clock import Clock, monotonic
from storage.domain.errors import Conflict, DamagedTransfer, Invalid, StorageFull, StoreUnavailable, WrongOffset
from storage.edge.parcels import is_parcel_id
from storage.edge.protocol import MAX_PIECE, Outcome

_PART, _DONE = ".part", ".done"
_MAX_PARCEL = 8 << 30
_QUOTA = 12 << 30
"""Bytes that one station may have here in part; the parcels that lie longest give way."""

_MAX_PARTS = 32
_KEPT = timedelta(days=7)
_PATIENCE, _PAUSE = 20.0, 0.1
_READ = 1 << 20

Outcomes = dict[str, Outcome]


@dataclass(frozen=True)
class Progress:
    """How many bytes have come; `outcomes` once the parcel was taken in."""

    offset: int
    outcomes: Outcomes | None = None


@dataclass(frozen=True)
class Piece:
    """Some bytes of a parcel of `length` bytes, which start at `offset`; `digest` as Content-Digest says (RFC 9530)."""

    offset: int
    length: int
    digest: str
    content: bytes

    def check(self) -> None:
        """Raises `Invalid` for numbers that make no sense, and `Conflict` for bytes that changed on their way."""
        end = self.offset + len(self.content)
        if len(self.content) > MAX_PIECE or not 0 <= self.offset <= end <= self.length <= _MAX_PARCEL:
            raise Invalid("The piece does not lie within the parcel, or is too large.")
        digest = base64.b64encode(hashlib.sha256(self.content).digest()).decode()
        if self.digest != f"sha-256=:{digest}:":
            raise Conflict("The piece was damaged on its way; send it again.")


class Uploads:
    """The parcels of one station in `folder`. Safe between threads and between processes."""

    def __init__(self, folder: Path, clock: Clock, *, reserve: int) -> None:
        self._folder = folder
        self._clock = clock
        self._reserve = reserve

    def progress(self, parcel_id: str) -> Progress:
        """Raises `Invalid` for a name that no parcel has."""
        part, done = self._paths(parcel_id)
        if done.is_file():
            return Progress(0, _read_outcomes(done))
        return Progress(part.stat().st_size if part.is_file() else 0)

    def append(self, parcel_id: str, piece: Piece, take_in: Callable[[BinaryIO], Outcomes]) -> Progress:
        """Add a piece; the last one has the parcel taken in, once.

        Raises `WrongOffset`, `DamagedTransfer` (after which nothing of the parcel is left), `StorageFull`, and what
        `take_in` raises: then the parcel stays, and an empty piece at its end tries again.
        """
        part, done = self._paths(parcel_id)
        piece.check()
        if done.is_file():
            return Progress(piece.length, _read_outcomes(done))
        if not part.exists():
            self._make_room(piece.length)
        with _locked(part) as stream:
            if done.is_file():
                return Progress(piece.length, _read_outcomes(done))
            if os.fstat(stream.fileno()).st_size != piece.offset:
                raise WrongOffset("The piece does not start where the parcel ends here.")
            _append(stream, piece)
            end = piece.offset + len(piece.content)
            if end < piece.length:
                return Progress(end)
            outcomes = self._finish(parcel_id, stream, take_in)
            return Progress(end, outcomes)

    def _finish(self, parcel_id: str, stream: BinaryIO, take_in: Callable[[BinaryIO], Outcomes]) -> Outcomes:
        part, done = self._paths(parcel_id)
        try:
            _check_whole(stream, parcel_id)
            stream.seek(0)
            outcomes = take_in(stream)
        except DamagedTransfer:
            part.unlink(missing_ok=True)
            raise
        fresh = done.with_suffix(".new")
        fresh.write_text(json.dumps(outcomes), encoding="utf-8")
        fresh.replace(done)
        part.unlink(missing_ok=True)
        return outcomes

    def _paths(self, parcel_id: str) -> tuple[Path, Path]:
        if not is_parcel_id(parcel_id):
            raise Invalid("This is not the name of a parcel.")
        return self._folder / f"{parcel_id}{_PART}", self._folder / f"{parcel_id}{_DONE}"

    def _make_room(self, length: int) -> None:
        """Before a new parcel: forget what is old, and refuse what does not fit."""
        self._folder.mkdir(parents=True, exist_ok=True)
        before = (self._clock.now() - _KEPT).timestamp()
        files = sorted(self._folder.iterdir(), key=_changed)
        for path in files:
            if _changed(path) < before:
                path.unlink(missing_ok=True)
        parts = [path for path in files if path.suffix == _PART and path.exists()]
        while parts and (len(parts) >= _MAX_PARTS or sum(map(_size, parts)) + length > _QUOTA):
            parts.pop(0).unlink(missing_ok=True)
        numbers = os.statvfs(self._folder)
        if numbers.f_bavail * numbers.f_frsize - length < self._reserve:
            raise StorageFull("Free disk space is below the reserve.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """The file, alone. Raises `StoreUnavailable` when somebody else works on it for long."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o640), "r+b", buffering=_READ) as stream:
        deadline = monotonic() + _PATIENCE
        while not _lock(stream):
            if monotonic() > deadline:
                raise StoreUnavailable("The parcel is being taken in; ask again.")
            time.sleep(_PAUSE)
        yield stream


def _lock(stream: BinaryIO) -> bool:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _append(stream: BinaryIO, piece: Piece) -> None:
    view, offset = memoryview(piece.content), piece.offset
    while view:
        count = os.pwrite(stream.fileno(), view, offset)
        view, offset = view[count:], offset + count


def _check_whole(stream: BinaryIO, parcel_id: str) -> None:
    running = hashlib.sha256()
    stream.seek(0)
    while data := stream.read(_READ):
        running.update(data)
    if running.hexdigest() != parcel_id:
        raise DamagedTransfer("The parcel is not what its name says; send it anew.")


def _read_outcomes(done: Path) -> Outcomes:
    return {name: Outcome(value) for name, value in json.loads(done.read_text(encoding="utf-8")).items()}
