"""The gateway's regular duties: signs of life, known devices, unknown callers. Nothing here holds up receiving."""

from dataclasses import dataclass

from dicom_gateway.admission import Admission, DeviceDirectory
from dicom_gateway.associations import AssociationLog
from storage.db.queries import heartbeats, reception
from storage.db.session import Database
from storage.domain.clock import Clock
from storage.ingest.duties import Duties, Duty
from storage.ingest.spool import Spool
from storage.settings import Settings

KIND = "gateway"
_OFTEN, _DEVICES, _LIFE = 0.25, 2.0, 3.0


@dataclass(frozen=True)
class Parts:
    """What the duties look after."""

    spool: Spool
    directory: DeviceDirectory
    admission: Admission
    associations: AssociationLog


class Housekeeper:
    """Tells the database what it must know of this process, as soon as it can be told."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, parts: Parts) -> None:
        self._settings = settings
        self._database = database
        self._started_at = clock.now()
        self._parts = parts

    def duties(self) -> Duties:
        """To be started with the gateway, and stopped last."""
        return Duties(
            "housekeeping",
            [
                Duty("sign of life", _LIFE, self._show_life, final=True),
                Duty("devices", _DEVICES, self._read_devices),
                Duty("unknown callers", _OFTEN, self._write_refused, final=True),
                Duty("bell", _OFTEN, self._parts.spool.bell.settle, final=True),
            ],
        )

    def _show_life(self) -> None:
        report = {
            "free_bytes": self._parts.spool.free(),
            "reserve_bytes": self._settings.reserve_mb << 20,
            "associations": self._parts.associations.count_open(),
            "listening": str(self._settings.dicom),
        }
        seen = self._parts.associations.take_seen()
        with self._database.write() as work:
            heartbeats.beat(work, f"{KIND}@{self._parts.spool.identity}", KIND, self._started_at, report)
            if seen:
                reception.devices_seen(work, seen)

    def _read_devices(self) -> None:
        self._parts.directory.refresh()

    def _write_refused(self) -> None:
        refused = self._parts.admission.take_refused()
        if not refused:
            return
        try:
            with self._database.write() as work:
                reception.list_refused(work, refused)
        except Exception:
            self._parts.admission.give_back(refused)
            raise
