"""DICOM over TLS (PS3.15 B.9 to B.12, BCP 195): the server's certificate, whose clients are believed, and what a client showed."""

import hashlib
import logging
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path

from pynetdicom.association import Association

from storage.domain.errors import ConfigurationError
from storage.settings import Settings

_log = logging.getLogger(__name__)

_CIPHERS = "ECDHE+AESGCM:DHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption only, which are the suites of PS3.15 B.10 and B.12."""

_WARN_DAYS = 30
_SECONDS_PER_DAY = 86400


@dataclass(frozen=True)
class TlsFiles:
    """PEM files. `client_ca` may hold several certificates; without one no client certificate is asked for."""

    certificate: Path
    key: Path
    client_ca: Path | None

    @classmethod
    def of(cls, settings: Settings) -> "TlsFiles":
        """Raises `ConfigurationError` when certificate or key are not given."""
        if not settings.tls_certificate or not settings.tls_key:
            raise ConfigurationError("COUNTYREAD_DICOM_TLS needs COUNTYREAD_TLS_CERTIFICATE and COUNTYREAD_TLS_KEY.")
        ca = Path(settings.tls_client_ca) if settings.tls_client_ca else None
        return cls(Path(settings.tls_certificate), Path(settings.tls_key), ca)

    def changed_at(self) -> tuple[int, ...]:
        """Differs as soon as one of the files has been replaced. Raises `OSError`."""
        stats = [path.stat() for path in (self.certificate, self.key, self.client_ca) if path is not None]
        return tuple(number for one in stats for number in (one.st_mtime_ns, one.st_size, one.st_ino))


def make_context(files: TlsFiles) -> ssl.SSLContext:
    """TLS 1.2 or newer. Raises `ConfigurationError` that says which file is wrong."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    try:
        context.load_cert_chain(files.certificate, files.key)
    except (OSError, ValueError) as error:
        message = f"The certificate {files.certificate} and the key {files.key} cannot be used: {_words(error)}."
        raise ConfigurationError(message) from error
    if files.client_ca is not None:
        _ask_for_certificates(context, files.client_ca)
    return context


def _ask_for_certificates(context: ssl.SSLContext, client_ca: Path) -> None:
    try:
        context.load_verify_locations(client_ca)
    except (OSError, ValueError) as error:
        message = f"The certificates of client authorities in {client_ca} cannot be used: {_words(error)}."
        raise ConfigurationError(message) from error
    context.verify_mode = ssl.CERT_OPTIONAL


def _words(error: Exception) -> str:
    """OpenSSL's reason, without what surrounds it."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
    return str(reason).replace("_", " ").lower()


class Certificates:
    """The context for new connections; follows the files as they are replaced. Thread-safe."""

    def __init__(self, files: TlsFiles) -> None:
        self._files = files
        self._guard = threading.Lock()
        self._read_at = files.changed_at() if files.certificate.exists() and files.key.exists() else ()
        self._context = make_context(files)

    def context(self) -> ssl.SSLContext:
        """With the files as they are now; with the last good ones while they cannot be used."""
        with self._guard:
            try:
                changed_at = self._files.changed_at()
            except OSError:
                return self._context
            if changed_at != self._read_at:
                self._read_at = changed_at
                self._renew()
            return self._context

    def _renew(self) -> None:
        try:
            self._context = make_context(self._files)
        except ConfigurationError as error:
            _log.warning("The TLS certificates have changed and are not used. %s", error.message)
        else:
            _log.info("The TLS certificates have been read anew.")


def client_certificate(association: Association) -> str:
    """SHA-256 of the verified client certificate of an association; empty without one, or without TLS."""
    line = association.dul.socket
    connection = line.socket if line is not None else None
    if not isinstance(connection, ssl.SSLSocket):
        return ""
    certificate = connection.getpeercert(binary_form=True)
    return hashlib.sha256(certificate).hexdigest() if certificate else ""


def check_certificate(files: TlsFiles, now: float) -> str:
    """A note on the server's certificate for the doctor; `now` in seconds since 1970. Raises `ConfigurationError`."""
    left = (_expires_at(make_context(files), files.certificate) - now) / _SECONDS_PER_DAY
    if left < _WARN_DAYS:
        message = f"The certificate {files.certificate} expires in {left:.0f} days: put a new one in its place."
        raise ConfigurationError(message)
    clients = "no client certificates" if files.client_ca is None else f"client certificates of {files.client_ca}"
    return f"valid for {left:.0f} days, {clients}"


def _expires_at(server: ssl.SSLContext, certificate: Path) -> float:
    """By a handshake with ourselves in memory: only a certificate that was verified can be read."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(certificate)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (server.wrap_bio(up, down, server_side=True), client.wrap_bio(down, up))
    try:
        _shake_hands(ends)
    except ssl.SSLError as error:
        words = getattr(error, "verify_message", "") or _words(error)
        raise ConfigurationError(f"The certificate {certificate} cannot be used: {words}.") from error
    found = ends[1].getpeercert()
    assert found is not None, "the client has verified it"
    return float(ssl.cert_time_to_seconds(str(found["notAfter"])))


def _shake_hands(ends: tuple[ssl.SSLObject, ssl.SSLObject]) -> None:
    waiting = list(reversed(ends))
    while waiting:
        end = waiting.pop(0)
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(end)
