"""Entry point of the intake process: what the doors have received becomes catalogued, stored, and ready to read."""

import logging
import signal
import threading
import warnings

from reading_queue.ecg.hints import hint_ecgs
from reading_queue.publisher import publisher
from reading_queue.service import open_ready_studies
from storage.db.queries import heartbeats, readiness, reception
from storage.db.session import Database, Hint, make_engine
from storage.domain.clock import Clock, SystemClock
from storage.ingest.duties import Duties, Duty
from storage.ingest.intake import Intake
from storage.ingest.times import time_zone
from storage.objects import make_object_store
from storage.settings import Settings

_log = logging.getLogger(__name__)

KIND, SPOOL_KIND = "intake", "spool"
_OFTEN, _READINESS, _LIFE, _LOST = 0.2, 1.0, 3.0, 60.0
_GRACE = 5.0


def run_intake(settings: Settings) -> None:
    """Take in until SIGTERM or SIGINT. Raises `ConfigurationError` when another intake works on this data folder."""
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    # pydicom warns with the values that it wonders about, and those may be a patient's.
    warnings.simplefilter("ignore", UserWarning)
    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    zone = time_zone(settings.time_zone)
    database = Database(make_engine(settings.database_url), publish=publisher(settings), zone=zone)
    clock = SystemClock()
    store = make_object_store(settings.object_store)
    intake = Intake(settings.spool, database, store, clock, zone)
    duties = IntakeDuties(settings, database, clock, intake).duties()
    duties.start()
    intake.start()
    try:
        asked_to_stop.wait()
    finally:
        _log.info("Stopping.")
        intake.drain(_GRACE)
        duties.stop()
        intake.stop()
        database.engine.dispose()


class IntakeDuties:
    """What is done regularly beside taking in: associations that ended, studies that are whole, signs of life."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, intake: Intake) -> None:
        self._settings = settings
        self._database = database
        self._started_at = clock.now()
        self._intake = intake
        self._early: set[str] = set()
        self._lost_objects = 0

    def duties(self) -> Duties:
        """To be started before the intake and stopped before it."""
        return Duties(
            "intake-duties",
            [
                Duty("sign of life", _LIFE, self._show_life, final=True),
                Duty("associations", _OFTEN, self._settle_associations, final=True),
                Duty("early pictures", _OFTEN, self._hint_early, final=True),
                Duty("ready studies", _READINESS, self._open_ready_studies),
                Duty("lost objects", _LOST, self._find_lost),
            ],
        )

    def _show_life(self) -> None:
        report = self._intake.report()
        usages = report.spools.values()
        told = {
            "spool_files": sum(usage.files for usage in usages),
            "spool_bytes": sum(usage.size for usage in usages),
            "oldest_seconds": max((usage.oldest_age for usage in usages), default=0.0),
            "lost_objects": self._lost_objects,
            "last_store_error": report.store_error,
            "last_database_error": report.database_error,
        }
        with self._database.write() as work:
            for identity in report.spools:
                heartbeats.beat(work, identity, SPOOL_KIND, self._started_at, {})
            heartbeats.beat(work, f"{KIND}@{self._intake.name}", KIND, self._started_at, told)

    def _settle_associations(self) -> None:
        self._early.update(record.key for record in self._intake.settle_associations() if record.received)

    def _hint_early(self) -> None:
        """Pictures can be made as soon as an association is over and stored; the study may take longer to be whole."""
        if not self._early:
            return
        with self._database.read() as work:
            stored = reception.wholly_stored(work, self._early)
        if stored:
            with self._database.write() as work:
                brought = reception.studies_brought_by(work, stored)
                for study_id, priority in brought:
                    work.after_commit(Hint("make_renditions", (study_id, priority)))
                hint_ecgs(work, [study_id for study_id, _ in brought])
        self._early -= stored

    def _open_ready_studies(self) -> None:
        with self._database.read() as work:
            is_any_due = readiness.is_any_due(work)
        if is_any_due:
            with self._database.write() as work:
                open_ready_studies(work, self._settings.ready_times)

    def _find_lost(self) -> None:
        self._intake.end_lost_associations()
        self._lost_objects = self._intake.find_lost()
        if self._lost_objects:
            _log.error("%d catalogued objects are neither in a spool nor in the store.", self._lost_objects)
