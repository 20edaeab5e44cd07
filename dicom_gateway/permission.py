"""What an admitted device may store: which SOP classes, and how much a day."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol

from dicom_gateway.presentation import is_known_storage, is_storage
from dicom_gateway.status import StoreStatus
from storage.db.queries import devices
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database
from storage.domain.clock import Clock

_log = logging.getLogger(__name__)

_ANEW = timedelta(seconds=60)
"""How often the day's count is read from the database again, where other processes count too."""


class Permission(Protocol):
    """Asked once for each object."""

    def refusal(self, sop_class_uid: str) -> StoreStatus | None:
        """What an object of this class is refused with now; None when it may come."""

    def count(self, size: int) -> None:
        """An object of so many bytes has been kept."""


def may_store(device: KnownDevice, sop_class_uid: str) -> bool:
    """Whether the device's rules let it store this class; private and new classes count as unknown ones."""
    if not is_storage(sop_class_uid):
        return False
    if not is_known_storage(sop_class_uid) and device.unknown_sop_classes:
        return True
    return sop_class_uid in device.sop_classes if device.sop_classes else is_known_storage(sop_class_uid)


class AnyStorage:
    """No rules but that it is a storage class."""

    def refusal(self, sop_class_uid: str) -> StoreStatus | None:
        return None if is_storage(sop_class_uid) else StoreStatus.SOP_CLASS_NOT_SUPPORTED

    def count(self, size: int) -> None:
        """Nothing is counted."""


class DevicePermission:
    """The rules of one device as they are now: `device` is asked for every object."""

    def __init__(self, device: Callable[[], KnownDevice | None], quotas: "DailyQuotas | None") -> None:
        self._device = device
        self._quotas = quotas

    def refusal(self, sop_class_uid: str) -> StoreStatus | None:
        device = self._device()
        if device is None or not may_store(device, sop_class_uid):
            return StoreStatus.SOP_CLASS_NOT_SUPPORTED
        used_up = self._quotas is not None and self._quotas.is_used_up(device)
        return StoreStatus.QUOTA_EXCEEDED if used_up else None

    def count(self, size: int) -> None:
        device = self._device()
        if device is not None and self._quotas is not None:
            self._quotas.count(device, size)


@dataclass
class _Day:
    """What a device has sent on `day`: by all doors and processes, and by this process."""

    day: date
    read_at: datetime
    objects: int = 0
    bytes: int = 0
    own_objects: int = 0
    own_bytes: int = 0
    has_been_told: bool = False


class DailyQuotas:
    """Counts in memory from midnight of the county, on top of what the catalogue has of the day. Thread-safe.

    With the database away it goes on from what it knows. Objects that other processes take are seen a minute late.
    """

    def __init__(self, database: Database, clock: Clock, zone: tzinfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._days: dict[int, _Day] = {}
        self._guard = threading.Lock()

    def is_used_up(self, device: KnownDevice) -> bool:
        """Whether the next object is one too many; devices without a quota cost nothing."""
        if device.daily_objects is None and device.daily_bytes is None:
            return False
        with self._guard:
            day = self._today(device)
            used_up = _reaches(day.objects, device.daily_objects) or _reaches(day.bytes, device.daily_bytes)
            if used_up and not day.has_been_told:
                day.has_been_told = True
                _log.warning(
                    "The daily quota of %s is used up; its objects are refused until midnight.", device.ae_title
                )
            return used_up

    def count(self, device: KnownDevice, size: int) -> None:
        """An object of so many bytes was kept."""
        if device.daily_objects is None and device.daily_bytes is None:
            return
        with self._guard:
            day = self._today(device)
            day.objects += 1
            day.own_objects += 1
            day.bytes += size
            day.own_bytes += size

    def _today(self, device: KnownDevice) -> _Day:
        now = self._clock.now()
        today = now.astimezone(self._zone).date()
        day = self._days.get(device.id)
        if day is None or day.day != today:
            day = self._days[device.id] = _Day(today, now - 2 * _ANEW)
        if now - day.read_at > _ANEW:
            day.read_at = now
            self._read(device, day)
        return day

    def _read(self, device: KnownDevice, day: _Day) -> None:
        since = datetime.combine(day.day, time(), self._zone)
        try:
            with self._database.read() as work:
                objects, size = devices.catalogued_since(work, device.id, since)
        except Exception:  # noqa: BLE001 - however the database is away, the count goes on from what is known
            return
        day.objects, day.bytes = max(objects, day.own_objects), max(size, day.own_bytes)


def _reaches(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit
