from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import audit
from storage.db.session import Database


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    for number in range(1, 6):
        with sqlite_database.write() as work:
            audit.record(
                work.session, audit.AuditEntry(work.now, "li", "study.view", f"study:{number}", {"名": number})
            )
    return sqlite_database


def _tamper(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        for trigger in ("audit_event_no_update", "audit_event_no_delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        connection.execute(text(statement))


def _faults(database: Database) -> list[str]:
    with database.read() as work:
        return audit.verify(work.session)


def test_an_untouched_chain_is_whole(database: Database) -> None:
    assert _faults(database) == []


@pytest.mark.parametrize(
    "statement,said",
    [
        ("UPDATE audit_event SET actor = 'wang' WHERE seq = 3", "Link 3 has been changed"),
        ("DELETE FROM audit_event WHERE seq = 3", "Links 3 to 3 are missing"),
        ("DELETE FROM audit_event WHERE seq >= 4", "ends at link 3"),
        ("UPDATE audit_event SET detail = '{}' WHERE seq = 5", "Link 5 has been changed"),
    ],
)
def test_every_tampering_is_found(database: Database, statement: str, said: str) -> None:
    _tamper(database, statement)
    assert any(said in fault for fault in _faults(database))


def test_the_database_itself_refuses_to_change_a_link(database: Database) -> None:
    with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_event SET actor = 'wang' WHERE seq = 3"))


def test_a_rolled_back_action_leaves_no_link(database: Database) -> None:
    def fail() -> None:
        with database.write() as work:
            audit.record(work.session, audit.AuditEntry(datetime.now(UTC), "li", "x", "y", {}))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with database.read() as work:
        assert work.session.execute(text("SELECT count(*) FROM audit_event")).scalar_one() == 5
    assert _faults(database) == []
