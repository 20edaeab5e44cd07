from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from storage.db.migrate import require_current
from storage.db.models import Institution, Patient
from storage.db.session import Database, Hint, Scope, make_engine
from storage.domain.clock import ManualClock
from storage.domain.errors import ConfigurationError


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def _two_clinics(database: Database) -> None:
    with database.write() as work:
        for number in (1, 2):
            work.session.add(Institution(id=number, code=f"t{number}", name="", kind="clinic"))
            work.session.flush()
            work.session.add(Patient(id=number, institution_id=number, patient_id="1", name="", sex="", birth_date=""))


def test_a_scope_hides_the_rows_of_others_by_every_way_to_ask(database: Database) -> None:
    _two_clinics(database)
    with database.read(Scope(2)) as work:
        assert [row.id for row in work.session.execute(select(Patient)).scalars()] == [2]
        assert work.session.get(Patient, 1) is None
        assert work.session.execute(select(func.count()).select_from(Patient)).scalar_one() == 1
        assert work.session.execute(select(Patient.id).join(Institution)).scalars().all() == [2]
    with database.write(Scope(2)) as work:
        work.session.execute(update(Patient).values(name="changed"))
    with database.read() as work:
        assert work.session.get_one(Patient, 1).name == ""


def test_scopes_do_not_leak_into_each_other(database: Database) -> None:
    _two_clinics(database)
    for wanted in (1, 2, 1):
        with database.read(Scope(wanted)) as work:
            assert [row.id for row in work.session.execute(select(Patient)).scalars()] == [wanted]


def test_hints_leave_after_the_commit_and_never_after_a_rollback(database: Database) -> None:
    published: list[Hint] = []
    hinting = Database(database.engine, publish=published.append)
    with hinting.write() as work:
        work.after_commit(Hint("make", (1,)))
        work.after_commit(Hint("make", (1,)))
        assert published == []
    assert published == [Hint("make", (1,))]

    def fail() -> None:
        with hinting.write() as work:
            work.after_commit(Hint("make", (2,)))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert len(published) == 1


def test_the_clock_of_a_transaction_is_the_given_one(database: Database) -> None:
    noon = datetime(2026, 1, 5, 4, tzinfo=UTC)
    with Database(database.engine, ManualClock(noon)).write() as work:
        assert work.now == noon


def test_a_database_without_schema_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="countyread migrate"):
        require_current(make_engine(f"sqlite:///{tmp_path}/empty.sqlite"))
