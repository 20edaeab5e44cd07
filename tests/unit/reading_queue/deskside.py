"""A county whose objects are received, catalogued and stored, and a desk that puts them back."""

from collections.abc import Sequence
from pathlib import Path

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian
from sqlalchemy import select

from reading_queue import desk, replacing
from reading_queue.desk import Wish
from storage.db.models import Instance, Quarantine
from storage.domain.studies import Decision
from storage.ingest.header import ReadingRules
from storage.ingest.jobs import Job, JobKind
from storage.ingest.uploader import mark_stored
from storage.objects import make_object_store
from tests.unit.reading_queue.county import County
from tests.unit.storage.ingest.shelf import ZONE, Shelf


class Deskside:
    """What arrives goes the whole way at once; `clinics` is the gateway's spool, `put_back` the desk's."""

    def __init__(self, county: County, folder: Path) -> None:
        self.county = county
        self.database = county.database
        self.store = make_object_store(f"file:{folder / 'objects'}")
        self.clinics = Shelf(self.database, folder / "spool")
        self.put_back = Shelf(self.database, folder / "desk")

    def send(self, made: Dataset | bytes, ae_title: str = "T01_CT", syntax: str = ExplicitVRLittleEndian) -> None:
        arrival = self.clinics.put(made, ae_title=ae_title, syntax=syntax)
        self._carry_on(self.clinics, self.clinics.enter(arrival))

    def take_up(self) -> int:
        """What the intake does with what the desk put back; how many objects that were."""
        entries = self.put_back.spool.entries()
        if entries:
            self._carry_on(self.put_back, self.put_back.enter(*map(self.put_back.read, entries)))
        return len(entries)

    def _carry_on(self, shelf: Shelf, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job.kind is JobKind.UPLOAD:
                with shelf.spool.path(job.entry).open("rb") as stream:
                    self.store.put(job.object_key, stream, size=job.size, sha256=job.sha256)
        with self.database.write() as work:
            mark_stored(work, [job for job in jobs if job.kind is JobKind.UPLOAD], shelf.spool.identity)
        for job in jobs:
            shelf.spool.remove(job.entry)

    def decide(self, row: Quarantine, decision: Decision, username: str = "manager", **more: bool) -> None:
        """As the API does it."""
        wish, actor = Wish(decision, "看过", **more), self.county.actor(username)
        if decision is Decision.TAKE_IN:
            desk.take_in(self.database, self.store, self.put_back.spool, actor, row.id, wish)
        elif decision is Decision.REPLACE:
            rules = ReadingRules(ZONE)
            replacing.replace_instance(self.database, self.store, actor, row.id, wish, lambda _title: rules)
        else:
            with self.database.write() as work:
                desk.decide(work, actor, row.id, wish)

    def kept_aside(self) -> list[Quarantine]:
        with self.database.read() as work:
            return list(work.session.execute(select(Quarantine).order_by(Quarantine.id)).scalars())

    def waiting(self) -> list[Quarantine]:
        return [row for row in self.kept_aside() if row.resolved_at is None]

    def instances(self) -> list[Instance]:
        with self.database.read() as work:
            return list(work.session.execute(select(Instance).order_by(Instance.id)).scalars())

    def stored(self, key: str) -> bytes:
        with self.store.open(key) as stream:
            return stream.read()
