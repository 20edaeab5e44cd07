"""Where associations come in: the listening sockets, and the connection of each peer with its time limits."""

import contextlib
import resource
import socket
import ssl
import struct
from functools import partial
from typing import Any

from pynetdicom import _config, evt
from pynetdicom.ae import ApplicationEntity
from pynetdicom.association import Association
from pynetdicom.presentation import build_context
from pynetdicom.transport import RequestHandler, ThreadedAssociationServer

from dicom_gateway.handlers import Handlers
from dicom_gateway.lobby import ARTIM_SECONDS, Entrance, Guest, Lobby
from dicom_gateway.presentation import VERIFICATION, VERIFICATION_SYNTAXES
from dicom_gateway.services import Services
from dicom_gateway.tls import Certificates, TlsFiles
from dicom_gateway.wire import ReceivingProvider, ReceivingSocket
from storage.ingest.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from storage.settings import Address, Settings

MAXIMUM_PDU = 256 << 10
"""Bytes of one P-DATA-TF that peers may send; larger ones cost less for each byte."""

MAX_ASSOCIATIONS = 250
_BACKLOG = 1024
_DESCRIPTORS = 4096
"""Open files that a full house needs: three for each association, one for its object, and the lobby."""

_NEGOTIATION_SECONDS, _IDLE_SECONDS = ARTIM_SECONDS, 300.0
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 30), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 3))


def listen(settings: Settings, handlers: Handlers, services: Services) -> "Listener":
    """Bind the addresses of the settings. Raises `OSError` when one cannot be used, `ConfigurationError` for TLS files."""
    _config.LOG_HANDLER_LEVEL = "none"
    _allow_descriptors()
    ae = ApplicationEntity(settings.ae_title)
    ae.maximum_pdu_size = MAXIMUM_PDU
    # The listener keeps the limit; this one would count those that are just being turned away too.
    ae.maximum_associations = 10 * MAX_ASSOCIATIONS
    ae.implementation_class_uid = IMPLEMENTATION_CLASS_UID
    ae.implementation_version_name = IMPLEMENTATION_VERSION_NAME
    ae.acse_timeout, ae.dimse_timeout, ae.network_timeout = _NEGOTIATION_SECONDS, _NEGOTIATION_SECONDS, _IDLE_SECONDS
    listener = Listener(ae, settings, handlers, services)
    ae._servers.append(listener)  # noqa: SLF001 - where its shutdown looks for itself
    return listener


class Listener(ThreadedAssociationServer):
    """pynetdicom's server with a lobby before it, on the plain address and, when the settings have one, the one for TLS."""

    request_queue_size = _BACKLOG
    daemon_threads = True

    def __init__(self, ae: ApplicationEntity, settings: Settings, handlers: Handlers, services: Services) -> None:
        self._gateway_handlers = handlers
        secure = settings.dicom_tls_address
        certificates = Certificates(TlsFiles.of(settings)) if secure is not None else None
        super().__init__(
            ae,
            (settings.dicom.host, settings.dicom.port),
            settings.ae_title,
            [build_context(VERIFICATION, list(VERIFICATION_SYNTAXES))],
            evt_handlers=[(evt.EVT_REQUESTED, handlers.on_requested), *services.event_handlers()],
        )
        assert self.socket is not None, "it is bound"
        entrances = [Entrance(self.socket)]
        if secure is not None:
            entrances.append(Entrance(self._bind_secure(secure), certificates))
        self._entrances = entrances
        self._lobby = Lobby(entrances, self._has_room, self._begin)

    @property
    def secure_port(self) -> int | None:
        """The port for TLS, also when the settings say 0."""
        return self._entrances[1].socket.getsockname()[1] if len(self._entrances) > 1 else None

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Until `shutdown`. The lobby looks after its time limits by itself."""
        del poll_interval
        self._lobby.serve_forever()

    def shutdown(self) -> None:
        """Take no more connections; associations go on."""
        self._lobby.stop()
        self.server_close()
        with contextlib.suppress(ValueError):
            self.ae._servers.remove(self)  # noqa: SLF001 - as its parent does

    def server_close(self) -> None:
        for entrance in self._entrances:
            entrance.socket.close()

    def _bind_secure(self, address: Address) -> socket.socket:
        try:
            return socket.create_server(
                (address.host, address.port),
                family=socket.AF_INET6 if ":" in address.host else socket.AF_INET,
                backlog=_BACKLOG,
            )
        except OSError:
            super().server_close()
            raise

    def _has_room(self) -> bool:
        return len(self.active_associations) < MAX_ASSOCIATIONS

    def _begin(self, guest: Guest) -> None:
        handler = partial(_ConnectionHandler, self._gateway_handlers, bytes(guest.said))
        handler(guest.connection, guest.address, self)


class _ConnectionHandler(RequestHandler):
    """Gives every connection the fast receiving end. `said` is the request that the peer has sent already."""

    def __init__(self, handlers: Handlers, said: bytes, *arguments: Any) -> None:
        self._handlers = handlers
        self._said = said
        super().__init__(*arguments)

    def _create_association(self) -> Association:
        _tune(self.request)
        association = super()._create_association()
        association.dul = ReceivingProvider(association, self._handlers.on_end)
        association.set_socket(ReceivingSocket(association, self.request, said=self._said))
        association.acse_timeout = self.ae.acse_timeout
        association.network_timeout = self.ae.network_timeout
        return association


def _allow_descriptors() -> None:
    """As many as are needed, where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _tune(connection: socket.socket) -> None:
    """Answer at once, notice peers that have gone, and never wait for ever in the middle of a PDU.

    The system keeps the time where it can (socket(7), SO_RCVTIMEO): Python would poll before each read, and let go of its
    lock twice as often. TLS would take the system's "nothing came" for "try again".
    """
    if isinstance(connection, ssl.SSLSocket):
        connection.settimeout(_IDLE_SECONDS)
    else:
        connection.settimeout(None)
        for limit in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            connection.setsockopt(socket.SOL_SOCKET, limit, struct.pack("ll", int(_IDLE_SECONDS), 0))
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
