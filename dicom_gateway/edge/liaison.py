"""What the station and the server tell each other beside objects: the backlog, who calls, what an association brought."""

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime, tzinfo
from importlib.metadata import version
from typing import Any

from dicom_gateway.edge.journal import Backlog, Journal
from dicom_gateway.edge.line import Line, LineDown, LineState, Refused
from storage.domain.clock import Clock
from storage.edge.parcels import record_to_json
from storage.ingest.spool import Spool

_log = logging.getLogger(__name__)

_EVERY = 15.0
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0
_PRUNE_EVERY = 240
_OBJECTS, _ASSOCIATIONS, _CALLERS = 4000, 100, 100
"""At most in one report, which has to stay below a megabyte."""

LINE, TITLES = "line", "titles"
"""Names of notes in the journal."""


class LineNotes:
    """The state of the line, kept in the journal for the status page. Thread-safe."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._guard = threading.Lock()
        self._state = LineState.STARTING
        self._since = clock.now()
        self._contact = ""
        self._write()

    def note(self, state: LineState, *, contact: bool = False) -> None:
        """The line is in that state; `contact` when the server has just answered a report."""
        with self._guard:
            if state != self._state:
                _log.info("The line is %s now.", state)
                self._state, self._since = state, self._clock.now()
            elif not contact:
                return
            if contact:
                self._contact = self._clock.now().isoformat()
            self._write()

    def _write(self) -> None:
        self._journal.note(
            LINE, {"state": self._state, "since": self._since.isoformat(), "last_contact": self._contact}
        )


class Liaison:
    """One thread, which reports every 15 s and when woken. `on_news` is called after the server has answered."""

    def __init__(
        self, spool: Spool, journal: Journal, line: Line, notes: LineNotes, clock: Clock, zone: tzinfo
    ) -> None:
        self._spool = spool
        self._journal = journal
        self._line = line
        self._notes = notes
        self._clock = clock
        self._zone = zone
        told = journal.noted(TITLES)
        self._titles: frozenset[str] | None = None if told is None else frozenset(told)
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="liaison", daemon=True)
        self.on_news: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.wake()
        self._thread.join()

    def wake(self) -> None:
        """There is something to tell."""
        self._woken.set()

    def held_titles(self) -> Collection[str] | None:
        """Calling AE titles of what waits that the server does not know; None while it has not been asked."""
        if self._titles is None:
            return None
        return self._journal.waiting_titles().keys() - self._titles

    def _run(self) -> None:
        wait, turn = _FIRST_WAIT, 0
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                is_all = self._contact()
                wait, pause = _FIRST_WAIT, _EVERY if is_all else 0.0
            except LineDown as down:
                self._notes.note(down.state)
                pause, wait = max(wait, down.wait), min(wait * 2, _LONGEST_WAIT)
            except (Refused, OSError) as error:
                _log.error("The report to the server failed (%s).", type(error).__name__)
                self._notes.note(LineState.SERVER_FAULT)
                pause = _LONGEST_WAIT
            turn += 1
            if turn % _PRUNE_EVERY == 0:
                self._journal.prune()
            self._pause(pause)

    def _pause(self, seconds: float) -> None:
        if not self._stopping.is_set():
            self._woken.wait(seconds)

    def _contact(self) -> bool:
        """Report; False when there is more to tell at once."""
        announcements = self._journal.announcements(_OBJECTS, self.held_titles() or ())
        finished = self._journal.finished_associations(_ASSOCIATIONS)
        answer = self._line.report(
            {
                "version": version("countyread"),
                "backlog": self._backlog_report(),
                "callers": self._callers(),
                "announcements": [asdict(one) for ones in announcements.values() for one in ones],
                "finished": [record_to_json(record) for record in finished],
            }
        )
        self._titles = frozenset(answer["titles"])
        self._journal.note(TITLES, sorted(self._titles))
        refused = set(answer["refused_associations"])
        self._journal.announced(announcements.keys() - refused)
        self._journal.closed({record.key for record in finished})
        self._notes.note(LineState.ONLINE, contact=True)
        self.on_news()
        return not (announcements.keys() - refused or finished)

    def _callers(self) -> list[dict[str, str]]:
        titles = sorted(self._journal.waiting_titles().items())
        return [{"ae_title": title, "address": address} for title, address in titles[:_CALLERS]]

    def _backlog_report(self) -> dict[str, Any]:
        backlog = self.backlog()
        oldest = self._clock.now().timestamp() - backlog.oldest if backlog.oldest else 0.0
        told = asdict(backlog)
        del told["oldest"]
        return {**told, "oldest_seconds": round(max(oldest, 0.0), 1), "free_bytes": self._spool.free()}

    def backlog(self) -> Backlog:
        """What waits, and what has gone today by the county's time."""
        return self._journal.backlog(self.held_titles() or (), midnight(self._clock, self._zone))


def midnight(clock: Clock, zone: tzinfo) -> datetime:
    """When today began."""
    return clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
