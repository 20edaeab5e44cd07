"""Keeps the journal in step with the spool: what has come, which associations are over."""

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from datetime import tzinfo

from dicom_gateway.edge.journal import Journal, NewObject
from storage.domain.clock import monotonic
from storage.domain.errors import UnreadableObject
from storage.domain.reading import Priority
from storage.ingest.bell import BellListener
from storage.ingest.header import ObjectHeader, ReadingRules, read_header
from storage.ingest.part10 import FileMeta, read_start
from storage.ingest.spool import SpoolFolder
from storage.ingest.spool_entry import SpoolEntry

_log = logging.getLogger(__name__)

_LISTEN = 0.25
_LOOK_AROUND = 30.0
_BATCH = 100
_URGENT = (Priority.P0, Priority.P1)


class Indexer:
    """One thread. `on_change` is called after something has come; with True when an association has ended."""

    def __init__(self, spool: SpoolFolder, journal: Journal, zone: tzinfo, on_change: Callable[[bool], None]) -> None:
        self._spool = spool
        self._journal = journal
        self._rules = ReadingRules(zone)
        self._on_change = on_change
        self._listener = BellListener(spool.folder.parent)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)

    def start(self) -> None:
        """Begin with what a former life left; that is in the journal when this returns."""
        self.look_around()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._listener.close()

    def look_around(self) -> None:
        """Find objects and ended associations that no ring told of, and files that a crash kept from being removed."""
        over = [record.key for record in self._spool.associations.all() if record.ended_at is not None]
        entries = {entry.name: entry for entry in self._spool.entries()}
        sent, waiting = self._journal.sent(entries), self._journal.waiting()
        for name in sent:
            self._spool.remove(entries[name])
        self._add(entries[name] for name in sorted(entries.keys() - sent - waiting))
        gone = [name for name in waiting - entries.keys() if not self._is_there(name)]
        if gone:
            _log.error("%d objects that waited have gone from the spool; somebody removed their files.", len(gone))
            self._journal.forget(gone)
        self._end(over)

    def _is_there(self, name: str) -> bool:
        entry = SpoolEntry.parse(name)
        return entry is not None and self._spool.holds(entry)

    def _run(self) -> None:
        look_at = monotonic() + _LOOK_AROUND
        while not self._stopping.is_set():
            try:
                self._hear(self._listener.wait(_LISTEN))
                if self._listener.was_lost or monotonic() >= look_at:
                    self._listener.was_lost, look_at = False, monotonic() + _LOOK_AROUND
                    self.look_around()
            except Exception as error:  # noqa: BLE001 - the spool keeps everything, and the next look finds it
                _log.error("The journal is behind the spool (%s); it will be tried again.", type(error).__name__)
                self._listener.was_lost = True
                self._stopping.wait(1.0)

    def _hear(self, words: Collection[str]) -> None:
        """`DOOR/NAME` is an object, `DOOR/@KEY` an association that has ended; the objects come first."""
        names = [word.partition("/")[2] for word in words]
        entries = [entry for name in names if (entry := SpoolEntry.parse(name)) is not None]
        self._add(entry for entry in entries if self._spool.holds(entry))
        self._end(name[1:] for name in names if name.startswith("@"))
        if names:
            self._on_change(any(name.startswith("@") for name in names))

    def _add(self, entries: Iterable[SpoolEntry]) -> None:
        batch: list[NewObject] = []
        for entry in entries:
            batch.append(self._described(entry))
            if len(batch) == _BATCH:
                self._keep(batch)
                batch = []
        self._keep(batch)

    def _keep(self, batch: list[NewObject]) -> None:
        if not batch:
            return
        for key in {one.association for one in batch}:
            record = self._spool.associations.read(key)
            if record is not None and record.ended_at is None:
                self._journal.note_association(record)
        self._journal.add(batch)

    def _end(self, keys: Iterable[str]) -> None:
        for key in keys:
            record = self._spool.associations.read(key)
            if record is not None:
                self._journal.note_association(record)
                self._spool.associations.remove(key)

    def _described(self, entry: SpoolEntry) -> NewObject:
        path = self._spool.path(entry)
        with path.open("rb") as stream:
            meta = read_start(stream)
            try:
                header = read_header(stream, meta.transfer_syntax_uid, entry.received_at, self._rules)
            except UnreadableObject:
                header = None
        return _new_object(entry, meta, header, path.stat().st_size)


def _new_object(entry: SpoolEntry, meta: FileMeta, header: ObjectHeader | None, size: int) -> NewObject:
    """An object whose header nobody understands goes with the rest; the server decides what becomes of it."""
    return NewObject(
        name=entry.name,
        association=entry.association_key,
        ae_title=meta.source_ae_title,
        sop=meta.sop_instance_uid,
        study=header.identifiers.study_instance_uid if header else "",
        series=header.identifiers.series_instance_uid if header else "",
        number=(header.instance_number or 0) if header else 0,
        size=size,
        received=entry.received_ns / 1e9,
        is_urgent=header is not None and header.priority in _URGENT,
    )
