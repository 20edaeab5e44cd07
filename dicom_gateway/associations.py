"""The associations of this gateway: open ones in memory, and all that brought something as records beside their objects."""

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from storage.domain.clock import Clock
from storage.ingest.associations import AssociationRecord
from storage.ingest.spool import Spool


@dataclass
class Line:
    """One association. `received` counts successes, `refused` every other answer to a C-STORE."""

    key: str
    ae_title: str
    address: str
    started_at: datetime
    received: int = 0
    refused: int = 0
    is_noted: bool = field(default=False, repr=False)


class AssociationLog:
    """Thread-safe; a line is used by one thread."""

    def __init__(self, clock: Clock, spool: Spool) -> None:
        self._clock = clock
        self._spool = spool
        self._lines: dict[str, Line] = {}
        self._seen: set[str] = set()
        self._guard = threading.Lock()

    def open(self, ae_title: str, address: str) -> Line:
        """A new association was admitted."""
        line = Line(uuid.uuid4().hex, ae_title, address, self._clock.now())
        with self._guard:
            self._lines[line.key] = line
            self._seen.add(ae_title)
        return line

    def note(self, line: Line) -> None:
        """To be called before its first object is kept: the intake asks for the record with the object."""
        if not line.is_noted:
            self._spool.note_association(_record(line))
            line.is_noted = True

    def close(self, line: Line, *, released: bool) -> None:
        """It was released, aborted, or its line was cut."""
        with self._guard:
            self._lines.pop(line.key, None)
        if line.is_noted:
            self._spool.note_association(_record(line, self._clock.now(), released=released))

    def count_open(self) -> int:
        with self._guard:
            return len(self._lines)

    def take_seen(self) -> set[str]:
        """The calling AE titles that were heard of since the last time, those of open associations included."""
        with self._guard:
            seen, self._seen = self._seen, {line.ae_title for line in self._lines.values()}
        return seen


def _record(line: Line, ended_at: datetime | None = None, *, released: bool = False) -> AssociationRecord:
    return AssociationRecord(
        line.key, line.ae_title, line.address, line.started_at, ended_at, line.received, line.refused, released
    )
