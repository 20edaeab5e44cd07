"""The station's memory beside its spool: in which order to send, what the server has confirmed, what it was told.

The spool is the truth about what waits; the journal can be lost and is then made anew from it. It outlives the objects
by a month, because an association's list of objects and the day's count are asked for after they have gone.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage.domain.clock import Clock
from storage.edge.parcels import record_from_json, record_to_json
from storage.ingest.associations import AssociationRecord

_KEPT = timedelta(days=30)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    name TEXT PRIMARY KEY, association TEXT NOT NULL, ae_title TEXT NOT NULL, sop TEXT NOT NULL, study TEXT NOT NULL,
    series TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, received REAL NOT NULL,
    is_urgent INTEGER NOT NULL, is_preview INTEGER NOT NULL DEFAULT 0, is_plain INTEGER NOT NULL DEFAULT 0, sent REAL
) STRICT;
CREATE INDEX IF NOT EXISTS object_waiting ON object (study, series, number) WHERE sent IS NULL;
CREATE INDEX IF NOT EXISTS object_association ON object (association);
CREATE INDEX IF NOT EXISTS object_sent ON object (sent) WHERE sent IS NOT NULL;
CREATE TABLE IF NOT EXISTS study (
    uid TEXT PRIMARY KEY, first REAL NOT NULL, size INTEGER NOT NULL, is_urgent INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS association (
    key TEXT PRIMARY KEY, record TEXT NOT NULL, started REAL NOT NULL, is_over INTEGER NOT NULL,
    is_announced INTEGER NOT NULL DEFAULT 0, is_closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS association_open ON association (key) WHERE is_closed = 0;
CREATE TABLE IF NOT EXISTS parcel (id TEXT PRIMARY KEY, size INTEGER NOT NULL, rank INTEGER NOT NULL, names TEXT NOT NULL)
STRICT;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

BYTES_PER_SECOND = 125_000
"""Of the thin line (1 Mbit/s) by which the order of studies is reckoned."""

URGENT, PREVIEW, REST = 0, 1, 2
"""Ranks: every ECG and every STAT or HIGH study; the middle image of each series; everything else."""


@dataclass(frozen=True)
class NewObject:
    """What the order of sending depends on. `number` is the Instance Number, `received` seconds since 1970."""

    name: str
    association: str
    ae_title: str
    sop: str
    study: str
    series: str
    number: int
    size: int
    received: float
    is_urgent: bool


@dataclass(frozen=True)
class Waiting:
    """An object to be sent. `is_plain` when the server could not restore it from compressed frames."""

    name: str
    association: str
    ae_title: str
    size: int
    rank: int
    is_plain: bool


@dataclass(frozen=True)
class ParcelEntry:
    """A parcel that lies in the outbox with the objects of these `names`."""

    id: str
    size: int
    rank: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Announcement:
    """The objects that an association brought to one study."""

    association: str
    ae_title: str
    study: str
    objects: tuple[str, ...]


@dataclass(frozen=True)
class Backlog:
    """What waits, and what has gone. Sizes in bytes as received; `oldest` in seconds since 1970, 0 when nothing waits."""

    waiting: int
    waiting_bytes: int
    urgent: int
    oldest: float
    held: int
    sent: int
    sent_bytes: int
    sent_today: int


class Journal:
    """One SQLite file. Thread-safe; every method is one transaction."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        with self._guard:
            self._connection.close()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        with self._guard:
            return self._connection.execute(query, values).fetchall()

    def add(self, objects: Iterable[NewObject]) -> None:
        """Objects that lie in the spool; those known already stay as they are."""
        with self._change() as change:
            for one in objects:
                if change.execute(_INSERT_OBJECT, asdict(one)).rowcount:
                    change.execute(_COUNT_STUDY, asdict(one))

    def waiting(self) -> set[str]:
        """The names of all objects that wait."""
        return {row["name"] for row in self._rows("SELECT name FROM object WHERE sent IS NULL")}

    def sent(self, names: Collection[str]) -> set[str]:
        """Which of these the server has."""
        query = "SELECT name FROM object WHERE sent IS NOT NULL AND name IN (SELECT value FROM json_each(?))"
        return {row["name"] for row in self._rows(query, (json.dumps(sorted(names)),))}

    def forget(self, names: Collection[str]) -> None:
        """Objects whose files have gone without having been sent."""
        with self._change() as change:
            change.executemany("DELETE FROM object WHERE name = ? AND sent IS NULL", [(name,) for name in names])

    def note_association(self, record: AssociationRecord) -> None:
        """Keep an association; when it is over, choose the previews of the series that it brought."""
        values = (record.key, json.dumps(record_to_json(record)), record.started_at.timestamp(), bool(record.ended_at))
        with self._change() as change:
            change.execute(_KEEP_ASSOCIATION, values)
            if record.ended_at is not None:
                change.execute(_CHOOSE_PREVIEWS, {"key": record.key})

    def next_objects(self, limit: int, held_titles: Collection[str], taken: Collection[str]) -> list[Waiting]:
        """What to send next, first things first; not what is `taken`, nor what came from `held_titles`."""
        values = {"titles": json.dumps(sorted(held_titles)), "taken": json.dumps(sorted(taken)), "limit": limit}
        return [
            Waiting(row["name"], row["association"], row["ae_title"], row["size"], row["rank"], bool(row["is_plain"]))
            for row in self._rows(_NEXT, {**values, "rate": BYTES_PER_SECOND})
        ]

    def waiting_titles(self) -> dict[str, str]:
        """The calling AE titles of what waits, with the address that each called from last."""
        rows = self._rows(_WAITING_TITLES)
        return {row["ae_title"]: row["address"] or "" for row in rows}

    def send_plain(self, names: Collection[str]) -> None:
        """Compressed frames of these did not come out right at the other end."""
        with self._change() as change:
            change.executemany("UPDATE object SET is_plain = 1 WHERE name = ?", [(name,) for name in names])

    def confirm(self, names: Collection[str]) -> None:
        """The server has these, durably."""
        now = self._clock.now().timestamp()
        with self._change() as change:
            change.executemany("UPDATE object SET sent = ? WHERE name = ?", [(now, name) for name in names])

    def associations(self, keys: Collection[str]) -> list[AssociationRecord]:
        """As the server is to know them while objects are under way: not over."""
        rows = self._rows(
            "SELECT record FROM association WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(sorted(keys)),)
        )
        return [record_from_json({**json.loads(row["record"]), "ended_at": None}) for row in rows]

    def announcements(self, limit: int, held_titles: Collection[str]) -> dict[str, list[Announcement]]:
        """What associations that are over brought, and the server has not been told: whole associations, by key.

        Stops after about `limit` objects. Those of `held_titles` are left out.
        """
        found: dict[str, list[Announcement]] = {}
        count = 0
        for row in self._rows(_UNANNOUNCED, (json.dumps(sorted(held_titles)),)):
            if count >= limit:
                break
            brought = self._rows("SELECT ae_title, study, sop FROM object WHERE association = ?", (row["key"],))
            count += len(brought)
            found[row["key"]] = _by_study(row["key"], brought)
        return found

    def announced(self, keys: Collection[str]) -> None:
        """The server knows the lists of these associations."""
        with self._change() as change:
            change.executemany("UPDATE association SET is_announced = 1 WHERE key = ?", [(key,) for key in keys])

    def finished_associations(self, limit: int) -> list[AssociationRecord]:
        """Those that are over, announced, and all of whose objects the server has; it is to end them."""
        return [record_from_json(json.loads(row["record"])) for row in self._rows(_FINISHED, (limit,))]

    def closed(self, keys: Collection[str]) -> None:
        """The server has ended these."""
        with self._change() as change:
            change.executemany("UPDATE association SET is_closed = 1 WHERE key = ?", [(key,) for key in keys])

    def keep_parcel(self, parcel: ParcelEntry) -> None:
        values = (parcel.id, parcel.size, parcel.rank, json.dumps(parcel.names))
        with self._change() as change:
            change.execute("INSERT OR REPLACE INTO parcel VALUES (?, ?, ?, ?)", values)

    def drop_parcel(self, parcel_id: str) -> None:
        with self._change() as change:
            change.execute("DELETE FROM parcel WHERE id = ?", (parcel_id,))

    def parcels(self) -> list[ParcelEntry]:
        rows = self._rows("SELECT * FROM parcel ORDER BY rank, rowid")
        return [ParcelEntry(row["id"], row["size"], row["rank"], tuple(json.loads(row["names"]))) for row in rows]

    def note(self, name: str, value: Any) -> None:
        """Keep anything that JSON can hold, for the status page and the next start."""
        with self._change() as change:
            change.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, json.dumps(value)))

    def noted(self, name: str) -> Any:
        """What was kept under that name; None when nothing was."""
        rows = self._rows("SELECT value FROM note WHERE name = ?", (name,))
        return json.loads(rows[0]["value"]) if rows else None

    def backlog(self, held_titles: Collection[str], midnight: datetime) -> Backlog:
        """What waits, what is held back because the server does not know its device, and what has gone since `midnight`."""
        values = {"titles": json.dumps(sorted(held_titles)), "midnight": midnight.timestamp()}
        (row,) = self._rows(_BACKLOG, values)
        return Backlog(**{name: row[name] or 0 for name in Backlog.__dataclass_fields__})

    def prune(self) -> None:
        """Forget what was sent more than a month ago."""
        before = (self._clock.now() - _KEPT).timestamp()
        with self._change() as change:
            change.execute("DELETE FROM object WHERE sent < ?", (before,))
            change.execute("DELETE FROM study WHERE uid NOT IN (SELECT study FROM object)")
            change.execute("DELETE FROM association WHERE is_closed AND started < ?", (before,))


