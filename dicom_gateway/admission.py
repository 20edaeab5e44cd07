"""Who may associate: devices of the county, by calling AE title; everybody else is refused and put on a list.

Known devices are read from the database every few seconds, and on the spot for a title not known; the last ones are
kept in a file, so that a gateway that starts while the database is away receives all the same.
"""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dicom_gateway.status import CALLED_AE_NOT_RECOGNIZED, CALLING_AE_NOT_RECOGNIZED
from storage.db.queries import reception
from storage.db.queries.reception import KnownDevice, RefusedCaller
from storage.db.session import Database

_log = logging.getLogger(__name__)

SELF_CHECK = "COUNTYREAD_ECHO"
"""Calling AE title of the installation's own check: may ask whether the gateway answers, and nothing else."""

_MAX_REMEMBERED = 1000
_REASONS = {
    CALLING_AE_NOT_RECOGNIZED: "calling_ae_title_not_recognized",
    CALLED_AE_NOT_RECOGNIZED: "called_ae_title_not_recognized",
}


@dataclass(frozen=True)
class Caller:
    """A request for an association."""

    calling_ae_title: str
    called_ae_title: str
    address: str


class DeviceDirectory:
    """The devices that may push. Thread-safe."""

    def __init__(self, database: Database, file: Path) -> None:
        self._database = database
        self._file = file
        self._guard = threading.Lock()
        self._devices: Mapping[str, KnownDevice] = _load(file)

    def find(self, ae_title: str) -> KnownDevice | None:
        """The active device of that calling AE title; a title not known yet is looked up at once."""
        return self._devices.get(ae_title) or (self._devices.get(ae_title) if self.refresh() else None)

    def charset(self, ae_title: str) -> str:
        """The character set to assume for its objects; empty when none is set."""
        device = self._devices.get(ae_title)
        return device.charset if device else ""

    def refresh(self) -> bool:
        """Read the devices again; False, and the last ones stay, when the database does not answer."""
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


class Admission:
    """Decides on requests, and remembers whom it refused until that is in the database."""

    def __init__(self, directory: DeviceDirectory, ae_title: str) -> None:
        self._directory = directory
        self._ae_title = ae_title
        self._guard = threading.Lock()
        self._refused: dict[tuple[str, str], RefusedCaller] = {}

    def reason_to_refuse(self, caller: Caller) -> int | None:
        """The reason of an A-ASSOCIATE-RJ (PS3.8 9.3.4); None for those who may come in."""
        if caller.called_ae_title != self._ae_title:
            return self._refuse(caller, CALLED_AE_NOT_RECOGNIZED)
        if caller.calling_ae_title != SELF_CHECK and self._directory.find(caller.calling_ae_title) is None:
            return self._refuse(caller, CALLING_AE_NOT_RECOGNIZED)
        return None

    def _refuse(self, caller: Caller, reason: int) -> int:
        _log.warning("Refused %s, which called %s.", caller.calling_ae_title, caller.called_ae_title)
        self._remember(
            RefusedCaller(caller.calling_ae_title, caller.address, caller.called_ae_title, _REASONS[reason], 1)
        )
        return reason

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
