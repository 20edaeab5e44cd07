"""The audit trail of looking: who opened what of which patient, and who was turned away."""

import threading
from typing import Any

from storage.audit import AuditEntry, record
from storage.db.queries.studies import id_of_study
from storage.db.session import UnitOfWork
from storage.domain.clock import monotonic
from viewer_api.auth.admission import Asked
from viewer_api.auth.caller import Caller
from viewer_api.grouped_writes import GroupedWrites
from viewer_api.permissions import PATIENT_READS

_ONCE_PER_SECONDS = 300.0
_LISTS_ONCE_PER_SECONDS = 3600.0
_MAX_KNOWN = 50_000
_SUBJECTS = {
    "task_id": "task",
    "report_id": "report",
    "patient_id": "patient",
    "order_id": "order",
    "critical_id": "critical",
    "case_id": "green_channel",
    "consultation_id": "consultation",
}


class OpenedStudies:
    """Records that a caller opened something: once in a few minutes, not for every frame. Lists, once an hour."""

    def __init__(self, writes: GroupedWrites) -> None:
        self._writes = writes
        self._known: dict[tuple[str, str, str], float] = {}
        self._lock = threading.Lock()

    def note(self, caller: Caller, action: str, subject: str) -> None:
        """Put it on the audit chain, unless the same is there from a moment ago.

        `subject` is a kind and a row id, as "study:17". A record that cannot be written stops the reading: what is not
        on record must not be seen.
        """
        self._once(caller.known_as, action, subject, _ONCE_PER_SECONDS)

    def looked(self, caller: Caller, asked: Asked) -> None:
        """Note a look at patients' data through this route."""
        if asked.route not in PATIENT_READS:
            return
        if asked.study is not None:
            self._once(caller.known_as, "read", f"study_uid:{asked.study}", _ONCE_PER_SECONDS, route=asked.route)
            return
        subject = next((f"{kind}:{asked.params[name]}" for name, kind in _SUBJECTS.items() if name in asked.params), "")
        seconds = _ONCE_PER_SECONDS if subject else _LISTS_ONCE_PER_SECONDS
        self._once(caller.known_as, "read", subject or f"list:{asked.route}", seconds, route=asked.route)

    def refused(self, asked: Asked) -> None:
        """Note that somebody was turned away, by where he came from: his token may be nobody's."""
        who = f"address:{asked.visitor.address}"
        self._once(who, "refused", asked.route, _ONCE_PER_SECONDS, route=asked.route, outcome="refused")

    def _once(self, actor: str, action: str, subject: str, seconds: float, **detail: Any) -> None:
        key = (actor, action, subject)
        with self._lock:
            if monotonic() - self._known.get(key, -seconds) < seconds:
                return

        def write(work: UnitOfWork) -> None:
            kept = subject
            if subject.startswith("study_uid:"):
                uid = subject.removeprefix("study_uid:")
                study_id = id_of_study(work, uid)
                kept = f"study:{study_id}" if study_id is not None else "study:unknown"
            record(work.session, AuditEntry(work.now, actor, action, kept, detail))

        self._writes.write(write)
        with self._lock:
            self._known[key] = monotonic()
            while len(self._known) > _MAX_KNOWN:
                self._known.pop(next(iter(self._known)))
