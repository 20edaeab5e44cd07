"""A spool and a catalogue for one test: objects are put down as a gateway would, and entered."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar
from zoneinfo import ZoneInfo

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian
from sqlalchemy import select

from storage.db.models import Base, Device, Institution
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.domain.errors import StoreUnavailable
from storage.ingest.arrival import Arrival, read_arrival
from storage.ingest.catalogue import OpenAssociation, Surroundings, catalogue
from storage.ingest.header import ReadingRules
from storage.ingest.jobs import Job
from storage.ingest.part10 import FileMeta
from storage.ingest.spool import Spool
from storage.ingest.spool_entry import SpoolEntry
from storage.objects import ObjectStore, make_object_store
from tests.unit.storage.ingest.samples import encode

Row = TypeVar("Row", bound=Base)
ZONE = ZoneInfo("Asia/Shanghai")


def make_county(database: Database, institutions: int = 2) -> None:
    """Institutions t01, t02 ... with devices T01_CT, T02_CT ..."""
    with database.write() as work:
        for number in range(1, institutions + 1):
            clinic = Institution(code=f"t{number:02d}", name=f"clinic {number}", kind="clinic")
            work.session.add(clinic)
            work.session.flush()
            work.session.add(Device(ae_title=f"T{number:02d}_CT", institution_id=clinic.id, modality="CT"))


class Shelf:
    """One gateway's spool beside the catalogue of `database`."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.spool = Spool(folder, SystemClock())
        self.open_associations: dict[str, OpenAssociation] = {}
        self._number = 0

    @property
    def around(self) -> Surroundings:
        return Surroundings(self.spool.identity, self.spool.holds, self.open_associations.get)

    def put(
        self, made: Dataset | bytes, *, ae_title: str = "T01_CT", syntax: str = ExplicitVRLittleEndian, key: str = "a"
    ) -> Arrival:
        """Receive an object."""
        self._number += 1
        content = made if isinstance(made, bytes) else encode(made, syntax)
        uid = "1.2.3" if isinstance(made, bytes) else str(made.get("SOPInstanceUID", ""))
        reception = self.spool.begin(FileMeta("1.2", uid, syntax, ae_title), key, self._number)
        reception.write(memoryview(content))
        return self.read(reception.finish())

    def read(self, entry: SpoolEntry) -> Arrival:
        return read_arrival(self.spool.path(entry), entry, lambda _title: ReadingRules(ZONE))

    def enter(self, *arrivals: Arrival) -> list[Job]:
        """Catalogue them in one transaction."""
        with self.database.write() as work:
            return catalogue(work, arrivals, self.around)

    def add(self, made: Dataset | bytes, **how: str) -> Job:
        """Receive and catalogue one object."""
        (job,) = self.enter(self.put(made, **how))
        return job


def rows(database: Database, model: type[Row]) -> Sequence[Row]:
    """All rows of a table."""
    with database.read() as work:
        return work.session.execute(select(model)).scalars().all()


class Switchable:
    """A folder store that can be away, and may leave files of the spool where they are."""

    def __init__(self, folder: Path, *, adopts: bool = True) -> None:
        self._store = make_object_store(f"file:{folder}")
        self._adopts = adopts
        self.away = False

    def _there(self) -> ObjectStore:
        if self.away:
            raise StoreUnavailable("The store is away.")
        return self._store

    def put(self, key: str, stream: BinaryIO, *, size: int, sha256: str) -> None:
        self._there().put(key, stream, size=size, sha256=sha256)

    def adopt(self, files: Mapping[str, Path]) -> Collection[str]:
        return self._there().adopt(files) if self._adopts else ()

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        return self._there().open(key)

    def open_range(self, key: str, start: int, stop: int) -> bytes:
        return self._there().open_range(key, start, stop)

    def delete(self, key: str) -> None:
        self._there().delete(key)

    def presign(self, key: str, ttl: timedelta) -> str | None:
        return self._there().presign(key, ttl)
