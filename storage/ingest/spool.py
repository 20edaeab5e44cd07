"""The spool: what has been acknowledged and is not yet in the object store. It is the write-ahead log of receiving.

A file is either in `incoming`, not acknowledged and of no worth, or complete and durable in the spool folder. Its name
says when it came, over which association, and as which object of it; its file meta information says from whom. Nothing
else is needed to go on after a crash.
"""

import contextlib
import errno
import fcntl
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from storage.domain.clock import Clock
from storage.domain.errors import ConfigurationError, StorageFull
from storage.ingest.associations import AssociationRecord, AssociationRecords
from storage.ingest.bell import Bell
from storage.ingest.group_sync import GroupSync
from storage.ingest.part10 import FileMeta, encode_start
from storage.objects.durable import begin_writing_out, sync_folder

_log = logging.getLogger(__name__)

SUFFIX, IDENTITY, LOCK, ASSOCIATIONS = ".dcm", "identity", "lock", "associations"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_HEAD = 4 << 10
_WRITE_OUT = 128 << 10
_FEW = 2

_LOCK_ATTEMPTS, _LOCK_PAUSE = 5, 0.02


@dataclass(frozen=True, order=True)
class SpoolEntry:
    """A complete file of the spool, named after its reception; in order of arrival."""

    received_ns: int
    association_key: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.received_ns:020d}-{self.association_key}-{self.number}"

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(self.received_ns / 1e9, UTC)

    @classmethod
    def parse(cls, name: str) -> "SpoolEntry | None":
        """The entry of that name; None when a stranger put the file there."""
        received, _, rest = name.partition("-")
        key, _, number = rest.rpartition("-")
        if not (received.isdigit() and key and number.isdigit()):
            return None
        entry = cls(int(received), key, int(number))
        return entry if entry.name == name else None


@dataclass(frozen=True)
class SpoolUsage:
    """What waits in the spool. Sizes in bytes, age in seconds."""

    files: int
    size: int
    oldest_age: float
    free: int


class SpoolFolder:
    """The spool in `folder` as those see it who read it and empty it; a door may be writing to it meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.associations = AssociationRecords(folder / ASSOCIATIONS)
        self.identity = (folder / IDENTITY).read_text(encoding="utf-8").strip()

    @property
    def door(self) -> str:
        """The name of the door that writes here."""
        return self.folder.name

    def path(self, entry: SpoolEntry) -> Path:
        return self.folder / f"{entry.name}{SUFFIX}"

    def holds(self, entry: SpoolEntry) -> bool:
        return self.path(entry).exists()

    def remove(self, entry: SpoolEntry) -> None:
        """Forget a file that is in the object store; one that has gone already is fine."""
        self.path(entry).unlink(missing_ok=True)

    def entries(self) -> list[SpoolEntry]:
        """Every complete file, oldest first."""
        names = (path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}"))
        return sorted(entry for name in names if (entry := SpoolEntry.parse(name)) is not None)

    def usage(self, now: datetime) -> SpoolUsage:
        entries = self.entries()
        age = now.timestamp() - entries[0].received_ns / 1e9 if entries else 0.0
        return SpoolUsage(len(entries), sum(map(self._size, entries)), round(max(age, 0.0), 1), free_bytes(self.folder))

    def has_a_door(self) -> bool:
        """Whether a process is there that writes to it."""
        descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _size(self, entry: SpoolEntry) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self.path(entry).stat().st_size
        return 0


def spool_folders(spools: Path) -> list[SpoolFolder]:
    """Every spool below `spools`, and `spools` itself when objects lie in it."""
    found = []
    for path in sorted([*spools.glob(IDENTITY), *spools.glob(f"*/{IDENTITY}")]):
        try:
            found.append(SpoolFolder(path.parent))
        except OSError:
            _log.warning("The folder %s looks like a spool and cannot be read.", path.parent.name)
    return found


class SpooledFiles:
    """Finds files that are still in a spool of this machine, by what their rows say. Thread-safe."""

    def __init__(self, spools: Path) -> None:
        self._spools = spools
        self._folders: Mapping[str, SpoolFolder] = {}

    def find(self, gateway: str, spool_name: str) -> Path | None:
        """The file of that name in the spool of that identity; None when it is on another machine, or has gone."""
        entry = SpoolEntry.parse(spool_name)
        if gateway not in self._folders:
            self._folders = {folder.identity: folder for folder in spool_folders(self._spools)}
        folder = self._folders.get(gateway)
        return folder.path(entry) if folder and entry and folder.holds(entry) else None


class Spool(SpoolFolder):
    """The spool of one door, owned by one process at a time. Raises `ConfigurationError` when another one has it."""

    def __init__(self, folder: Path, clock: Clock, *, reserve: int = 0) -> None:
        self._incoming = folder / "incoming"
        self._clock = clock
        self._reserve = reserve
        self._sync = GroupSync(folder)
        self._open = OpenFiles()
        for needed in (self._incoming, folder / ASSOCIATIONS):
            needed.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / LOCK)
        _ensure_identity(folder / IDENTITY)
        super().__init__(folder)
        # Each object asks for these; putting paths together costs more than the system calls.
        self._kept, self._door = str(folder), folder.name
        self.bell = Bell(folder.parent)
        for leftover in self._incoming.iterdir():
            leftover.unlink()
        self.associations.end_all(clock.now())
        self.bell.ring(f"{self._door}/")

    def close(self) -> None:
        """Let another process have the folder."""
        self.bell.close()
        self._sync.close()
        os.close(self._lock)

    def begin(
        self, meta: FileMeta, association_key: str, number: int, *, received_at: datetime | None = None
    ) -> "Reception":
        """Open a file for one object. Raises `StorageFull` when less than the reserve would stay free.

        `received_at` is for an object that came to us earlier than now.
        """
        if self.free() < self._reserve:
            raise StorageFull("Free disk space of the spool is below the reserve.")
        now = received_at or self._clock.now()
        entry = SpoolEntry(int(now.timestamp() * 1e6) * 1000, association_key, number)
        return Reception(self, entry, f"{self._incoming}/{entry.name}.part", encode_start(meta), self._open)

    def free(self) -> int:
        """Free bytes of the spool's file system."""
        return free_bytes(self.folder)

    def keep(self, partial: str, entry: SpoolEntry) -> None:
        """Move a complete file in, durably, and tell the intake."""
        name = entry.name
        os.rename(partial, f"{self._kept}/{name}{SUFFIX}")  # noqa: PTH104 - see __init__
        self._sync()
        self.bell.ring(f"{self._door}/{name}")

    def note_association(self, record: AssociationRecord) -> None:
        """Keep what is known of an association, before its first object is kept and when it has ended."""
        self.associations.write(record)
        if record.ended_at is not None:
            self.bell.ring(f"{self.door}/@{record.key}")


