"""Who may associate: devices of the county, each by its own rules; everybody else is refused and put on a list.

Known devices are read from the database every few seconds, and on the spot for a title not known; the last ones are
kept in a file, so that a gateway that starts while the database is away receives all the same.
"""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from dicom_gateway.permission import DailyQuotas, DevicePermission, Permission, may_store
from dicom_gateway.quiet import QuietLog
from storage.db.queries import reception
from storage.db.queries.reception import KnownDevice, RefusedCaller
from storage.db.session import Database
from storage.domain.admission import IN_WORDS, MAX_AE_TITLE, RefusalReason, is_ae_title, is_within, plain_address
from storage.domain.clock import monotonic
from storage.domain.devices import DeviceKind

_log = logging.getLogger(__name__)

SELF_CHECK = "COUNTYREAD_ECHO"
"""Calling AE title of the installation's own check: may ask whether the gateway answers, and nothing else."""

_MAX_REMEMBERED = 1000
_MAX_PER_DEVICE = 32
"""Associations that one device may have open, so that the others always find room."""

_LOOKS_PER_SECOND = 10
"""Titles that nobody knows are looked up at once, but not more often than this, however many strangers call."""


@dataclass(frozen=True)
class Caller:
    """A request for an association. `certificate_sha256` is that of the client certificate, empty without one.

    `sop_classes` are the storage classes that were proposed, `open_associations` those that the same title has already.
    """

    calling_ae_title: str
    called_ae_title: str
    address: str
    certificate_sha256: str = ""
    sop_classes: tuple[str, ...] = ()
    open_associations: int = 0


class DeviceDirectory:
    """The devices that may push. Thread-safe."""

    def __init__(self, database: Database, file: Path) -> None:
        self._database = database
        self._file = file
        self._guard = threading.Lock()
        self._devices: Mapping[str, KnownDevice] = _load(file)
        self._looking = threading.Lock()
        self._looks, self._looking_since, self._read_at = 0, 0.0, -1.0

    def find(self, ae_title: str) -> KnownDevice | None:
        """The active device of that calling AE title; a title not known yet is looked up at once."""
        return self._devices.get(ae_title) or (self._devices.get(ae_title) if self._look_again() else None)

    def known(self, ae_title: str) -> KnownDevice | None:
        """The active device of that calling AE title, from memory."""
        return self._devices.get(ae_title)

    def _look_again(self) -> bool:
        """Read the devices, unless that has been done since the question came: a crowd at the door is one look."""
        asked_at = monotonic()
        with self._looking:
            if self._read_at >= asked_at:
                return True
            if asked_at - self._looking_since > 1:
                self._looks, self._looking_since = 0, asked_at
            self._looks += 1
            return self._looks <= _LOOKS_PER_SECOND and self.refresh()

    def charset(self, ae_title: str) -> str:
        """The character set to assume for its objects; empty when none is set."""
        device = self._devices.get(ae_title)
        return device.charset if device else ""

    def refresh(self) -> bool:
        """Read the devices again; False, and the last ones stay, when the database does not answer."""
        began_at = monotonic()
        try:
            with self._database.read() as work:
                known = reception.known_devices(work)
        except Exception:  # noqa: BLE001 - however the database is away, those known last are admitted
            return False
        devices = {device.ae_title: device for device in known}
        with self._guard:
            if devices != self._devices:
                _save(self._file, devices)
            self._devices = devices
            self._read_at = began_at
        return True


def _load(file: Path) -> Mapping[str, KnownDevice]:
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return {entry["ae_title"]: KnownDevice(**entry) for entry in entries}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError):
        _log.warning("The list of last known devices is damaged; it will be written anew.")
        return {}


def _save(file: Path, devices: Mapping[str, KnownDevice]) -> None:
    try:
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(device) for device in devices.values()]), encoding="utf-8")
        fresh.replace(file)
    except OSError:
        _log.exception("The list of last known devices cannot be written.")


