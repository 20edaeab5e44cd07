"""Where associations come in: the listening socket, and the connection of each peer with its time limits."""

import contextlib
import socket
from functools import partial

from pynetdicom import _config, evt
from pynetdicom.ae import ApplicationEntity
from pynetdicom.association import Association
from pynetdicom.presentation import build_context
from pynetdicom.transport import RequestHandler, ThreadedAssociationServer

from dicom_gateway.handlers import Handlers
from dicom_gateway.presentation import VERIFICATION, VERIFICATION_SYNTAXES
from dicom_gateway.services import Services
from dicom_gateway.wire import ReceivingProvider, ReceivingSocket
from storage.ingest.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from storage.settings import Settings

MAXIMUM_PDU = 256 << 10
"""Bytes of one P-DATA-TF that peers may send; larger ones cost less for each byte."""

_MAX_ASSOCIATIONS = 100
_NEGOTIATION_SECONDS, _IDLE_SECONDS = 30.0, 300.0
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 30), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 3))


def listen(settings: Settings, handlers: Handlers, services: Services) -> ThreadedAssociationServer:
    """Bind the address of the settings. Raises `OSError` when it cannot be used."""
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
