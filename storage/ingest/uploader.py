"""Carries catalogued files from the spool to the object store, several at a time, and deletes them when they are there.

Safe at every moment: a file leaves the spool only after the store has verified its bytes and the database says so.
"""

import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, select, update

from storage.db.models import Instance, Quarantine
from storage.db.session import Database, UnitOfWork
from storage.domain.errors import CountyReadError
from storage.domain.studies import InstanceState
from storage.ingest.backoff import Backoff
from storage.ingest.jobs import Job, JobKind, RowKind, object_key
from storage.ingest.spool import SpoolFolder
from storage.ingest.spool_entry import SpoolEntry
from storage.objects import ObjectStore, exists

_log = logging.getLogger(__name__)

_SETTLE_AT_ONCE = 100
_GATHER = 0.15
"""Seconds for which stored objects are gathered into one transaction."""


class Uploader:
    """`workers` threads put, one thread records. While the store or the database is away, jobs wait and are retried."""

    def __init__(self, database: Database, store: ObjectStore, spool: SpoolFolder, *, workers: int = 8) -> None:
        self._database = database
        self._store = store
        self._spool = spool
        self._jobs: deque[Job] = deque()
        self._stored: deque[Job] = deque()
        self._in_hand: set[SpoolEntry] = set()
        self._change = threading.Condition()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"uploader-{number}", daemon=True) for number in range(workers)
        ]
        self._threads.append(threading.Thread(target=self._record, name="upload-recorder", daemon=True))
        self.last_error = ""

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the objects in hand; the spool and the catalogue keep the rest."""
        self._stopping.set()
        with self._change:
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def submit(self, job: Job) -> None:
        """Take over one file; the same file again while it is in hand is ignored."""
        with self._change:
            if job.entry not in self._in_hand:
                self._in_hand.add(job.entry)
                self._jobs.append(job)
                self._change.notify_all()

    def drain(self, timeout: float) -> bool:
        """Wait until nothing is in hand; False when that took longer than `timeout` seconds."""
        with self._change:
            return self._change.wait_for(lambda: not self._in_hand, timeout)

    def find_lost(self) -> int:
        """How many objects the catalogue expects in this spool that are not there (a disk was lost).

        Those that turn out to be in the store are recorded as stored.
        """
        lost = 0
        with self._database.read() as work:
            waiting = _waiting_rows(work, self._spool.identity)
        for row_kind, row_id, name, key in waiting:
            entry = SpoolEntry.parse(name)
            if entry is None or entry in self._in_hand or self._spool.holds(entry):
                continue
            if exists(self._store, key):
                self._settle([Job(JobKind.UPLOAD, row_kind, row_id, entry, key, 0, "")])
            else:
                lost += 1
        return lost

    def _work(self) -> None:
        backoff = Backoff(self._stopping)
        while (job := self._next()) is not None:
            try:
                self._carry(job)
            except Exception as error:  # noqa: BLE001 - whatever it is, the spool keeps the object and we try again
                self._note(error)
                self._put_back(job)
                backoff.wait()
            else:
                self.last_error = ""
                backoff.reset()

    def _next(self) -> Job | None:
        with self._change:
            self._change.wait_for(lambda: self._jobs or self._stopping.is_set())
            return None if self._stopping.is_set() else self._jobs.popleft()

    def _put_back(self, job: Job) -> None:
        with self._change:
            self._jobs.appendleft(job)

    def _note(self, error: Exception) -> None:
        text = error.message if isinstance(error, CountyReadError) else type(error).__name__
        if self.last_error != text:
            _log.warning("Storing an object failed (%s); it will be tried again, nothing is lost.", text)
        self.last_error = text

    def _carry(self, job: Job) -> None:
        if job.kind is JobKind.CHECK and not exists(self._store, job.object_key):
            job = self._take_the_place(job)
        if job.kind is not JobKind.UPLOAD:
            self._forget([job])
            return
        with self._spool.path(job.entry).open("rb") as stream:
            self._store.put(job.object_key, stream, size=job.size, sha256=job.sha256)
        with self._change:
            self._stored.append(job)
            self._change.notify_all()

    def _take_the_place(self, job: Job) -> Job:
        """The object that was there has gone from the store; the one that came again repairs it."""
        with self._database.write() as work:
            point_to_file(work, job, self._spool.identity)
        return replace(job, kind=JobKind.UPLOAD, object_key=object_key(job.row_kind, job.sha256))

    def _record(self) -> None:
        backoff = Backoff(self._stopping)
        while jobs := self._next_stored():
            try:
                self._settle(jobs)
            except Exception as error:  # noqa: BLE001 - the database is away
                self._note(error)
                backoff.wait()
            else:
                backoff.reset()
                with self._change:
                    for _ in jobs:
                        self._stored.popleft()
                self._forget(jobs)

    def _next_stored(self) -> list[Job]:
        with self._change:
            self._change.wait_for(lambda: self._stored or self._stopping.is_set())
            self._change.wait_for(lambda: len(self._stored) >= _SETTLE_AT_ONCE or self._stopping.is_set(), _GATHER)
            return [] if self._stopping.is_set() else list(self._stored)[:_SETTLE_AT_ONCE]

    def _settle(self, jobs: Sequence[Job]) -> None:
        with self._database.write() as work:
            mark_stored(work, jobs, self._spool.identity)

    def _forget(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._spool.remove(job.entry)
        with self._change:
            self._in_hand.difference_update(job.entry for job in jobs)
            self._change.notify_all()


def mark_stored(work: UnitOfWork, jobs: Sequence[Job], gateway: str) -> None:
    """Record that the store holds the objects; rows that stand for another file by now are left alone."""
    for row_kind in RowKind:
        table = _table(row_kind)
        values: dict[str, object] = {"state": InstanceState.STORED}
        if table is Instance:
            values["stored_at"] = work.now
        mine = table.id == bindparam("row_id"), table.gateway == gateway, table.spool_name == bindparam("name")
        files = [
            {"row_id": job.row_id, "name": job.entry.name}
            for job in sorted(jobs, key=lambda job: job.row_id)
            if job.row_kind is row_kind
        ]
        if files:
            statement = update(table.__table__).where(*mine, table.state == InstanceState.SPOOLED).values(values)  # type: ignore[arg-type]
            work.session.connection().execute(statement, files)


def point_to_file(work: UnitOfWork, job: Job, gateway: str) -> None:
    """Let the row of a lost object stand for the file of `job`, unless somebody else has repaired it."""
    table = _table(job.row_kind)
    values = {
        "sha256": job.sha256,
        "size": job.size,
        "object_key": object_key(job.row_kind, job.sha256),
        "state": InstanceState.SPOOLED,
        "gateway": gateway,
        "spool_name": job.entry.name,
    }
    lost = table.id == job.row_id, table.object_key == job.object_key
    work.session.execute(update(table).where(*lost).values(values), execution_options={"synchronize_session": False})


def _table(row_kind: RowKind) -> type[Instance] | type[Quarantine]:
    return Instance if row_kind is RowKind.INSTANCE else Quarantine


def _waiting_rows(work: UnitOfWork, gateway: str) -> list[tuple[RowKind, int, str, str]]:
    found: list[tuple[RowKind, int, str, str]] = []
    for row_kind in RowKind:
        table = _table(row_kind)
        query = select(table.id, table.spool_name, table.object_key).where(
            table.state == InstanceState.SPOOLED, table.gateway == gateway
        )
        found += [(row_kind, row.id, row.spool_name, row.object_key) for row in work.session.execute(query)]
    return found
