"""A spool and a catalogue for one test: objects are put down as a gateway would, and entered."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian
from sqlalchemy import select

from storage.db.models import Base, Device, Institution
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.ingest.arrival import Arrival, read_arrival
from storage.ingest.catalogue import OpenAssociation, Surroundings, catalogue
from storage.ingest.jobs import Job
from storage.ingest.part10 import FileMeta
from storage.ingest.spool import Spool, SpoolEntry
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
        return read_arrival(self.spool.path(entry), entry, ZONE, lambda _title: "")

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
