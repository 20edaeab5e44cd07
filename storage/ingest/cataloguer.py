"""Takes complete files from the spool into the catalogue, in batches; receiving never waits for it."""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from storage.db.models import AuditHead
from storage.db.session import Database
from storage.domain.clock import monotonic
from storage.domain.studies import QuarantineReason
from storage.ingest.adopting import Adopter
from storage.ingest.arrival import Arrival, read_arrival
from storage.ingest.backoff import Backoff
from storage.ingest.catalogue import Surroundings, catalogue, quarantine_alone
from storage.ingest.jobs import Job, JobKind
from storage.ingest.rules import DeviceRules
from storage.ingest.spool import SpoolFolder
from storage.ingest.spool_entry import SpoolEntry
from storage.objects import ObjectStore

_log = logging.getLogger(__name__)

_BATCH = 256
_GATHER = 0.15
"""Seconds for which objects are gathered, the first of them counted: a transaction for each would cost more than receiving
them, and while a series comes in, receiving has the processors.
"""

_ATTEMPTS = 3


class Cataloguer:
    """One thread for one spool. `dispatch` gets what is left to do for each file, after the commit.

    Starts with what a former life left in the spool. While the database is away it tries again and again; an object
    that alone cannot be catalogued goes to quarantine and never holds up the rest.
    """

    def __init__(
        self,
        database: Database,
        spool: SpoolFolder,
        around: Surroundings,
        rules: DeviceRules,
        store: ObjectStore,
        dispatch: Callable[[Job], None],
    ) -> None:
        self._database = database
        self._spool = spool
        self._around = around
        self._rules = rules
        self._adopter = Adopter(database, store, spool)
        self._dispatch = dispatch
        self._waiting: deque[tuple[float, SpoolEntry]] = deque()
        self._seen: set[SpoolEntry] = set()
        self._open: Counter[str] = Counter()
        self._change = threading.Condition()
        self._stopping = threading.Event()
        self._backoff = Backoff(self._stopping)
        self._thread = threading.Thread(target=self._run, name="cataloguer", daemon=True)
        self.last_error = ""

    def start(self) -> None:
        self.look()
        self._thread.start()

    def look(self) -> None:
        """Add whatever lies in the spool and has not been told of."""
        there = self._spool.entries()
        for entry in there:
            self.add(entry)
        with self._change:
            self._seen.intersection_update(there)

    def stop(self) -> None:
        """End after the batch in hand; the spool keeps the rest."""
        self._stopping.set()
        with self._change:
            self._change.notify_all()
        self._thread.join()

    def add(self, entry: SpoolEntry) -> None:
        """A complete file has come; told again, it is the same."""
        with self._change:
            if entry in self._seen:
                return
            self._seen.add(entry)
            self._waiting.append((monotonic(), entry))
            self._open[entry.association_key] += 1
            if len(self._waiting) in (1, _BATCH):
                self._change.notify_all()

    def is_done_with(self, association_key: str) -> bool:
        """Whether everything that the association brought so far is in the catalogue."""
        with self._change:
            return self._open[association_key] == 0

    def drain(self, timeout: float) -> bool:
        """Wait until nothing waits; False when that took longer than `timeout` seconds."""
        with self._change:
            return self._change.wait_for(lambda: not self._open.total(), timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            batch = self._next_batch()
            if batch and self._catalogue_all(batch):
                self._finish(batch)

    def _next_batch(self) -> list[SpoolEntry]:
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._stopping.is_set())
            self._change.wait_for(
                lambda: len(self._waiting) >= _BATCH or self._stopping.is_set(), self._time_to_gather()
            )
            return [self._waiting.popleft()[1] for _ in range(min(_BATCH, len(self._waiting)))]

    def _time_to_gather(self) -> float:
        """Seconds until the oldest has waited long enough."""
        return max(0.0, self._waiting[0][0] + _GATHER - monotonic()) if self._waiting else 0.0

    def _finish(self, batch: Sequence[SpoolEntry]) -> None:
        with self._change:
            self._open.subtract(entry.association_key for entry in batch)
            self._open += Counter()
            self._change.notify_all()

    def _catalogue_all(self, batch: Sequence[SpoolEntry]) -> bool:
        """Stay with the batch until it is done; False when the process stops before."""
        arrivals: list[Arrival] | None = None
        failures = 0
        while not self._stopping.is_set():
            try:
                if arrivals is None:
                    self._rules.refresh()
                    arrivals = self._adopter.adopt(self._read(batch))
                if failures < _ATTEMPTS:
                    self._commit(arrivals)
                else:
                    self._one_by_one(arrivals)
            except Exception as error:  # noqa: BLE001 - whatever it is, the spool keeps the objects and we try again
                failures += 1
                self._note(error)
                self._backoff.wait()
            else:
                self.last_error = ""
                self._backoff.reset()
                return True
        return False

    def _note(self, error: Exception) -> None:
        kind = type(getattr(error, "orig", None) or error).__name__
        if self.last_error != kind:
            _log.warning("Cataloguing failed (%s); it will be tried again, nothing is lost.", kind)
        self.last_error = kind

    def _read(self, batch: Sequence[SpoolEntry]) -> list[Arrival]:
        """Files that a disk fault hides are left for the next start."""
        arrivals = []
        for entry in batch:
            try:
                arrivals.append(read_arrival(self._spool.path(entry), entry, self._rules.of))
            except FileNotFoundError:
                _log.debug("The spool file %s has been dealt with.", entry.name)
            except OSError:
                _log.exception("The spool file %s cannot be read; it stays where it is.", entry.name)
        return arrivals

    def _commit(self, arrivals: Sequence[Arrival]) -> None:
        if not arrivals:
            return
        with self._database.write() as work:
            jobs = catalogue(work, arrivals, self._around)
        self._adopter.settle(arrivals, jobs)
        for job in jobs:
            if job.kind is JobKind.DROP:
                self._spool.remove(job.entry)
            else:
                self._dispatch(job)

    def _one_by_one(self, arrivals: list[Arrival]) -> None:
        while arrivals:
            self._alone(arrivals[0])
            arrivals.pop(0)

    def _alone(self, arrival: Arrival) -> None:
        """Raises when the database is away; a fault that stays while it answers is the object's own."""
        error: Exception | None = None
        for _ in range(_ATTEMPTS):
            try:
                self._commit([arrival])
            except Exception as fault:  # noqa: BLE001 - see above
                error = fault
                self._require_database()
            else:
                return
        _log.error("The object %s cannot be catalogued (%s).", arrival.entry.name, type(error).__name__)
        self._set_aside(arrival, type(error).__name__)

    def _set_aside(self, arrival: Arrival, fault: str) -> None:
        detail = f"The catalogue could not take it in ({fault})."
        with self._database.write() as work:
            job = quarantine_alone(work, self._around.gateway, arrival, QuarantineReason.NOT_CATALOGUED, detail)
        self._dispatch(job)

    def _require_database(self) -> None:
        with self._database.write() as work:
            if work.session.execute(select(AuditHead.id)).first() is None:
                raise SQLAlchemyError
