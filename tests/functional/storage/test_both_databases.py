"""What must hold on SQLite and on PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.db.migrate import require_current, upgrade
from storage.db.models import Base
from storage.db.session import Database


def test_the_migrations_make_the_tables_that_the_models_say(database: Database) -> None:
    require_current(database.engine)
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [difference for difference in differences if "alembic_version" not in str(difference)] == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    upgrade(database.engine)
    require_current(database.engine)


def test_many_writers_keep_one_audit_chain(database: Database) -> None:
    def write(number: int) -> None:
        with database.write() as work:
            audit.record(work.session, audit.AuditEntry(work.now, "li", "view", f"study:{number}", {}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    with database.read() as work:
        assert audit.verify(work.session) == []
        assert work.session.execute(text("SELECT count(*) FROM audit_event")).scalar_one() == 80


@pytest.mark.parametrize("table", ["audit_event"])
def test_append_only_tables_refuse_changes(database: Database, table: str) -> None:
    with database.write() as work:
        audit.record(work.session, audit.AuditEntry(work.now, "li", "view", "study:1", {}))
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET actor = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
            connection.execute(text(statement))