class Directory(Protocol):
    """Whose associations are admitted."""

    def find(self, ae_title: str) -> KnownDevice | None:
        """The active device of that calling AE title."""

    def known(self, ae_title: str) -> KnownDevice | None:
        """The same, from memory."""


class Admission:
    """Decides on requests, and remembers whom it refused until that is in the database."""

    def __init__(self, directory: Directory, ae_title: str, quotas: DailyQuotas | None = None) -> None:
        self._directory = directory
        self._quotas = quotas
        self._ae_title = ae_title
        self._guard = threading.Lock()
        self._refused: dict[tuple[str, str], RefusedCaller] = {}
        self._quiet = QuietLog(_log)

    def reason_to_refuse(self, caller: Caller) -> RefusalReason | None:
        """None for those who may come in; everybody else is remembered for the administrator."""
        if caller.calling_ae_title == SELF_CHECK:
            device, reason = None, self._called_wrong(caller, None)
        else:
            device = self._directory.find(caller.calling_ae_title)
            reason = RefusalReason.CALLING_AE_TITLE if device is None else self._broken_rule(device, caller)
            if device is None and self._called_wrong(caller, None):
                reason = RefusalReason.CALLED_AE_TITLE
        if reason is not None:
            self._refuse(caller, reason)
        return reason

    def may_store(self, ae_title: str, sop_class_uid: str) -> bool:
        """Whether an object of this class is taken from this device."""
        device = self._directory.known(ae_title)
        return device is not None and may_store(device, sop_class_uid)

    def permission(self, ae_title: str) -> Permission:
        """To be asked for every object of an association of that device; follows its rules as they change."""
        return DevicePermission(partial(self._directory.known, ae_title), self._quotas)

    def _broken_rule(self, device: KnownDevice, caller: Caller) -> RefusalReason | None:
        if device.kind != DeviceKind.DICOM:
            return RefusalReason.NOT_DICOM
        if device.networks and not is_within(caller.address, device.networks):
            return RefusalReason.ADDRESS
        if device.certificate_sha256 and device.certificate_sha256 != caller.certificate_sha256:
            return RefusalReason.OTHER_CERTIFICATE if caller.certificate_sha256 else RefusalReason.NO_CERTIFICATE
        if caller.open_associations >= _MAX_PER_DEVICE:
            return RefusalReason.TOO_MANY
        return self._called_wrong(caller, device)

    def _called_wrong(self, caller: Caller, device: KnownDevice | None) -> RefusalReason | None:
        accepted = {self._ae_title, device.called_ae_title if device else self._ae_title}
        return None if caller.called_ae_title in accepted else RefusalReason.CALLED_AE_TITLE

    def _refuse(self, caller: Caller, reason: RefusalReason) -> None:
        title, called = printable(caller.calling_ae_title), printable(caller.called_ae_title)
        self._quiet.warning(
            (title, reason), "Refused %s from %s, which called %s: %s.", title, caller.address, called, IN_WORDS[reason]
        )
        if is_ae_title(caller.calling_ae_title):
            self._remember(
                RefusedCaller(
                    title,
                    plain_address(caller.address),
                    called,
                    reason,
                    1,
                    caller.sop_classes,
                    caller.certificate_sha256,
                )
            )

    def _remember(self, refused: RefusedCaller) -> None:
        key = (refused.ae_title, refused.address)
        with self._guard:
            before = self._refused.get(key)
            if before is not None:
                refused = replace(refused, attempts=before.attempts + refused.attempts)
            elif len(self._refused) >= _MAX_REMEMBERED:
                return
            self._refused[key] = refused

    def take_refused(self) -> list[RefusedCaller]:
        """Those refused since the last time."""
        with self._guard:
            taken, self._refused = list(self._refused.values()), {}
        return taken

    def give_back(self, refused: list[RefusedCaller]) -> None:
        """They could not be written down."""
        for caller in refused:
            self._remember(caller)


def printable(ae_title: str) -> str:
    """An AE title for logs and lists, whatever bytes a peer has put there."""
    return "".join(character if " " <= character <= "~" else "?" for character in ae_title[:MAX_AE_TITLE])
