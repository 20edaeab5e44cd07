"""The gateway: associations in, durable files, catalogue, object store, readiness; put together from its parts."""

import logging
import threading

from pynetdicom.transport import ThreadedAssociationServer

from dicom_gateway.admission import Admission, DeviceDirectory
from dicom_gateway.associations import AssociationLog
from dicom_gateway.handlers import Handlers
from dicom_gateway.housekeeping import Housekeeper, Parts
from dicom_gateway.listener import listen
from dicom_gateway.services import Services
from storage.db.session import Database
from storage.domain.clock import Clock, SystemClock
from storage.ingest.catalogue import Surroundings
from storage.ingest.cataloguer import Cataloguer
from storage.ingest.spool import Spool
from storage.ingest.times import time_zone
from storage.ingest.uploader import Uploader
from storage.objects import ObjectStore
from storage.settings import Settings

_log = logging.getLogger(__name__)

_MIB = 1 << 20


def build_gateway(settings: Settings, database: Database, store: ObjectStore, clock: Clock | None = None) -> "Gateway":
    """A gateway for `settings`, not started yet. Raises `ConfigurationError`; the database may be away."""
    clock = clock or SystemClock()
    zone = time_zone(settings.time_zone)
    spool = Spool(settings.spool, clock, reserve=settings.reserve_mb * _MIB)
    directory = DeviceDirectory(database, settings.spool / "devices.json")
    log = AssociationLog(clock)
    uploader = Uploader(database, store, spool)
    surroundings = Surroundings(spool.identity, spool.holds, log.find_open)
    cataloguer = Cataloguer(database, spool, surroundings, zone, directory.charset, uploader.submit)
    admission = Admission(directory, settings.ae_title)
    parts = Parts(spool, directory, admission, log, cataloguer, uploader)
    services = Services(())
    handlers = Handlers(spool, admission, log, services, cataloguer.add)
    return Gateway(settings, parts, handlers, services, Housekeeper(settings, database, clock, parts))


class Gateway:
    """Starts and stops the parts in order. `port` is the one listened on, also when the settings say 0."""

    def __init__(
        self, settings: Settings, parts: Parts, handlers: Handlers, services: Services, housekeeper: Housekeeper
    ) -> None:
        self._settings = settings
        self._services = services
        self._spool, self._cataloguer, self._uploader = parts.spool, parts.cataloguer, parts.uploader
        self._handlers = handlers
        self._housekeeper = housekeeper
        self._server: ThreadedAssociationServer | None = None
        self.port = settings.dicom.port
        self.identity = parts.spool.identity

    def start(self) -> None:
        """Listen. Raises `OSError` when the address cannot be used."""
        self._uploader.start()
        self._housekeeper.start()
        self._cataloguer.start()
        self._server = listen(self._settings, self._handlers, self._services)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="acceptor", daemon=True).start()
        _log.info("Listening as %s on port %d.", self._settings.ae_title, self.port)

    def stop(self, grace: float = 5.0) -> None:
        """Take no more associations, let running objects end for `grace` seconds, catalogue what has come, and end."""
        if self._server is not None:
            self._server.shutdown()
            self._handlers.stop(self._server.active_associations, grace)
            self._server.server_close()
        self.drain(grace)
        self._cataloguer.stop()
        self._uploader.stop()
        self._housekeeper.stop()
        self._spool.close()

    def drain(self, timeout: float) -> bool:
        """Wait until all that was received is in the catalogue and in the store; False when it takes longer."""
        return self._cataloguer.drain(timeout) and self._uploader.drain(timeout)
