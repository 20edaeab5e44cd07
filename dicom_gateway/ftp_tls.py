"""FTP over explicit TLS (RFC 4217) with Python's own `ssl`. Each session has a thread, so that handshakes may wait."""

import contextlib
import logging
import socket
import ssl
from typing import Any

from pyftpdlib.exceptions import _RetryError  # type: ignore[import-untyped]

from dicom_gateway.ftp_session import DataChannel, Session
from dicom_gateway.tls import Certificates

_log = logging.getLogger(__name__)

_HANDSHAKE_SECONDS = 15.0
_WANTS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


class _Secured:
    """A channel of the library whose socket may become a TLS one."""

    socket: Any

    def secure(self, certificates: Certificates) -> None:
        """Shake hands. Raises `OSError` when the peer does not."""
        plain: socket.socket = self.socket
        plain.settimeout(_HANDSHAKE_SECONDS)
        self.socket = certificates.context().wrap_socket(plain, server_side=True)
        self.socket.setblocking(False)

    def recv(self, size: int) -> bytes:
        try:
            return super().recv(size)  # type: ignore[misc, no-any-return]
        except _WANTS as error:
            raise _RetryError from error
        except ssl.SSLError:
            self._give_up()
            return b""

    def send(self, data: bytes) -> int:
        try:
            return super().send(data)  # type: ignore[misc, no-any-return]
        except _WANTS:
            return 0

    def _give_up(self) -> None:
        """The peer hung up without a word, or spoke nonsense; what came is not known to be all."""
        self.close()

    def close(self) -> None:
        if isinstance(self.socket, ssl.SSLSocket):
            with contextlib.suppress(OSError, ValueError):
                self.socket.unwrap()
        super().close()  # type: ignore[misc]


class SecureDataChannel(_Secured, DataChannel):
    """A data connection that is protected when the cart has asked for it (PROT P)."""

    def readable(self) -> bool:
        if self.cmd_channel.protects_data and not self._initialized:
            # Some peers shake hands before they say what for; it waits until they have said it.
            self.modify_ioloop_events(0)
            return False
        return bool(super().readable())

    def enable_receiving(self, _type: str, cmd: str) -> None:
        self._protect()
        super().enable_receiving(_type, cmd)

    def push(self, data: bytes) -> None:
        self._protect()
        super().push(data)

    def push_with_producer(self, producer: Any) -> None:
        self._protect()
        super().push_with_producer(producer)

    def _protect(self) -> None:
        if self.cmd_channel.protects_data and not isinstance(self.socket, ssl.SSLSocket):
            self.secure(self.cmd_channel.certificates)

    def _give_up(self) -> None:
        self._resp = ("426 The connection was cut; send it again.", _log.debug)
        self.close()


class SecureSession(_Secured, Session):
    """AUTH TLS, PBSZ and PROT beside the plain commands: carts that cannot do TLS still come in."""

    dtp_handler = SecureDataChannel
    certificates: Certificates
    protects_data = False
    proto_cmds = {  # noqa: RUF012 - as the library has it
        **Session.proto_cmds,
        "AUTH": {
            "perm": None,
            "auth": False,
            "arg": True,
            "help": "Syntax: AUTH <SP> TLS (secure the control channel).",
        },
        "PBSZ": {"perm": None, "auth": False, "arg": True, "help": "Syntax: PBSZ <SP> 0 (buffer size)."},
        "PROT": {"perm": None, "auth": False, "arg": True, "help": "Syntax: PROT <SP> [C|P] (secure data channels)."},
    }

    def ftp_AUTH(self, line: str) -> None:
        """RFC 4217 section 4."""
        if line.upper() not in ("TLS", "TLS-C", "SSL"):
            self.respond("502 Only AUTH TLS is understood.")
        elif isinstance(self.socket, ssl.SSLSocket):
            self.respond("503 TLS is used already.")
        else:
            self.respond("234 Go on with TLS.")
            try:
                self.secure(self.certificates)
            except OSError:
                self.close()

    def ftp_PBSZ(self, _line: str) -> None:
        """RFC 4217 section 8."""
        self.respond("200 PBSZ=0 successful.")

    def ftp_PROT(self, line: str) -> None:
        """RFC 4217 section 9."""
        if not isinstance(self.socket, ssl.SSLSocket):
            self.respond("503 AUTH TLS comes first.")
        elif line.upper() not in ("C", "P"):
            self.respond("504 Only PROT C and PROT P are understood.")
        else:
            self.protects_data = line.upper() == "P"
            self.respond(f"200 Protection set to {line.upper()}.")