class OpenFiles:
    """How many objects are on their way into a spool."""

    def __init__(self) -> None:
        self._count = 0
        self._guard = threading.Lock()

    def add(self, change: int) -> None:
        with self._guard:
            self._count += change

    @property
    def are_few(self) -> bool:
        """Whether the disk has time between them: where many objects wait for it, they wait for each other's bytes."""
        return self._count <= _FEW


class Reception:
    """One object on its way into the spool. Not for several threads at once."""

    def __init__(self, spool: Spool, entry: SpoolEntry, partial: str, start: bytes, open_files: OpenFiles) -> None:
        self.entry = entry
        self.size = len(start)
        """Bytes of the file so far."""
        self._spool = spool
        self._partial = partial
        self._start: bytes | None = start
        self._data_set_offset = len(start)
        self._head = b""
        self._written_out = 0
        self._open_files = open_files
        self._file = -1
        try:
            self._file = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
        except OSError as error:
            raise self._failed(error) from error
        open_files.add(1)

    def write(self, data: memoryview) -> None:
        """Append bytes of the data set. Raises `StorageFull`, after which nothing of the object is left."""
        try:
            if self._start is not None:
                data = self._write_start(data)
            while data:
                written = os.write(self._file, data)
                self.size += written
                data = data[written:]
        except OSError as error:
            raise self._failed(error) from error
        if self.size - self._written_out >= _WRITE_OUT and self._open_files.are_few:
            begin_writing_out(self._file, self._written_out, self.size - self._written_out)
            self._written_out = self.size

    def _write_start(self, data: memoryview) -> memoryview:
        """The file meta information goes with the first bytes of the data set. Returns what is left of these."""
        start, self._start = self._start or b"", None
        self._head = bytes(data[:_HEAD])
        written = os.writev(self._file, [start, data])
        while written < len(start):
            written += os.write(self._file, start[written:])
        self.size += written - len(start)
        return data[written - len(start) :]

    def data_set(self) -> BinaryIO:
        """What has been written of the data set, for reading; the stream starts where the data set does."""
        return cast(BinaryIO, _Written(self._file, self._data_set_offset, self._head))

    def finish(self) -> SpoolEntry:
        """Make the object durable; from here on it may be acknowledged. Raises `StorageFull`."""
        try:
            if self._start is not None:
                self._write_start(memoryview(b""))
            os.fdatasync(self._file)
            self._spool.keep(self._partial, self.entry)
        except OSError as error:
            raise self._failed(error) from error
        self._close()
        return self.entry

    def discard(self) -> None:
        """Leave no trace of the object; a second call does nothing."""
        self._close()
        with contextlib.suppress(OSError):
            Path(self._partial).unlink()

    def _close(self) -> None:
        # The number may belong to another thread's file once it is closed.
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)
            self._open_files.add(-1)

    def _failed(self, error: OSError) -> Exception:
        self.discard()
        return StorageFull("The disk of the spool is full.") if error.errno in _FULL else error


class _Written:
    """A file that is still being written, from `offset` on. Its first bytes are at hand: most readers need no more."""

    def __init__(self, file: int, offset: int, head: bytes) -> None:
        self._file, self._offset, self._head = file, offset, head
        self._at = 0

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size()}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._at + size if size >= 0 else self._size()
        if end <= len(self._head):
            found = self._head[self._at : end]
        else:
            found = os.pread(self._file, max(0, end - self._at), self._offset + self._at)
        self._at += len(found)
        return found

    def _size(self) -> int:
        return os.fstat(self._file).st_size - self._offset


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    for _ in range(_LOCK_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # The intake, which asks whether a door is there, holds it for a moment.
            time.sleep(_LOCK_PAUSE)
        else:
            return descriptor
    os.close(descriptor)
    raise ConfigurationError(
        f"Another process uses the spool {path.parent}: stop it, or give this one its own COUNTYREAD_DATA."
    )


def _ensure_identity(path: Path) -> None:
    """The name under which this spool's objects are in the database; it goes wherever the folder goes."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}", encoding="utf-8")
        fresh.replace(path)
        sync_folder(path.parent)


def free_bytes(folder: Path) -> int:
    """Free bytes of the file system that `folder` is on."""
    numbers = os.statvfs(folder)
    return numbers.f_bavail * numbers.f_frsize
