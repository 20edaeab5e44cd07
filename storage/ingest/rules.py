"""How to read what each device sends, as the administrator has set it."""

import threading
from datetime import tzinfo

from storage.db.queries import reception
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database
from storage.domain.clock import monotonic
from storage.domain.devices import CharsetRule
from storage.ingest.header import ReadingRules

_FRESH = 2.0


class DeviceRules:
    """The reading rules by calling AE title. Changes count within two seconds; thread-safe."""

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone
        self._devices: dict[str, KnownDevice] = {}
        self._read_at = float("-inf")
        self._guard = threading.Lock()

    def refresh(self) -> None:
        """Read the devices again unless that was just done. Raises what the database raises while it is away."""
        with self._guard:
            if monotonic() - self._read_at < _FRESH:
                return
            with self._database.read() as work:
                self._devices = {device.ae_title: device for device in reception.known_devices(work)}
            self._read_at = monotonic()

    def of(self, ae_title: str) -> ReadingRules:
        """The rules for the objects of that device, as last read."""
        device = self._devices.get(ae_title)
        if device is None:
            return ReadingRules(self._zone)
        always = device.charset_rule == CharsetRule.ALWAYS
        return ReadingRules(self._zone, device.charset, CharsetRule.ALWAYS if always else CharsetRule.UNDECLARED)
