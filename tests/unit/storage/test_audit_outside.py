import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from storage import audit
from storage.audit_anchors import Anchors
from storage.audit_archive import archive_before, archive_faults
from storage.audit_export import as_csv, as_jsonl, check_export
from storage.db.models import AuditEvent
from storage.db.session import Database
from storage.domain.clock import ManualClock

pytestmark = pytest.mark.thorough


_NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(_NOW)


@pytest.fixture
def database(sqlite_database: Database, clock: ManualClock) -> Database:
    return Database(sqlite_database.engine, clock)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(tmp_path / "anchors", b"a key")


def _do(database: Database, times: int = 3) -> None:
    for number in range(times):
        with database.write() as work:
            audit.record(work.session, audit.AuditEntry(work.now, "user:1", "read", f"study:{number}", {"名": 'a,"b'}))


def _anchor(database: Database, anchors: Anchors) -> None:
    with database.read() as work:
        anchors.take(work.session, work.now)


def _faults(database: Database, anchors: Anchors) -> list[str]:
    with database.read() as work:
        return [*audit.verify(work.session), *anchors.faults(work.session)]


def _tamper(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for trigger in ("audit_event_no_update", "audit_event_no_delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for statement in statements:
            connection.execute(text(statement))


def _rewrite(database: Database, last: int) -> None:
    """Cut the chain after `last` and set its head there, as somebody would who may write everything."""
    with database.read() as work:
        kept = work.session.execute(select(AuditEvent.sha256).where(AuditEvent.seq == last)).scalar_one()
    _tamper(
        database,
        f"DELETE FROM audit_event WHERE seq > {last}",
        f"UPDATE audit_head SET seq = {last}, sha256 = '{kept}'",
    )


def test_an_anchored_chain_is_whole(database: Database, anchors: Anchors) -> None:
    _anchor(database, anchors)
    _do(database)
    _anchor(database, anchors)
    _do(database)
    assert _faults(database, anchors) == []
    assert [anchor.seq for anchor in anchors.all()] == [0, 3]


def test_an_end_that_was_cut_off_with_its_head_is_found_by_the_anchor_alone(
    database: Database, anchors: Anchors
) -> None:
    _do(database)
    _anchor(database, anchors)
    _rewrite(database, 2)
    with database.read() as work:
        assert audit.verify(work.session) == []
    (fault,) = _faults(database, anchors)
    assert "lost link 3" in fault


def test_other_words_under_an_anchored_number_are_found(database: Database, anchors: Anchors) -> None:
    _do(database)
    _anchor(database, anchors)
    _rewrite(database, 1)
    with database.write() as work:
        for action in ("x", "y"):
            audit.record(work.session, audit.AuditEntry(work.now, "wang", action, "study:9", {}))
    assert any("written anew" in fault for fault in _faults(database, anchors))


@pytest.mark.parametrize("change", ["drop", "edit", "other key"])
def test_anchors_that_were_touched_are_found(database: Database, anchors: Anchors, change: str) -> None:
    for _ in range(3):
        _do(database, 1)
        _anchor(database, anchors)
    lines = anchors.file.read_text().splitlines()
    if change == "drop":
        del lines[1]
    if change == "edit":
        lines[1] = json.dumps({**json.loads(lines[1]), "seq": 1})
    anchors.file.write_text("\n".join(lines) + "\n")
    kept = Anchors(anchors.folder, b"another key") if change == "other key" else anchors
    assert any("was changed, or one before it is missing" in fault for fault in _faults(database, kept))


@pytest.mark.parametrize("suffix, written", [(".jsonl", as_jsonl), (".csv", as_csv)])
def test_an_export_is_checked_without_the_database(database: Database, tmp_path: Path, suffix, written) -> None:
    _do(database, 5)
    path = tmp_path / f"audit{suffix}"
    with database.read() as work:
        events = work.session.execute(select(AuditEvent).order_by(AuditEvent.seq)).scalars().all()
    path.write_text("".join(written(events)), encoding="utf-8", newline="")
    check = check_export(path)
    assert (check.links, check.first, check.last, check.faults, check.gaps) == (5, 1, 5, [], [])
    assert check.last_sha256 == events[-1].sha256
    path.write_text("".join(written(events[:2] + events[3:])), encoding="utf-8", newline="")
    assert check_export(path).gaps == ["3 to 3"]
    changed = path.read_text(encoding="utf-8").replace("study:4", "study:9")
    path.write_text(changed, encoding="utf-8", newline="")
    assert check_export(path).faults == ["Link 5 has been changed."]


def test_old_links_go_to_a_file_and_the_chain_stays_whole(
    database: Database, anchors: Anchors, clock: ManualClock, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    _do(database, 3)
    _anchor(database, anchors)
    clock.advance(days=400)
    _do(database, 2)
    for expected in (3, None):
        with database.write() as work:
            row = archive_before(work, work.now - timedelta(days=365), folder)
        assert (row and row.last_seq) == expected
    clock.advance(days=400)
    with database.write() as work:
        archive_before(work, work.now - timedelta(days=365), folder)
    _do(database, 1)
    with database.read() as work:
        assert list(archive_faults(work, folder)) == []
        assert work.session.execute(select(AuditEvent.seq)).scalars().all() == [6]
    assert _faults(database, anchors) == []
    first, second = sorted(folder.iterdir())
    first.write_text(first.read_text().replace("study:1", "study:8"))
    second.unlink()
    with database.read() as work:
        assert [fault.rsplit(" ", 2)[1:] for fault in archive_faults(work, folder)] == [
            ["been", "changed."],
            ["is", "missing."],
        ]


def test_nothing_leaves_the_table_unless_it_is_in_a_file(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    _do(database)
    with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_event WHERE seq = 1"))


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    from tests.functional.api.township import settings_in

    settings = settings_in(tmp_path)
    Anchors.of(settings)
    key = tmp_path / "keys" / "audit.key"
    made = key.read_text()
    Anchors.of(settings)
    assert key.read_text() == made
    assert key.stat().st_mode & 0o077 == 0
