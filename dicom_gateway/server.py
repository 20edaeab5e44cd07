"""The gateway: associations in, durable files out; put together from its parts."""

import logging
import threading
from collections.abc import Sequence

from pynetdicom.transport import ThreadedAssociationServer

from dicom_gateway.admission import Admission, DeviceDirectory
from dicom_gateway.associations import AssociationLog
from dicom_gateway.commitment.deciding import Deciding
from dicom_gateway.commitment.lines import OpenLines
from dicom_gateway.commitment.reporter import CommitmentReporter
from dicom_gateway.commitment.service import StorageCommitment
from dicom_gateway.doors import Door, build_doors
from dicom_gateway.handlers import Handlers
from dicom_gateway.hl7.sending import ResultSender
from dicom_gateway.housekeeping import Housekeeper, Parts
from dicom_gateway.listener import listen
from dicom_gateway.outgoing import Outgoing
from dicom_gateway.performed_steps import PerformedSteps
from dicom_gateway.permission import DailyQuotas
from dicom_gateway.query_retrieve.service import QueryRetrieve
from dicom_gateway.services import Services
from dicom_gateway.worklist.service import ModalityWorklist
from storage.db.session import Database
from storage.domain.clock import Clock, SystemClock
from storage.ingest.holding import Holding
from storage.ingest.spool import Spool
from storage.ingest.times import time_zone
from storage.objects import make_object_store
from storage.settings import Settings

_log = logging.getLogger(__name__)

SPOOL = "gateway"
"""The spool of this door."""

_MIB = 1 << 20


def build_gateway(settings: Settings, database: Database, clock: Clock | None = None) -> "Gateway":
    """A gateway for `settings`, not started yet. Raises `ConfigurationError`; the database may be away."""
    clock = clock or SystemClock()
    spool = Spool(settings.spool / SPOOL, clock, reserve=settings.reserve_mb * _MIB)
    directory = DeviceDirectory(database, spool.folder / "devices.json")
    quotas = DailyQuotas(database, clock, time_zone(settings.time_zone))
    parts = Parts(spool, directory, Admission(directory, settings.ae_title, quotas), AssociationLog(clock, spool))
    zone = time_zone(settings.time_zone)
    store = make_object_store(settings.object_store)
    lines, outgoing, deciding = OpenLines(), Outgoing(settings.ae_title), Deciding(database, store)
    reporter = CommitmentReporter(
        database, deciding, lines, outgoing, clock, ae_title=settings.ae_title, gateway=spool.identity
    )
    services = Services(
        (
            ModalityWorklist(database, directory, zone),
            PerformedSteps(database, directory, zone),
            QueryRetrieve(database, Holding(store, settings.spool), directory.find, outgoing, settings.ae_title),
            StorageCommitment(database, directory.find, lines, reporter.wake),
        )
    )
    handlers = Handlers(spool, parts.admission, parts.associations, services)
    return Gateway(
        settings,
        parts,
        handlers,
        services,
        Housekeeper(settings, database, clock, parts),
        [*build_doors(settings, database, clock), reporter, ResultSender(database, clock)],
    )


class Gateway:
    """Starts and stops the parts in order. `port` is the one listened on, also when the settings say 0."""

    def __init__(
        self,
        settings: Settings,
        parts: Parts,
        handlers: Handlers,
        services: Services,
        housekeeper: Housekeeper,
        doors: Sequence[Door],
    ) -> None:
        self._settings = settings
        self._services = services
        self._spool = parts.spool
        self._handlers = handlers
        self._duties = housekeeper.duties()
        self._doors = doors
        self._server: ThreadedAssociationServer | None = None
        self.port = settings.dicom.port
        self.identity = parts.spool.identity

    def start(self) -> None:
        """Listen. Raises `OSError` when the address cannot be used."""
        self._duties.start()
        self._server = listen(self._settings, self._handlers, self._services)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="acceptor", daemon=True).start()
        for door in self._doors:
            door.start()
        _log.info("Listening as %s on port %d.", self._settings.ae_title, self.port)

    def stop(self, grace: float = 5.0) -> None:
        """Take no more associations, let running objects end for `grace` seconds, and end."""
        for door in self._doors:
            door.stop()
        if self._server is not None:
            self._server.shutdown()
            self._handlers.stop(self._server.active_associations, grace)
            self._server.server_close()
        self._duties.stop()
        self._spool.close()
