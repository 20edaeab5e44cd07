"""The door for HL7: a thread for each connection, so many and no more, each with bounded patience."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable

from dicom_gateway.hl7.mllp import Frames, NotMllp, framed
from storage.domain.clock import monotonic
from storage.settings import Address

_log = logging.getLogger(__name__)

MAX_CONNECTIONS = 32
_IDLE_SECONDS, _MESSAGE_SECONDS = 600.0, 30.0
"""How long a connection may be silent between messages, and how long one message may take."""

_ACCEPT_SECONDS = 0.25
_READ = 64 << 10


class Hl7Listener:
    """Listens for MLLP connections, and answers each message before it reads the next."""

    def __init__(
        self, address: Address, answer: Callable[[bytes], bytes], *, message_seconds: float = _MESSAGE_SECONDS
    ) -> None:
        self._address = address
        self._answer = answer
        self._message_seconds = message_seconds
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._server: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self.port = address.port

    def start(self) -> None:
        """Listen. Raises `OSError` when the address cannot be used."""
        family = socket.AF_INET6 if ":" in self._address.host else socket.AF_INET
        self._server = socket.create_server((self._address.host, self._address.port), family=family)
        self._server.settimeout(_ACCEPT_SECONDS)
        self.port = self._server.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, args=(self._server,), name="hl7", daemon=True)
        self._acceptor.start()
        _log.info("Listening for HL7 messages on port %d.", self.port)

    def stop(self) -> None:
        """Take no more; what has come whole is answered."""
        self._stopping.set()
        if self._acceptor is not None:
            self._acceptor.join()
        if self._server is not None:
            self._server.close()
        with self._guard:
            open_ones = list(self._connections.items())
        for connection, _ in open_ones:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        for _, thread in open_ones:
            thread.join(self._message_seconds)

    def _accept(self, server: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                connection, _peer = server.accept()
            except TimeoutError:
                continue
            except OSError as error:
                _log.warning("A connection for HL7 cannot be taken: %s", type(error).__name__)
                self._stopping.wait(_ACCEPT_SECONDS)
                continue
            self._take(connection)

    def _take(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        with self._guard:
            if len(self._connections) >= MAX_CONNECTIONS:
                connection.close()
                _log.warning("More than %d connections for HL7: one is closed.", MAX_CONNECTIONS)
                return
            thread = threading.Thread(target=self._serve, args=(connection,), name="hl7-connection", daemon=True)
            self._connections[connection] = thread
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                self._converse(connection)
        except NotMllp:
            _log.warning("A peer on the HL7 port does not speak MLLP, or too much of it: closed.")
        except OSError as error:
            _log.info("A connection for HL7 ends: %s", type(error).__name__)
        finally:
            with self._guard:
                self._connections.pop(connection, None)

    def _converse(self, connection: socket.socket) -> None:
        frames, began = Frames(), monotonic()
        while not self._stopping.is_set():
            if not frames.is_within:
                began = monotonic()
            allowed = began + self._message_seconds - monotonic() if frames.is_within else _IDLE_SECONDS
            connection.settimeout(max(allowed, 0.001))
            data = connection.recv(_READ)
            if not data:
                return
            for message in frames.feed(data):
                connection.settimeout(self._message_seconds)
                connection.sendall(framed(self._answer(message)))
