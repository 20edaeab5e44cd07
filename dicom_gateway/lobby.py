"""Where connections wait until they have asked for an association: one thread, and next to nothing for each of them.

A health check that connects and leaves, a peer that never says a word, one that speaks HTTP, a thousand at once: none of
them costs a thread. Only who has sent a whole A-ASSOCIATE-RQ (PS3.8 9.3.2) within the ARTIM time, TLS handshake included,
goes on to an association. When the lobby is full, whoever has waited longest has to leave.
"""

import contextlib
import errno
import logging
import selectors
import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dicom_gateway.associate import BrokenRequest, parse_request
from dicom_gateway.quiet import QuietLog
from dicom_gateway.status import LOCAL_LIMIT_EXCEEDED, Rejection
from dicom_gateway.tls import Certificates
from storage.domain.clock import monotonic

_log = logging.getLogger(__name__)

ARTIM_SECONDS = 30.0
"""PS3.8 9.1.5: how long a peer may take to ask."""

CAPACITY = 256
_AT_A_TIME = 32
_LINGER_SECONDS = 2.0
"""For a peer that was turned away to read the answer before the connection is closed."""

_TICK = 0.25
_HEADER = 6
_A_ASSOCIATE_RQ = 0x01
_MAX_REQUEST = 512 << 10
"""128 contexts with every transfer syntax of the standard are a third of this."""

_ABORT = struct.pack(">BxI4x", 0x07, 4)
"""An A-ABORT, as PS3.8 9.2.3 has it for whoever sends something else than a request (action AA-1)."""

_NO_MORE_FILES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@dataclass(frozen=True)
class Entrance:
    """A listening socket; with `certificates` it speaks TLS."""

    socket: socket.socket
    certificates: Certificates | None = None


@dataclass(eq=False)
class Guest:
    """A connection that waits. `said` is what it has sent of its A-ASSOCIATE-RQ."""

    connection: socket.socket
    address: Any
    leaves_at: float
    said: bytearray = field(default_factory=bytearray)
    is_shaking_hands: bool = False
    is_leaving: bool = False

    def missing(self) -> int:
        """Bytes of the request, or of its header, that have not come."""
        if len(self.said) < _HEADER:
            return _HEADER - len(self.said)
        return _HEADER + int.from_bytes(self.said[2:_HEADER], "big") - len(self.said)

    def speaks_dicom(self) -> bool:
        """As far as the header tells."""
        if self.said and self.said[0] != _A_ASSOCIATE_RQ:
            return False
        return len(self.said) < _HEADER or self.missing() <= _MAX_REQUEST


