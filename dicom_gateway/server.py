"""The gateway: associations in, durable files, catalogue, object store, readiness; put together from its parts."""

import contextlib
import logging
import socket
import threading
from functools import partial

from pynetdicom import _config, evt
from pynetdicom.ae import ApplicationEntity
from pynetdicom.association import Association
from pynetdicom.presentation import build_context
from pynetdicom.transport import RequestHandler, ThreadedAssociationServer

from dicom_gateway.admission import Admission, DeviceDirectory
from dicom_gateway.associations import AssociationLog
from dicom_gateway.handlers import Handlers
from dicom_gateway.housekeeping import Housekeeper, Parts
from dicom_gateway.presentation import VERIFICATION, VERIFICATION_SYNTAXES
from dicom_gateway.services import Services
from dicom_gateway.wire import ReceivingProvider, ReceivingSocket
from storage.db.session import Database
from storage.domain.clock import Clock, SystemClock
from storage.ingest.catalogue import Surroundings
from storage.ingest.cataloguer import Cataloguer
from storage.ingest.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from storage.ingest.spool import Spool
from storage.ingest.times import time_zone
from storage.ingest.uploader import Uploader
from storage.objects import ObjectStore
from storage.settings import Settings

_log = logging.getLogger(__name__)

MAXIMUM_PDU = 256 << 10
"""Bytes of one P-DATA-TF that peers may send; larger ones cost less for each byte."""

_MAX_ASSOCIATIONS = 100
_NEGOTIATION_SECONDS, _IDLE_SECONDS = 30.0, 300.0
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 30), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 3))
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
        self._server = _listen(self._settings, self._handlers, self._services)
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


def _listen(settings: Settings, handlers: Handlers, services: Services) -> ThreadedAssociationServer:
    _config.LOG_HANDLER_LEVEL = "none"
    ae = ApplicationEntity(settings.ae_title)
    ae.maximum_pdu_size = MAXIMUM_PDU
    ae.maximum_associations = _MAX_ASSOCIATIONS
    ae.implementation_class_uid = IMPLEMENTATION_CLASS_UID
    ae.implementation_version_name = IMPLEMENTATION_VERSION_NAME
    ae.acse_timeout, ae.dimse_timeout, ae.network_timeout = _NEGOTIATION_SECONDS, _NEGOTIATION_SECONDS, _IDLE_SECONDS
    server = ThreadedAssociationServer(
        ae,
        (settings.dicom.host, settings.dicom.port),
        settings.ae_title,
        [build_context(VERIFICATION, list(VERIFICATION_SYNTAXES))],
        evt_handlers=[(evt.EVT_REQUESTED, handlers.on_requested), *services.event_handlers()],
        request_handler=partial(_ConnectionHandler, handlers),
    )
    ae._servers.append(server)  # noqa: SLF001 - where its shutdown looks for itself
    return server


class _ConnectionHandler(RequestHandler):
    """Gives every connection the fast receiving end."""

    def __init__(self, handlers: Handlers, *arguments: object) -> None:
        self._handlers = handlers
        super().__init__(*arguments)  # type: ignore[arg-type]

    def _create_association(self) -> Association:
        _tune(self.request)
        association = super()._create_association()
        association.dul = ReceivingProvider(association, self._handlers.on_end)
        association.set_socket(ReceivingSocket(association, self.request))
        association.acse_timeout = self.ae.acse_timeout
        association.network_timeout = self.ae.network_timeout
        return association


def _tune(connection: socket.socket) -> None:
    """Answer at once, notice peers that have gone, and never wait for ever in the middle of a PDU."""
    connection.settimeout(_IDLE_SECONDS)
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
