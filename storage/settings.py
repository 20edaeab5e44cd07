"""Settings, read once at an entry point and passed down: environment first, then `countyread.toml`, then the default."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from storage.domain.errors import ConfigurationError
from storage.domain.readiness import ReadyTimes

_PREFIX = "COUNTYREAD_"
_MAX_PORT = 65535
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?")


@dataclass(frozen=True)
class Address:
    """Where a server listens. Port 0 asks the system for a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """Read `HOST:PORT`; `[::1]:8000` for IPv6. Raises `ConfigurationError` naming the setting."""
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit() or int(port) > _MAX_PORT:
            message = f"{_PREFIX}{name} is {text!r}; it must be HOST:PORT, for example 127.0.0.1:8000."
            raise ConfigurationError(message)
        return cls(host.strip("[]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class ModalityTimes:
    """Seconds for some modalities."""

    seconds: Mapping[str, float]

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """Read `US=60,CT=20`; empty for none. Raises `ConfigurationError` naming the setting."""
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        seconds = {modality.strip().upper(): _seconds(value) for modality, _, value in pairs}
        if any(not modality or value is None for modality, value in seconds.items()):
            message = f"{_PREFIX}{name} is {text!r}; it must be MODALITY=SECONDS, separated by commas: US=60,CT=20."
            raise ConfigurationError(message)
        return cls({modality: value for modality, value in seconds.items() if value is not None})

    def __str__(self) -> str:
        return ",".join(f"{modality}={value:g}" for modality, value in self.seconds.items())


@dataclass(frozen=True)
class Settings:
    """Everything that a deployment may choose. Each field is `COUNTYREAD_` plus its name in capitals.

    `data` is the data folder; `database_url`, `object_store` and `broker_url` default to parts inside it.
    `ready_idle` is in seconds: how long after the last object and the end of its association a study counts as whole when
    nothing stronger says so, and `ready_idle_by_modality` for some modalities. `ready_missing` is the same for studies that
    are known to lack objects; `ready_limit` after its first object a study is read in any case, `ready_limit_urgent` for
    green channel and emergencies (seconds; `reading_queue.readiness` has the rules).
    `reserve_mb` is the free disk space, in MiB, below which the gateway answers 0xA700 before it takes the bytes.
    `lease_minutes` is the life of a reader's claim without a heartbeat.
    `dicom_tls` (HOST:PORT, empty for none) is where associations over TLS come in; the `tls_` ones are PEM files.
    `drop_folder` is a folder that files may be put into, `ftp` (HOST:PORT) an FTP door with its `ftp_passive_ports`
    (FIRST-LAST); each is off when empty, docs/doors.md says more.
    `hl7` (HOST:PORT, empty for none) is where orders come in as HL7 v2 messages over MLLP; docs/hl7.md says more.
    `dicomweb_origins` are web origins (https://viewer.example.org, with commas between) whose pages may use DICOMweb with
    a token; none unless they are named.
    `public_url` is where people reach the web application; links in messages begin with it. `smtp` is the mail server
    (smtp://USER:PASSWORD@HOST:PORT, smtps:// for TLS from the start) and `mail_from` the sender; `sms_url` is the county's
    gateway for short messages with its `sms_body`, `sms_headers` and `sms_accepted`; each is off when empty, docs/notices.md
    says more. `hook_test_networks` are networks (CIDR, separated by commas) to which results may be sent by plain http, and
    which may be this machine itself: for trying out; docs/results.md says more.
    `trusted_proxies` are addresses or networks, separated by commas, whose X-Forwarded headers are believed; `rate_caller`
    and `rate_address` are requests a second that one caller and one address may send, 0 for no limit. Those that start with
    `oidc_` are the county's identity provider, those with `audit_` where the audit trail is anchored; `secrets_key` is
    the file whose keys seal secrets that stand in the database; docs/security.md says more.
    `presigned` lets DICOMweb clients fetch whole objects straight from an S3 store, by addresses that hold for a minute.
    Those that start with `edge_` are for `countyread edge`; docs/edge.md says what they may be.
    """

    data: Path
    database_url: str
    object_store: str
    broker_url: str
    http: Address
    dicom: Address
    dicom_tls: str
    tls_certificate: str
    tls_key: str
    tls_client_ca: str
    ae_title: str
    ready_idle: float
    ready_idle_by_modality: ModalityTimes
    ready_missing: float
    ready_limit: float
    ready_limit_urgent: float
    reserve_mb: int
    lease_minutes: float
    time_zone: str
    worker_concurrency: int
    session_hours: float
    log_level: str
    hl7: str
    drop_folder: str
    ftp: str
    ftp_passive_ports: str
    dicomweb_origins: str
    presigned: bool
    public_url: str
    smtp: str
    mail_from: str
    sms_url: str
    sms_body: str
    sms_headers: str
    sms_accepted: str
    hook_test_networks: str
    trusted_proxies: str
    rate_caller: float
    rate_address: float
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_scopes: str
    oidc_username_claim: str
    oidc_role_claim: str
    oidc_roles: str
    oidc_institution_claim: str
    secrets_key: str
    audit_anchors: str
    audit_key: str
    audit_webhook: str
    audit_tsa: str
    audit_archive: str
    edge_server: str
    edge_key: str
    edge_ca: str
    edge_limit: str
    edge_devices: str
    edge_page: Address

    @property
    def spool(self) -> Path:
        """Where the gateway keeps what it has acknowledged until the object store has it."""
        return self.data / "spool"

    @property
    def ready_times(self) -> ReadyTimes:
        """How long a study is waited for."""
        return ReadyTimes(
            idle=self.ready_idle,
            idle_by_modality=self.ready_idle_by_modality.seconds,
            missing=self.ready_missing,
            limit=self.ready_limit,
            limit_urgent=self.ready_limit_urgent,
        )

    @property
    def dicom_tls_address(self) -> Address | None:
        """Where associations over TLS come in; None when they do not."""
        return Address.parse("DICOM_TLS", self.dicom_tls) if self.dicom_tls else None

    @property
    def hl7_address(self) -> Address | None:
        """Where HL7 messages come in; None when they do not."""
        return Address.parse("HL7", self.hl7) if self.hl7 else None

    @property
    def dicomweb_origin_list(self) -> tuple[str, ...]:
        """The web origins whose pages may use DICOMweb."""
        return tuple(part for part in self.dicomweb_origins.split(",") if part)

    @property
    def is_embedded_broker(self) -> bool:
        """Whether Celery talks through a folder rather than a server."""
        return self.broker_url.startswith("filesystem:")

    def environment(self) -> dict[str, str]:
        """The same settings as environment variables, for the processes that `serve` starts."""
        return {_PREFIX + f.name.upper(): str(getattr(self, f.name)) for f in fields(self)}


_DEFAULTS: Mapping[str, str] = {
    "data": "./data",
    "database_url": "",
    "object_store": "",
    "broker_url": "filesystem://",
    "http": "127.0.0.1:8000",
    "dicom": "127.0.0.1:11112",
    "dicom_tls": "",
    "tls_certificate": "",
    "tls_key": "",
    "tls_client_ca": "",
    "ae_title": "COUNTYREAD",
    "ready_idle": "10",
    "ready_idle_by_modality": "",
    "ready_missing": "300",
    "ready_limit": "1800",
    "ready_limit_urgent": "300",
    "reserve_mb": "512",
    "lease_minutes": "10",
    "time_zone": "Asia/Shanghai",
    "worker_concurrency": "2",
    "session_hours": "12",
    "log_level": "INFO",
    "hl7": "",
    "drop_folder": "",
    "ftp": "",
    "ftp_passive_ports": "",
    "dicomweb_origins": "",
    "presigned": "off",
    "public_url": "",
    "smtp": "",
    "mail_from": "",
    "sms_url": "",
    "sms_body": "mobile={mobile}&text={text}",
    "sms_headers": "",
    "sms_accepted": "",
    "hook_test_networks": "",
    "trusted_proxies": "127.0.0.1",
    "rate_caller": "1000",
    "rate_address": "2000",
    "oidc_issuer": "",
    "oidc_client_id": "",
    "oidc_client_secret": "",
    "oidc_scopes": "openid profile",
    "oidc_username_claim": "preferred_username",
    "oidc_role_claim": "",
    "oidc_roles": "",
    "oidc_institution_claim": "",
    "secrets_key": "",
    "audit_anchors": "",
    "audit_key": "",
    "audit_webhook": "",
    "audit_tsa": "",
    "audit_archive": "",
    "edge_server": "",
    "edge_key": "",
    "edge_ca": "",
    "edge_limit": "",
    "edge_devices": "",
    "edge_page": "127.0.0.1:8090",
}
SETTING_NAMES = tuple(_PREFIX + name.upper() for name in _DEFAULTS)
_MAX_AE_TITLE = 16


def load_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Settings of this process. Raises `ConfigurationError` for an unknown name or a value that makes no sense."""
    environ = os.environ if environ is None else environ
    path = file or Path(environ.get(_PREFIX + "CONFIG", "countyread.toml"))
    chosen = {**_DEFAULTS, **_from_file(path), **_from_environment(environ)}
    data = _path("data", chosen["data"])
    chosen["database_url"] = chosen["database_url"] or f"sqlite:///{data / 'countyread.sqlite'}"
    chosen["object_store"] = chosen["object_store"] or f"file:{data / 'objects'}"
    read: dict[str, Any] = {
        name: _READERS[name](name, text) if name in _READERS else text for name, text in chosen.items()
    }
    return Settings(**read)


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}."
        raise ConfigurationError(message) from error
    return _known({str(key).lower(): str(value) for key, value in table.items()}, str(path))


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    named = {key.removeprefix(_PREFIX).lower(): value for key, value in environ.items() if key.startswith(_PREFIX)}
    return {key: value for key, value in named.items() if key in _DEFAULTS and value != ""}


def _known(table: dict[str, str], where: str) -> dict[str, str]:
    unknown = sorted(set(table) - set(_DEFAULTS))
    if unknown:
        message = f"{where} has unknown settings: {', '.join(unknown)}. Known: {', '.join(sorted(_DEFAULTS))}."
        raise ConfigurationError(message)
    return table


def _path(_name: str, text: str) -> Path:
    return Path(text).expanduser().resolve()


def _folder(name: str, text: str) -> str:
    """Whole; empty stays empty."""
    return str(_path(name, text)) if text else ""


def _address(name: str, text: str) -> Address:
    return Address.parse(name.upper(), text)


def _door(name: str, text: str) -> str:
    """The address of a door; empty for one that is shut."""
    return str(_address(name, text)) if text else ""


def _modality_times(name: str, text: str) -> ModalityTimes:
    return ModalityTimes.parse(name.upper(), text)


def _switch(_name: str, text: str) -> bool:
    return text.lower() in ("on", "true", "1")


def _origins(name: str, text: str) -> str:
    """Web origins (RFC 6454), with commas between. Raises `ConfigurationError`; `*` would let any page in."""
    found = [part.strip().rstrip("/").lower() for part in text.split(",") if part.strip()]
    if not all(_ORIGIN.fullmatch(part) for part in found):
        message = f"{_PREFIX}{name.upper()} is {text!r}; it must be like https://viewer.example.org, commas between."
        raise ConfigurationError(message)
    return ",".join(found)


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def _number(name: str, text: str) -> float:
    value = _seconds(text)
    if value is None:
        message = f"{_PREFIX}{name.upper()} is {text!r}; it must be a number, zero or more."
        raise ConfigurationError(message)
    return value


def _whole_number(name: str, text: str) -> int:
    return int(_number(name, text))


def _ae_title(name: str, text: str) -> str:
    title = text.strip()
    if not 1 <= len(title) <= _MAX_AE_TITLE or not title.isascii() or "\\" in title:
        message = (
            f"{_PREFIX}{name.upper()} is {text!r}; it must be 1 to 16 ASCII characters without a backslash (PS3.5 6.2)."
        )
        raise ConfigurationError(message)
    return title


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "data": _path,
    "http": _address,
    "dicom": _address,
    "edge_page": _address,
    "dicom_tls": _door,
    "hl7": _door,
    "ftp": _door,
    "drop_folder": _folder,
    "ae_title": _ae_title,
    "ready_idle": _number,
    "ready_idle_by_modality": _modality_times,
    "ready_missing": _number,
    "ready_limit": _number,
    "ready_limit_urgent": _number,
    "reserve_mb": _whole_number,
    "lease_minutes": _number,
    "worker_concurrency": lambda name, text: max(1, _whole_number(name, text)),
    "session_hours": _number,
    "rate_caller": _number,
    "rate_address": _number,
    "log_level": lambda _name, text: text.upper(),
    "public_url": lambda _name, text: text.rstrip("/"),
    "dicomweb_origins": _origins,
    "presigned": _switch,
}
"""From the name of a setting and its text to its value; the others are text."""
