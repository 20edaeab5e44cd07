"""The spool: what has been acknowledged and is not yet in the object store. It is the write-ahead log of receiving.

A file is either in `incoming`, not acknowledged and of no worth, or complete and durable in the spool folder. Its name
says when it came, over which association, and as which object of it; its file meta information says from whom. Nothing
else is needed to go on after a crash.
"""

import contextlib
import errno
import fcntl
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from storage.domain.clock import Clock
from storage.domain.errors import ConfigurationError, StorageFull
from storage.ingest.part10 import FileMeta, encode_start

_SUFFIX = ".dcm"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_READ_BUFFER = 16 << 10


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


class Spool:
    """The spool in `folder`, owned by one process at a time."""

    def __init__(self, folder: Path, clock: Clock, *, reserve: int = 0) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._clock = clock
        self._reserve = reserve
        self._sync = GroupSync(folder)
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / "lock")
        self.identity = _identity(folder / "identity")
        for leftover in self._incoming.iterdir():
            leftover.unlink()

    def close(self) -> None:
        """Let another process have the folder."""
        os.close(self._lock)

    def begin(self, meta: FileMeta, association_key: str, number: int) -> "Reception":
        """Open a file for one object. Raises `StorageFull` when less than the reserve would stay free."""
        if self.free() < self._reserve:
            raise StorageFull("Free disk space of the spool is below the reserve.")
        now = self._clock.now()
        entry = SpoolEntry(int(now.timestamp() * 1e6) * 1000, association_key, number)
        return Reception(self, entry, self._incoming / f"{entry.name}.part", encode_start(meta))

    def free(self) -> int:
        """Free bytes of the spool's file system."""
        numbers = os.statvfs(self._folder)
        return numbers.f_bavail * numbers.f_frsize

    def keep(self, partial: Path, entry: SpoolEntry) -> None:
        """Move a complete file in, durably."""
        partial.replace(self.path(entry))
        self._sync()

    def path(self, entry: SpoolEntry) -> Path:
        return self._folder / f"{entry.name}{_SUFFIX}"

    def holds(self, entry: SpoolEntry) -> bool:
        return self.path(entry).exists()

    def remove(self, entry: SpoolEntry) -> None:
        """Forget a file that is in the object store; one that has gone already is fine."""
        self.path(entry).unlink(missing_ok=True)

    def entries(self) -> list[SpoolEntry]:
        """Every complete file, oldest first."""
        names = (path.name.removesuffix(_SUFFIX) for path in self._folder.glob(f"*{_SUFFIX}"))
        return sorted(entry for name in names if (entry := SpoolEntry.parse(name)) is not None)

    def usage(self) -> SpoolUsage:
        entries = self.entries()
        age = self._clock.now().timestamp() - entries[0].received_ns / 1e9 if entries else 0.0
        return SpoolUsage(len(entries), sum(map(self._size, entries)), round(max(age, 0.0), 1), self.free())

    def _size(self, entry: SpoolEntry) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self.path(entry).stat().st_size
        return 0


class Reception:
    """One object on its way into the spool. Not for several threads at once."""

    def __init__(self, spool: Spool, entry: SpoolEntry, partial: Path, start: bytes) -> None:
        self.entry = entry
        self._spool = spool
        self._partial = partial
        self._data_set_offset = len(start)
        self._file = -1
        with self._full_disk_reported():
            self._file = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
        self.write(memoryview(start))

    def write(self, data: memoryview) -> None:
        """Append bytes of the data set. Raises `StorageFull`, after which nothing of the object is left."""
        with self._full_disk_reported():
            while data:
                data = data[os.write(self._file, data) :]

    @contextlib.contextmanager
    def data_set(self) -> Iterator[BinaryIO]:
        """What has been written of the data set, for reading; the stream starts where the data set does."""
        with BufferedReader(os.fdopen(os.dup(self._file), "rb", 0), _READ_BUFFER) as stream:
            stream.seek(self._data_set_offset)
            yield stream

    def finish(self) -> SpoolEntry:
        """Make the object durable; from here on it may be acknowledged. Raises `StorageFull`."""
        with self._full_disk_reported():
            os.fdatasync(self._file)
            self._spool.keep(self._partial, self.entry)
        os.close(self._file)
        return self.entry

    def discard(self) -> None:
        """Leave no trace of the object."""
        with contextlib.suppress(OSError):
            os.close(self._file)
        self._partial.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _full_disk_reported(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            if error.errno in _FULL:
                raise StorageFull("The disk of the spool is full.") from error
            raise


class GroupSync:
    """Makes new names in a folder durable; callers that come while a sync runs share the next one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Condition()
        self._wanted = self._done = 0
        self._running = False

    def __call__(self) -> None:
        with self._turn:
            self._wanted += 1
            mine = self._wanted
            while self._done < mine:
                if self._running:
                    self._turn.wait()
                else:
                    self._lead()

    def _lead(self) -> None:
        target, self._running = self._wanted, True
        self._turn.release()
        try:
            _sync_folder(self._folder)
        finally:
            self._turn.acquire()
            self._running = False
            self._turn.notify_all()
        self._done = target


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise ConfigurationError(
            f"Another gateway uses the spool {path.parent}: stop it, or give this one its own COUNTYREAD_DATA."
        ) from error
    return descriptor


def _identity(path: Path) -> str:
    """The name under which this spool's objects are in the database; it goes wherever the folder goes."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}", encoding="utf-8")
        fresh.replace(path)
        _sync_folder(path.parent)
    return path.read_text(encoding="utf-8").strip()
