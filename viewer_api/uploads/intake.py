"""The way in for objects that come over HTTP: one door for this process, and a device for whoever brings them."""

import threading
from dataclasses import dataclass
from pathlib import Path

from anyio import CapacityLimiter

from storage.audit import AuditEntry, record
from storage.db.models import Device, Institution
from storage.db.queries import people
from storage.db.session import Database
from storage.domain.clock import Clock
from storage.domain.devices import DeviceKind
from storage.domain.errors import Forbidden, Invalid
from storage.domain.reading import Role
from storage.ingest.door import Door, open_door
from storage.settings import Settings
from viewer_api.auth.service import Caller

_BODIES_AT_ONCE = 32
DOOR = "web"


class HttpIntake:
    """The door, opened when it is first needed: an API that takes nothing in needs no disk."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._door: Door | None = None
        self._guard = threading.Lock()
        self.bodies = CapacityLimiter(_BODIES_AT_ONCE)
        """Threads for bodies of any size, so that slow senders leave the others to everybody else."""

    @property
    def clock(self) -> Clock:
        return self._clock

    def door(self) -> Door:
        """Raises `ConfigurationError` or `OSError` when there is no place for a spool."""
        with self._guard:
            if self._door is None:
                self._door = open_door(self._settings, DOOR, self._clock)
            return self._door

    def workspace(self) -> Path:
        """A folder on the disk of the spool, for files without a name."""
        return self.door().spool.folder / "incoming"

    def close(self) -> None:
        with self._guard:
            if self._door is not None:
                self._door.close()
                self._door = None


@dataclass(frozen=True)
class Origin:
    """Who brings something: the device that stands for the door at the institution whose patients these are."""

    institution: Institution
    device: Device


def origin_of(database: Database, caller: Caller, institution: str, action: str) -> Origin:
    """The origin of what `caller` brings, noted in the audit log as `action` before anything is taken.

    A clinic brings what is its own; the county's people say whose it is. Raises `Invalid`, `Forbidden` and `NotFound`.
    """
    with database.write() as work:
        own = work.session.get_one(Institution, caller.user.institution_id)
        if caller.role == Role.CLINIC:
            if institution not in ("", own.code):
                raise Forbidden("A clinic may only bring what is its own.")
            chosen = own
        elif not institution:
            raise Invalid("Say whose images these are: ?institution=CODE.")
        else:
            chosen = people.institution_by_code(work, institution)
        device = people.ensure_door_device(work, chosen, DeviceKind.UPLOAD)
        detail = {"institution": chosen.code}
        record(work.session, AuditEntry(work.now, f"user:{caller.user.id}", action, f"device:{device.id}", detail))
        return Origin(chosen, device)
