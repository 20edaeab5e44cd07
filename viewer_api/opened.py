"""The audit trail of looking: who opened which study."""

import threading

from storage.audit import AuditEntry, record
from storage.db.session import Database
from storage.domain.clock import monotonic
from viewer_api.auth.service import Caller

_ONCE_PER_SECONDS = 300.0
_MAX_KNOWN = 10_000


class OpenedStudies:
    """Records that a caller opened a study: once in a few minutes, not for every frame."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[int, str, str], float] = {}
        self._lock = threading.Lock()

    def note(self, caller: Caller, action: str, subject: str) -> None:
        """Put it on the audit chain, unless the same is there from a moment ago.

        `subject` is a kind and a row id, as "study:17". A record that cannot be written stops the reading: what is not
        on record must not be seen.
        """
        key = (caller.user.id, action, subject)
        with self._lock:
            if monotonic() - self._known.get(key, -_ONCE_PER_SECONDS) < _ONCE_PER_SECONDS:
                return
        with self._database.write() as work:
            record(work.session, AuditEntry(work.now, f"user:{caller.user.id}", action, subject, {}))
        with self._lock:
            self._known[key] = monotonic()
            while len(self._known) > _MAX_KNOWN:
                self._known.pop(next(iter(self._known)))
