"""The associations of this gateway: open ones in memory, all that brought something in the database."""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from storage.db.models import Association, Device
from storage.db.session import UnitOfWork
from storage.domain.clock import Clock
from storage.ingest.catalogue import OpenAssociation


@dataclass
class Line:
    """One association. `received` counts successes, `refused` every other answer to a C-STORE."""

    key: str
    ae_title: str
    address: str
    started_at: datetime
    ended_at: datetime | None = None
    received: int = 0
    refused: int = 0
    written: tuple[int, int] = field(default=(0, 0), repr=False)


@dataclass(frozen=True)
class Change:
    """What is new about an association; `ended_at` only when it is over for good."""

    key: str
    ae_title: str
    received: int
    refused: int
    ended_at: datetime | None


class AssociationLog:
    """Thread-safe. Rows are made by the cataloguer with the first object; `write_changes` brings them up to date."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str, Line] = {}
        self._guard = threading.Lock()

    def open(self, ae_title: str, address: str) -> Line:
        """A new association was admitted."""
        line = Line(uuid.uuid4().hex, ae_title, address, self._clock.now())
        with self._guard:
            self._lines[line.key] = line
        return line

    def close(self, line: Line) -> None:
        """It was released, aborted, or its line was cut."""
        with self._guard:
            line.ended_at = self._clock.now()

    def find_open(self, key: str) -> OpenAssociation | None:
        """The association of that key while it is in memory: rows of it are completed by `write_changes`."""
        with self._guard:
            line = self._lines.get(key)
        return OpenAssociation(line.address, line.started_at) if line is not None else None

    def keys(self) -> list[str]:
        """Of all associations in memory."""
        with self._guard:
            return sorted(self._lines)

    def count_open(self) -> int:
        with self._guard:
            return sum(line.ended_at is None for line in self._lines.values())

    def changes(self, is_catalogued: Callable[[str], bool]) -> list[Change]:
        """What the database does not know; an association ends only when all it brought is in the catalogue."""
        with self._guard:
            lines = list(self._lines.values())
        found = []
        for line in lines:
            ended_at = line.ended_at if line.ended_at is not None and is_catalogued(line.key) else None
            if ended_at is not None or line.written != (line.received, line.refused):
                found.append(Change(line.key, line.ae_title, line.received, line.refused, ended_at))
        return found

    def confirm(self, changes: Sequence[Change]) -> None:
        """After the commit: what was told is told, what is over is forgotten."""
        with self._guard:
            for change in changes:
                self._lines[change.key].written = (change.received, change.refused)
                if change.ended_at is not None:
                    del self._lines[change.key]


def write_changes(work: UnitOfWork, changes: Sequence[Change]) -> None:
    """Bring the rows up to date; associations that brought nothing have none."""
    for change in sorted(changes, key=lambda change: change.key):
        values = {"received": change.received, "refused": change.refused, "ended_at": change.ended_at}
        work.session.execute(update(Association).where(Association.key == change.key).values(values))
    titles = sorted({change.ae_title for change in changes})
    query = select(Device).where(Device.ae_title.in_(titles)).order_by(Device.ae_title).with_for_update(of=Device)
    for device in work.session.execute(query).scalars():
        device.last_seen_at = work.now


def end_lost(work: UnitOfWork, gateway: str, open_keys: Sequence[str]) -> None:
    """End the rows that a former life of this gateway left open."""
    left_open = (Association.gateway == gateway, Association.ended_at.is_(None), Association.key.not_in(open_keys))
    work.session.execute(update(Association).where(*left_open).values(ended_at=work.now))
