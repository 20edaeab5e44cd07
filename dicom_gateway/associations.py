"""The associations of this gateway: open ones in memory, all that brought something in the database."""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.db.queries.reception import AssociationChange
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


class AssociationLog:
    """Thread-safe. Rows are made by the cataloguer with the first object; `changes` tells what is new."""

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
        """The association of that key while it is in memory: its row is completed when it ends."""
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

    def changes(self, is_catalogued: Callable[[str], bool]) -> list[AssociationChange]:
        """What the database does not know; an association ends only when all it brought is in the catalogue."""
        with self._guard:
            lines = list(self._lines.values())
        found = []
        for line in lines:
            ended_at = line.ended_at if line.ended_at is not None and is_catalogued(line.key) else None
            if ended_at is not None or line.written != (line.received, line.refused):
                found.append(AssociationChange(line.key, line.ae_title, line.received, line.refused, ended_at))
        return found

    def confirm(self, changes: Sequence[AssociationChange]) -> None:
        """After the commit: what was told is told, what is over is forgotten."""
        with self._guard:
            for change in changes:
                self._lines[change.key].written = (change.received, change.refused)
                if change.ended_at is not None:
                    del self._lines[change.key]
