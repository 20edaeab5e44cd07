"""The FTP door, for ECG carts and other equipment that know nothing else. One log-in a device of kind ftp."""

import hashlib
import hmac
import ipaddress
import logging
import secrets
import threading
from typing import Any

from pyftpdlib.exceptions import AuthenticationFailed  # type: ignore[import-untyped]
from pyftpdlib.servers import ThreadedFTPServer  # type: ignore[import-untyped]

from dicom_gateway.ftp_session import PERMISSIONS, Limits, Session
from dicom_gateway.ftp_tls import SecureSession
from dicom_gateway.tls import Certificates, TlsFiles
from storage.db.models import Device
from storage.db.queries import people
from storage.db.session import Database
from storage.domain.clock import Clock
from storage.domain.devices import DeviceKind
from storage.domain.errors import ConfigurationError
from storage.ingest.door import Door, open_door
from storage.passwords import verify_password
from storage.settings import Address, Settings

_log = logging.getLogger(__name__)

_LARGEST = 4 << 30
_MIB = 1 << 20
_LOOP_SECONDS = 0.5
_MAX_PORT = 65535
_REFUSED = "The name or the secret is wrong, or the device is not allowed."


class FtpDoor:
    """Listens at `settings.ftp` in threads of its own. `port` is the one listened on, also when the settings say 0."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, limits: Limits | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._limits = limits or Limits(_LARGEST, settings.reserve_mb * _MIB)
        self._devices = Devices(database)
        self._address = Address.parse("FTP", settings.ftp)
        self._ports = parse_ports(settings.ftp_passive_ports)
        self._door: Door | None = None
        self._server: Any = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="ftp-door", daemon=True)
        self.port = self._address.port

    def start(self) -> None:
        """Listen. Raises `OSError` when the address cannot be used, `ConfigurationError` for bad certificates."""
        # It writes what carts say, names of files included.
        logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
        self._door = open_door(self._settings, "ftp", self._clock)
        self._server = _Server((self._address.host, self._address.port), self._session())
        self._server.max_cons, self._server.max_cons_per_ip = self._limits.sessions, self._limits.sessions_of_one
        self.port = self._server.address[1]
        self._thread.start()
        _log.info("FTP on port %d.", self.port)

    def stop(self) -> None:
        """End all sessions; a file that has not been answered is not kept."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._door is not None:
            self._door.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._server.ioloop.loop(_LOOP_SECONDS, blocking=False)
        self._server.close_all()

    def _session(self) -> type[Session]:
        """The handler, with what belongs to this door."""
        assert self._door is not None, "start comes first"
        values: dict[str, Any] = {
            "door": self._door,
            "limits": self._limits,
            "title_of": staticmethod(self._devices.title_of),
            "authorizer": self._devices,
            "timeout": self._limits.idle,
            "passive_ports": self._ports,
        }
        has_tls = bool(self._settings.tls_certificate and self._settings.tls_key)
        base: type[Session] = SecureSession if has_tls else Session
        if has_tls:
            values["certificates"] = Certificates(TlsFiles.of(self._settings))
        channel = type("_Channel", (base.dtp_handler,), {"timeout": self._limits.stalled})
        return type("_Session", (base,), {**values, "dtp_handler": channel})


class _Server(ThreadedFTPServer):  # type: ignore[misc]
    """With a lock and an end of its own; the library shares them among all servers of a process."""

    def __init__(self, address: tuple[str, int], handler: type[Session]) -> None:
        self._lock = threading.Lock()
        self._exit = threading.Event()
        super().__init__(address, handler)


class Devices:
    """Who may log in, asked of the database; those who have logged in may do so again while it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._salt = secrets.token_bytes(32)
        self._known: dict[str, bytes] = {}

    def validate_authentication(self, username: str, password: str, handler: Any) -> None:
        """Raises the library's error, which is answered with 530."""
        title = self.title_of(username)
        digest = hmac.digest(self._salt, password.encode(), hashlib.sha256)
        try:
            with self._database.read() as work:
                device = people.device_to_log_in(work, title, DeviceKind.FTP)
        except Exception as error:  # the database is away
            if hmac.compare_digest(self._known.get(title, b""), digest):
                return
            raise AuthenticationFailed("The log-in cannot be checked now; try again later.") from error
        if not _is_right(device, password) or not _may_come_from(device, handler.remote_ip):
            self._known.pop(title, None)
            _log.warning("An FTP log-in from %s was refused.", handler.remote_ip)
            raise AuthenticationFailed(_REFUSED)
        self._known[title] = digest

    def title_of(self, username: str) -> str:
        """The AE title that a user name stands for; capitals do not matter."""
        return username.strip().upper()

    def get_home_dir(self, _username: str) -> str:
        return "/"

    def get_msg_login(self, _username: str) -> str:
        return "Welcome."

    def get_msg_quit(self, _username: str) -> str:
        return "Goodbye."

    def has_user(self, _username: str) -> bool:
        return True

    def has_perm(self, _username: str, perm: str, _path: str | None = None) -> bool:
        return perm in PERMISSIONS

    def get_perms(self, _username: str) -> str:
        return PERMISSIONS

    def impersonate_user(self, _username: str, _password: str) -> None:
        """Files belong to nobody in particular."""

    def terminate_impersonation(self, _username: str) -> None:
        """As `impersonate_user`."""


def _is_right(device: Device | None, password: str) -> bool:
    return verify_password(device.secret_hash if device and device.secret_hash else None, password)


def _may_come_from(device: Device | None, address: str) -> bool:
    networks = device.networks if device is not None else None
    if not networks:
        return True
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one, strict=False) for one in networks)


def parse_ports(text: str) -> range | None:
    """`FIRST-LAST`, or None for any. Raises `ConfigurationError`."""
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 0 < int(first) <= int(last) <= _MAX_PORT):
        raise ConfigurationError(f"COUNTYREAD_FTP_PASSIVE_PORTS is {text!r}; it must be FIRST-LAST, like 50000-50100.")
    return range(int(first), int(last) + 1)
