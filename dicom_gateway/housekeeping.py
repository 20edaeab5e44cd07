"""The gateway's regular duties: signs of life, associations, unknown callers, known devices, studies that are whole."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from dicom_gateway.admission import Admission, DeviceDirectory
from dicom_gateway.associations import AssociationLog
from reading_queue.service import open_ready_studies
from storage.db.queries import heartbeats, reception
from storage.db.session import Database, Hint
from storage.domain.clock import Clock, monotonic
from storage.ingest.cataloguer import Cataloguer
from storage.ingest.spool import Spool
from storage.ingest.uploader import Uploader
from storage.settings import Settings

_log = logging.getLogger(__name__)

KIND = "gateway"
_TICK = 0.25
_LAST_NEWS = 4
"""The first duties are done once more at the end."""

_OFTEN, _READINESS, _DEVICES, _LIFE, _LOST = 0.25, 1.0, 2.0, 3.0, 60.0


@dataclass
class _Duty:
    """Something done every `seconds`; a failure costs this turn only."""

    name: str
    seconds: float
    run: Callable[[], None]
    next_at: float = field(default=0.0)


@dataclass(frozen=True)
class Parts:
    """What the duties look after."""

    spool: Spool
    directory: DeviceDirectory
    admission: Admission
    associations: AssociationLog
    cataloguer: Cataloguer
    uploader: Uploader


class Housekeeper:
    """One thread. Nothing here holds up receiving; with the database away every duty is simply tried again."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, parts: Parts) -> None:
        self._settings = settings
        self._database = database
        self._started_at = clock.now()
        self._spool, self._directory, self._admission = parts.spool, parts.directory, parts.admission
        self._associations, self._cataloguer, self._uploader = parts.associations, parts.cataloguer, parts.uploader
        self._has_ended_lost = False
        self._early: set[str] = set()
        self._lost_objects = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
        self._duties = [
            _Duty("sign of life", _LIFE, self._show_life),
            _Duty("devices", _DEVICES, self._read_devices),
            _Duty("associations", _OFTEN, self._write_associations),
            _Duty("unknown callers", _OFTEN, self._write_refused),
            _Duty("early pictures", _OFTEN, self._hint_early),
            _Duty("ready studies", _READINESS, self._open_ready_studies),
            _Duty("lost objects", _LOST, self._find_lost),
        ]
        self.last_error = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tell the last news, and end."""
        self._stopping.set()
        self._thread.join()
        for duty in self._duties[:_LAST_NEWS]:
            self._do(duty)
            if self.last_error:
                break

    def _run(self) -> None:
        while not self._stopping.is_set():
            for duty in self._duties:
                if monotonic() >= duty.next_at and not self._stopping.is_set():
                    self._do(duty)
                    duty.next_at = monotonic() + duty.seconds
            self._stopping.wait(_TICK)

    def _do(self, duty: _Duty) -> None:
        try:
            duty.run()
            self.last_error = ""
        except Exception as error:  # noqa: BLE001 - the next turn comes
            kind = type(getattr(error, "orig", None) or error).__name__
            if self.last_error != kind:
                _log.warning("Housekeeping (%s) failed: %s.", duty.name, kind)
            self.last_error = kind

    def _show_life(self) -> None:
        usage = self._spool.usage()
        report = {
            "spool_files": usage.files,
            "spool_bytes": usage.size,
            "oldest_seconds": usage.oldest_age,
            "free_bytes": usage.free,
            "reserve_bytes": self._settings.reserve_mb << 20,
            "associations": self._associations.count_open(),
            "lost_objects": self._lost_objects,
            "last_store_error": self._uploader.last_error,
            "last_database_error": self._cataloguer.last_error,
            "listening": str(self._settings.dicom),
        }
        with self._database.write() as work:
            heartbeats.beat(work, self._spool.identity, KIND, self._started_at, report)

    def _read_devices(self) -> None:
        self._directory.refresh()

    def _write_associations(self) -> None:
        if not self._has_ended_lost and self._cataloguer.drain(0):
            self._end_lost()
        changes = self._associations.changes(self._cataloguer.is_done_with)
        if not changes:
            return
        told = [change for change in changes if change.received or change.refused]
        if told:
            with self._database.write() as work:
                reception.update_associations(work, told)
        self._associations.confirm(changes)
        self._early.update(change.key for change in changes if change.ended_at is not None and change.received)

    def _end_lost(self) -> None:
        with self._database.write() as work:
            reception.end_lost_associations(work, self._spool.identity, self._associations.keys())
        self._has_ended_lost = True

    def _write_refused(self) -> None:
        refused = self._admission.take_refused()
        if not refused:
            return
        try:
            with self._database.write() as work:
                reception.list_refused(work, refused)
        except Exception:
            self._admission.give_back(refused)
            raise

    def _hint_early(self) -> None:
        """Pictures can be made as soon as an association is over and stored; the study may take longer to be whole."""
        if not self._early:
            return
        with self._database.read() as work:
            stored = reception.wholly_stored(work, self._early)
        if stored:
            with self._database.write() as work:
                for study_id, priority in reception.studies_brought_by(work, stored):
                    work.after_commit(Hint("make_renditions", (study_id, priority)))
        self._early -= stored

    def _open_ready_studies(self) -> None:
        with self._database.read() as work:
            waiting = reception.is_anything_arriving(work)
        if waiting:
            with self._database.write() as work:
                open_ready_studies(work, ready_idle=self._settings.ready_idle)

    def _find_lost(self) -> None:
        self._lost_objects = self._uploader.find_lost()
        if self._lost_objects:
            _log.error("%d catalogued objects are neither in the spool nor in the store.", self._lost_objects)