def _by_study(key: str, brought: Iterable[sqlite3.Row]) -> list[Announcement]:
    lists: dict[tuple[str, str], list[str]] = {}
    for row in brought:
        lists.setdefault((row["ae_title"], row["study"]), []).append(row["sop"])
    return [Announcement(key, title, study, tuple(sops)) for (title, study), sops in lists.items() if study]


_UNANNOUNCED = """
SELECT key FROM association WHERE is_over AND NOT is_announced
    AND json_extract(record, '$.ae_title') NOT IN (SELECT value FROM json_each(?)) ORDER BY started
"""
_INSERT_OBJECT = """
INSERT INTO object (name, association, ae_title, sop, study, series, number, size, received, is_urgent)
VALUES (:name, :association, :ae_title, :sop, :study, :series, :number, :size, :received, :is_urgent)
ON CONFLICT DO NOTHING
"""
_COUNT_STUDY = """
INSERT INTO study (uid, first, size, is_urgent) VALUES (:study, :received, :size, :is_urgent)
ON CONFLICT DO UPDATE SET size = size + excluded.size, is_urgent = is_urgent OR excluded.is_urgent
"""
_KEEP_ASSOCIATION = """
INSERT INTO association (key, record, started, is_over) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET record = excluded.record, is_over = excluded.is_over WHERE NOT association.is_over
"""
_CHOOSE_PREVIEWS = """
UPDATE object SET is_preview = 1 WHERE sent IS NULL AND name IN (
    SELECT name FROM (
        SELECT name, row_number() OVER by_number AS place, count(*) OVER (PARTITION BY study, series) AS objects
        FROM object WHERE series IN (SELECT series FROM object WHERE association = :key)
        WINDOW by_number AS (PARTITION BY study, series ORDER BY number, received, name)
    ) WHERE place = objects / 2 + 1 AND objects > 1
)
"""
_NEXT = """
SELECT object.name, association, ae_title, object.size, is_plain,
    CASE WHEN study.is_urgent THEN 0 WHEN is_preview THEN 1 ELSE 2 END AS rank
FROM object JOIN study ON study.uid = object.study
WHERE sent IS NULL AND ae_title NOT IN (SELECT value FROM json_each(:titles))
    AND object.name NOT IN (SELECT value FROM json_each(:taken))
ORDER BY rank, study.first + CAST(study.size AS REAL) / :rate, study.uid, is_preview DESC, series, number, received,
    object.name
LIMIT :limit
"""
_WAITING_TITLES = """
SELECT ae_title, (SELECT json_extract(record, '$.address') FROM association
    WHERE json_extract(record, '$.ae_title') = object.ae_title ORDER BY started DESC LIMIT 1) AS address
FROM object WHERE sent IS NULL GROUP BY ae_title
"""
_FINISHED = """
SELECT record FROM association WHERE is_over AND is_announced AND NOT is_closed
    AND NOT EXISTS (SELECT 1 FROM object WHERE object.association = association.key AND sent IS NULL)
ORDER BY started LIMIT ?
"""
_BACKLOG = """
SELECT count(*) FILTER (WHERE sent IS NULL) AS waiting,
    sum(object.size) FILTER (WHERE sent IS NULL) AS waiting_bytes,
    count(*) FILTER (WHERE sent IS NULL AND study.is_urgent) AS urgent,
    min(received) FILTER (WHERE sent IS NULL) AS oldest,
    count(*) FILTER (WHERE sent IS NULL AND ae_title IN (SELECT value FROM json_each(:titles))) AS held,
    count(*) FILTER (WHERE sent IS NOT NULL) AS sent,
    sum(object.size) FILTER (WHERE sent IS NOT NULL) AS sent_bytes,
    count(*) FILTER (WHERE sent >= :midnight) AS sent_today
FROM object LEFT JOIN study ON study.uid = object.study
"""