class Lobby:
    """Runs in the thread that calls `serve_forever`. `on_request` takes over a connection, which blocks again."""

    def __init__(
        self,
        entrances: Sequence[Entrance],
        has_room: Callable[[], bool],
        on_request: Callable[[Guest], None],
        patience: float = ARTIM_SECONDS,
    ) -> None:
        self._patience = patience
        self._has_room = has_room
        self._on_request = on_request
        self._guests: dict[Guest, None] = {}
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._quiet = QuietLog(_log)
        self._is_stopping = False
        for entrance in entrances:
            entrance.socket.setblocking(False)
            self._selector.register(entrance.socket, selectors.EVENT_READ, entrance)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def serve_forever(self) -> None:
        """Until `stop`; then whoever waits is sent away."""
        while not self._is_stopping:
            for key, _ in self._selector.select(_TICK):
                self._attend(key.data)
            self._send_away_late()
        for guest in list(self._guests):
            self._forget(guest)
        self._selector.close()
        self._wake.close()
        self._woken.close()

    def stop(self) -> None:
        """Ask `serve_forever` to end; it does so at once."""
        self._is_stopping = True
        with contextlib.suppress(OSError):
            self._wake.send(b"!")

    def __len__(self) -> int:
        return len(self._guests)

    def _attend(self, who: Entrance | Guest | None) -> None:
        if isinstance(who, Entrance):
            self._welcome(who)
        elif isinstance(who, Guest) and who in self._guests:
            try:
                self._listen_to(who)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
                pass
            except (OSError, ValueError):
                self._forget(who)

    def _welcome(self, entrance: Entrance) -> None:
        """Some of those at the entrance; who is inside is heard before more come in."""
        for _ in range(_AT_A_TIME):
            try:
                connection, address = entrance.socket.accept()
            except OSError as error:
                if error.errno in _NO_MORE_FILES and self._guests:
                    self._make_room()
                return
            self._seat(entrance, connection, address)

    def _seat(self, entrance: Entrance, connection: socket.socket, address: Any) -> None:
        while len(self._guests) >= CAPACITY:
            self._make_room()
        connection.setblocking(False)
        guest = Guest(connection, address, monotonic() + self._patience)
        if entrance.certificates is not None:
            guest.connection = entrance.certificates.context().wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
            guest.is_shaking_hands = True
        self._guests[guest] = None
        self._selector.register(guest.connection, selectors.EVENT_READ, guest)

    def _make_room(self) -> None:
        """Whoever has been answered goes first, then whoever has waited longest."""
        answered = (guest for guest in self._guests if guest.is_leaving)
        self._forget(next(answered, None) or next(iter(self._guests)))

    def _listen_to(self, guest: Guest) -> None:
        if guest.is_shaking_hands:
            self._shake_hands(guest)
        while guest.is_leaving:
            if not guest.connection.recv(_MAX_REQUEST):
                self._forget(guest)
                return
        while missing := guest.missing():
            heard = guest.connection.recv(min(missing, _MAX_REQUEST))
            if not heard:
                self._forget(guest)
                return
            guest.said += heard
            if not guest.speaks_dicom():
                self._turn_out(guest)
                return
        self._show_in(guest)

    def _turn_out(self, guest: Guest) -> None:
        self._quiet.warning(_host(guest), "%s does not ask for an association as DICOM has it.", _host(guest))
        self._turn_away(guest, _ABORT)

    def _shake_hands(self, guest: Guest) -> None:
        assert isinstance(guest.connection, ssl.SSLSocket), "only they shake hands"
        try:
            guest.connection.do_handshake()
        except ssl.SSLWantWriteError:
            self._selector.modify(guest.connection, selectors.EVENT_WRITE, guest)
            raise
        except ssl.SSLWantReadError:
            self._selector.modify(guest.connection, selectors.EVENT_READ, guest)
            raise
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason
            self._quiet.warning(_host(guest), "No TLS connection with %s: %s.", _host(guest), reason)
            raise
        self._selector.modify(guest.connection, selectors.EVENT_READ, guest)
        guest.is_shaking_hands = False

    def _show_in(self, guest: Guest) -> None:
        if not self._has_room():
            self._quiet.warning("full", "All associations are taken; callers are told to come again later.")
            self._turn_away(guest, encode_rejection(LOCAL_LIMIT_EXCEEDED))
            return
        try:
            parse_request(bytes(guest.said))
        except BrokenRequest:
            self._turn_out(guest)
            return
        self._selector.unregister(guest.connection)
        del self._guests[guest]
        try:
            self._on_request(guest)
        except Exception:  # noqa: BLE001 - one connection is not worth the others
            _log.exception("An association could not be begun.")
            guest.connection.close()

    def _turn_away(self, guest: Guest, answer: bytes) -> None:
        guest.connection.send(answer)
        if not isinstance(guest.connection, ssl.SSLSocket):
            guest.connection.shutdown(socket.SHUT_WR)
        guest.is_leaving = True
        guest.leaves_at = monotonic() + _LINGER_SECONDS

    def _send_away_late(self) -> None:
        now = monotonic()
        for guest in [guest for guest in self._guests if guest.leaves_at < now]:
            self._forget(guest)

    def _forget(self, guest: Guest) -> None:
        del self._guests[guest]
        self._selector.unregister(guest.connection)
        guest.connection.close()


def _host(guest: Guest) -> str:
    return str(guest.address[0])


def encode_rejection(rejection: Rejection) -> bytes:
    """An A-ASSOCIATE-RJ PDU (PS3.8 9.3.4)."""
    return struct.pack(">BxIxBBB", 0x03, 4, *rejection)
