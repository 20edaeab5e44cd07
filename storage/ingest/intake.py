"""The intake: what every door's spool holds goes into the catalogue and the object store. One for each machine."""

import contextlib
import fcntl
import logging
import os
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from storage.db.queries import reception
from storage.db.queries.reception import AssociationChange
from storage.db.session import Database
from storage.domain.clock import Clock, monotonic
from storage.domain.errors import ConfigurationError
from storage.ingest.associations import AssociationRecord
from storage.ingest.bell import BellListener
from storage.ingest.catalogue import OpenAssociation, Surroundings
from storage.ingest.cataloguer import Cataloguer
from storage.ingest.rules import DeviceRules
from storage.ingest.spool import SpoolFolder, SpoolUsage, spool_folders
from storage.ingest.spool_entry import SpoolEntry
from storage.ingest.uploader import Uploader
from storage.objects import ObjectStore

_log = logging.getLogger(__name__)

_LOOK_AROUND = 60.0
_LISTEN = 0.25
_PAUSE = 0.05
"""Seconds after the bell was heard in which rings gather: waking for each object takes a processor from those who receive."""

_LOOK_AGAIN = 2.0


class SpoolIntake:
    """The intake of one spool: its cataloguer, its uploader, and the associations that are not over."""

    def __init__(self, database: Database, store: ObjectStore, rules: DeviceRules, folder: SpoolFolder) -> None:
        self.folder = folder
        self._database = database
        self._ended: set[str] = set()
        self._guard = threading.Lock()
        around = Surroundings(folder.identity, folder.holds, self._open_association)
        self.uploader = Uploader(database, store, folder)
        self.cataloguer = Cataloguer(database, folder, around, rules, store, self.uploader.submit)

    def start(self, clock: Clock) -> None:
        """Begin with what a former life left."""
        with self.folder.between_doors() as is_free:
            if is_free:
                self.folder.put_torn_aside()
        self.look(clock)
        self.uploader.start()
        self.cataloguer.start()

    def stop(self) -> None:
        self.cataloguer.stop()
        self.uploader.stop()

    def drain(self, timeout: float) -> bool:
        """Wait until all that has come is in the catalogue and in the store; False when it takes longer."""
        self.cataloguer.look()
        return self.cataloguer.drain(timeout) and self.uploader.drain(timeout)

    def look(self, clock: Clock) -> None:
        """Find objects, and associations that have ended, also because their door has gone and nobody took its place."""
        with self.folder.between_doors() as is_free:
            if is_free:
                self.folder.associations.end_all(clock.now())
        ended = [record.key for record in self.folder.associations.all() if record.ended_at is not None]
        # Whatever they brought was there before they ended: it has to be known before their end is.
        self.cataloguer.look()
        for key in ended:
            self.note_end(key)

    def note_end(self, key: str) -> None:
        """An association has ended; its objects may still wait."""
        with self._guard:
            self._ended.add(key)

    def settle_associations(self) -> list[AssociationRecord]:
        """Tell the database of those that ended and whose objects are all catalogued. Raises while it is away."""
        with self._guard:
            over = sorted(key for key in self._ended if self.cataloguer.is_done_with(key))
        records = [record for key in over if (record := self.folder.associations.read(key)) is not None]
        if records:
            with self._database.write() as work:
                reception.end_associations(work, list(map(_change, records)))
        with self._guard:
            self._ended.difference_update(over)
        for key in over:
            self.folder.associations.remove(key)
        return records

    def end_lost_associations(self) -> None:
        """Rows are made while a record is there, and records go after the rows are ended: without one, it is over."""
        with self._database.read() as work:
            open_keys = reception.open_associations(work, self.folder.identity)
        lost = [key for key in open_keys if self.folder.associations.read(key) is None]
        if lost:
            with self._database.write() as work:
                reception.end_lost_associations(work, lost)

    def _open_association(self, key: str) -> OpenAssociation | None:
        record = self.folder.associations.read(key)
        return OpenAssociation(record.address, record.started_at) if record is not None else None


def _change(record: AssociationRecord) -> AssociationChange:
    assert record.ended_at is not None, "only those that are over are told"
    return AssociationChange(
        record.key, record.ae_title, record.received, record.refused, record.ended_at, record.released
    )


