"""The spool: what has been acknowledged and is not yet in the object store. It is the write-ahead log of receiving.

A file of the spool folder is complete and durable. Its name says when it came, over which association, and as which
object of it; its file meta information says from whom. Nothing else is needed to go on after a crash. A file of `incoming`
is on its way in, not acknowledged and of no worth. A power cut can leave a file in the spool folder without all its bytes,
of which nobody was told: its noted size gives it away, and it is put aside in `torn`.
"""

import contextlib
import fcntl
import logging
import os
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.domain.clock import Clock
from storage.domain.errors import ConfigurationError, StorageFull
from storage.ingest.associations import AssociationRecord, AssociationRecords
from storage.ingest.bell import Bell
from storage.ingest.group_sync import GroupSync
from storage.ingest.part10 import FileMeta, encode_start
from storage.ingest.reception import OpenFiles, Reception
from storage.ingest.spool_entry import SUFFIX, SpoolEntry
from storage.objects import durable

_log = logging.getLogger(__name__)

IDENTITY, LOCK, ASSOCIATIONS = "identity", "lock", "associations"
INCOMING, TORN = "incoming", "torn"

_LOCK_ATTEMPTS, _LOCK_PAUSE = 5, 0.02
_LOOK_ATTEMPTS = 500


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
        with self.between_doors() as is_free:
            return not is_free

    @contextlib.contextmanager
    def between_doors(self) -> Iterator[bool]:
        """Whether no process writes to it; none begins to during the block, which has to be short."""
        descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            yield _has_locked(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    def put_torn_aside(self) -> None:
        """Take out what a power cut left without all its bytes. No other process may write to the spool meanwhile."""
        torn = [path for path in map(self.path, self.entries()) if not durable.is_all_written(path)]
        if not torn:
            return
        _log.warning(
            "%d objects were on their way in when the power went, and were not acknowledged: they lie in %s and may be"
            " deleted once the devices have sent them again.",
            len(torn),
            self.folder / TORN,
        )
        (self.folder / TORN).mkdir(exist_ok=True)
        for path in torn:
            path.rename(self.folder / TORN / path.name)

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
        self.incoming = str(folder / INCOMING)
        self.open_files = OpenFiles()
        self._clock = clock
        self._reserve = reserve
        self._sync = GroupSync(folder)
        for needed in (folder / INCOMING, folder / ASSOCIATIONS):
            needed.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / LOCK)
        _ensure_identity(folder / IDENTITY)
        super().__init__(folder)
        # Each object asks for these; putting paths together costs more than the system calls.
        self._kept, self._door = str(folder), folder.name
        self.bell = Bell(folder.parent)
        self._one_sync = durable.names_follow_files(folder) and durable.can_note_sizes(folder / LOCK)
        self.put_torn_aside()
        for leftover in (folder / INCOMING).iterdir():
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
    ) -> Reception:
        """Open a file for one object. Raises `StorageFull` when less than the reserve would stay free.

        `received_at` is for an object that came to us earlier than now.
        """
        if self.free() < self._reserve:
            raise StorageFull("Free disk space of the spool is below the reserve.")
        now = received_at or self._clock.now()
        entry = SpoolEntry(int(now.timestamp() * 1e6) * 1000, association_key, number)
        return Reception(self, entry, encode_start(meta))

    def free(self) -> int:
        """Free bytes of the spool's file system."""
        return free_bytes(self.folder)

    def keep(self, path: str, file: int, size: int, entry: SpoolEntry) -> None:
        """Move a complete file of `incoming` in; tell the intake when it is durable.

        Where the file's sync makes its name last too, it comes after the move, and one wait for the disk is enough.
        """
        kept = f"{self._kept}/{entry.name}{SUFFIX}"
        if self._one_sync:
            durable.note_size(file, size)
            os.rename(path, kept)  # noqa: PTH104 - see __init__
            _sync_or_remove(file, kept)
        else:
            os.fdatasync(file)
            os.rename(path, kept)  # noqa: PTH104 - see __init__
            self._sync()
        self.bell.ring(f"{self._door}/{entry.name}")

    def note_association(self, record: AssociationRecord) -> None:
        """Keep what is known of an association, before its first object is kept and when it has ended."""
        self.associations.write(record)
        if record.ended_at is not None:
            self.bell.ring(f"{self.door}/@{record.key}")


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    doors = 0
    for _ in range(_LOOK_ATTEMPTS):
        if _has_locked(descriptor, fcntl.LOCK_EX):
            return descriptor
        # The intake, which looks whether a door is there, shares it with nobody who writes; a door shares it with nobody.
        doors += not _has_locked(descriptor, fcntl.LOCK_SH)
        if doors == _LOCK_ATTEMPTS:
            break
        time.sleep(_LOCK_PAUSE)
    os.close(descriptor)
    raise ConfigurationError(
        f"Another process uses the spool {path.parent}: stop it, or give this one its own COUNTYREAD_DATA."
    )


def _sync_or_remove(file: int, path: str) -> None:
    """What cannot be made durable is refused, so it must not stay either."""
    try:
        os.fsync(file)
    except OSError:
        with contextlib.suppress(OSError):
            Path(path).unlink()
        raise


def _has_locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _ensure_identity(path: Path) -> None:
    """The name under which this spool's objects are in the database; it goes wherever the folder goes."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}", encoding="utf-8")
        fresh.replace(path)
        durable.sync_folder(path.parent)


def free_bytes(folder: Path) -> int:
    """Free bytes of the file system that `folder` is on."""
    numbers = os.statvfs(folder)
    return numbers.f_bavail * numbers.f_frsize