@dataclass(frozen=True)
class IntakeReport:
    """What the intake of all spools says of itself."""

    spools: dict[str, SpoolUsage]
    store_error: str
    database_error: str


class Intake:
    """Listens for what the doors bring, and looks into their folders at the start, every minute, and when told to."""

    def __init__(self, spools: Path, database: Database, store: ObjectStore, clock: Clock, zone: tzinfo) -> None:
        spools.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(spools / "intake.lock")
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._spools = spools
        self._database = database
        self._store = store
        self._clock = clock
        self._rules = DeviceRules(database, zone)
        self._listener = BellListener(spools)
        self._parts: dict[Path, SpoolIntake] = {}
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        self.look_around()
        self._thread.start()

    def stop(self) -> None:
        """End after what is in hand; the spools keep the rest."""
        self._stopping.set()
        self._thread.join()
        for part in self.parts():
            part.stop()
        self._listener.close()
        os.close(self._lock)

    def parts(self) -> list[SpoolIntake]:
        """Of every spool known."""
        with self._guard:
            return list(self._parts.values())

    def drain(self, timeout: float) -> bool:
        """Wait until nothing waits in any spool; False when it takes longer than `timeout` seconds for one of them."""
        self.look_around()
        return all(part.drain(timeout) for part in self.parts())

    def look_around(self) -> None:
        """Find spools, objects and ended associations that no ring told of."""
        for folder in spool_folders(self._spools):
            self._part(folder).look(self._clock)

    def settle_associations(self) -> list[AssociationRecord]:
        """Those that are over now, and in the database."""
        return [record for part in self.parts() for record in part.settle_associations()]

    def end_lost_associations(self) -> None:
        """End those in the database whose records a power cut has taken."""
        for part in self.parts():
            part.end_lost_associations()

    def find_lost(self) -> int:
        """How many objects the catalogue expects in these spools that are neither there nor in the store."""
        return sum(part.uploader.find_lost() for part in self.parts())

    def report(self) -> IntakeReport:
        now = self._clock.now()
        return IntakeReport(
            {part.folder.identity: part.folder.usage(now) for part in self.parts()},
            _first(part.uploader.last_error for part in self.parts()),
            _first(part.cataloguer.last_error for part in self.parts()),
        )

    def _part(self, folder: SpoolFolder) -> SpoolIntake:
        with self._guard:
            part = self._parts.get(folder.folder)
            if part is None:
                part = SpoolIntake(self._database, self._store, self._rules, folder)
                part.start(self._clock)
                self._parts[folder.folder] = part
            return part

    def _run(self) -> None:
        look_at = monotonic() + _LOOK_AROUND
        while not self._stopping.is_set():
            try:
                heard = self._listener.wait(_LISTEN)
                for word in heard:
                    self._hear(word)
                if self._listener.was_lost or monotonic() >= look_at:
                    self._listener.was_lost, look_at = False, monotonic() + _LOOK_AROUND
                    self.look_around()
                if heard:
                    self._stopping.wait(_PAUSE)
            except Exception:  # noqa: BLE001 - see below
                # Whatever a folder did to us, the next look will find what this one has missed.
                _log.exception("The intake could not look after its spools; it looks again.")
                look_at = min(look_at, monotonic() + _LOOK_AGAIN)

    def _hear(self, word: str) -> None:
        """`DOOR/NAME` is an object, `DOOR/@KEY` an association that has ended, `DOOR/` a door that has just opened."""
        door, _, name = word.partition("/")
        part = self._parts.get(self._spools / door) or self._new_spool(door)
        entry = SpoolEntry.parse(name)
        if part is None:
            _log.warning("Something came through a door that has no spool.")
        elif not name:
            # Its former life may have been killed between keeping an object and telling of it.
            part.look(self._clock)
        elif name.startswith("@"):
            part.note_end(name[1:])
        elif entry is not None:
            part.cataloguer.add(entry)

    def _new_spool(self, door: str) -> SpoolIntake | None:
        self.look_around()
        return self._parts.get(self._spools / door)


def _first(errors: Iterable[str]) -> str:
    return next(filter(None, errors), "")


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor
    os.close(descriptor)
    raise ConfigurationError(f"Another intake works on {path.parent}: one is enough for each COUNTYREAD_DATA.")
