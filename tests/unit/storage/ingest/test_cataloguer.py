from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from storage.db.models import Instance, Quarantine, Study
from storage.db.session import Database
from storage.ingest.cataloguer import Cataloguer
from storage.ingest.jobs import Job
from storage.ingest.rules import DeviceRules
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import ZONE, Shelf, Switchable, make_county, rows

pytestmark = pytest.mark.thorough


PATIENCE = 20.0


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Iterator[Shelf]:
    make_county(database)
    shelf = Shelf(database, tmp_path / "spool")
    yield shelf
    shelf.spool.close()


@pytest.fixture
def store(tmp_path: Path) -> Switchable:
    return Switchable(tmp_path / "objects", adopts=False)


@pytest.fixture
def jobs() -> list[Job]:
    return []


@pytest.fixture
def cataloguer(shelf: Shelf, database: Database, store: Switchable, jobs: list[Job]) -> Iterator[Cataloguer]:
    made = Cataloguer(database, shelf.spool, shelf.around, DeviceRules(database, ZONE), store, jobs.append)
    yield made
    made.stop()


@contextmanager
def statements(database: Database, hook) -> Iterator[None]:
    """`hook(statement, parameters)` sees every statement, and may raise."""

    def before(_connection, _cursor, statement, parameters, _context, _many) -> None:
        hook(statement, parameters)

    event.listen(database.engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", before)


def test_what_a_former_life_left_is_catalogued_first(cataloguer: Cataloguer, shelf: Shelf, database, jobs) -> None:
    for _ in range(3):
        shelf.put(data_set())
    cataloguer.start()
    assert cataloguer.drain(PATIENCE)
    assert len(rows(database, Instance)) == len(jobs) == 3


def test_an_association_is_done_when_all_it_brought_is_catalogued(cataloguer: Cataloguer, shelf: Shelf) -> None:
    arrival = shelf.put(data_set(), key="one")
    cataloguer.add(arrival.entry)
    assert not cataloguer.is_done_with("one")
    assert cataloguer.is_done_with("other")
    cataloguer._thread.start()
    assert cataloguer.drain(PATIENCE)
    assert cataloguer.is_done_with("one")


def test_an_outage_delays_and_loses_nothing(cataloguer: Cataloguer, shelf: Shelf, database: Database, jobs) -> None:
    away = True

    def outage(_statement: str, _parameters: object) -> None:
        if away:
            raise OperationalError("", {}, Exception("the server closed the connection"))

    with statements(database, outage):
        for _ in range(5):
            shelf.put(data_set())
        cataloguer.start()
        wait_until(lambda: cataloguer.last_error, PATIENCE, "the outage to be noticed")
        assert not cataloguer.drain(0.3)
        away = False
        assert cataloguer.drain(PATIENCE)
    assert len(rows(database, Instance)) == len(jobs) == 5
    assert not rows(database, Quarantine)
    assert cataloguer.last_error == ""


def test_an_object_that_the_database_cannot_take_goes_aside_and_holds_up_nobody(
    cataloguer: Cataloguer, shelf: Shelf, database: Database, jobs: list[Job]
) -> None:
    poison = data_set()

    def refuse(statement: str, parameters: object) -> None:
        if statement.startswith("INSERT INTO instance") and poison.SOPInstanceUID in str(parameters):
            raise ValueError("cannot be bound")

    with statements(database, refuse):
        for made in (data_set(), poison, data_set()):
            shelf.put(made)
        cataloguer.start()
        assert cataloguer.drain(PATIENCE)
        late = shelf.put(data_set())
        cataloguer.add(late.entry)
        assert cataloguer.drain(PATIENCE)
    assert len(rows(database, Instance)) == 3
    (row,) = rows(database, Quarantine)
    assert (row.reason, row.sop_instance_uid) == ("not_catalogued", poison.SOPInstanceUID)
    assert "ValueError" in row.detail
    assert len(jobs) == 4
    assert sum(study.instance_count for study in rows(database, Study)) == 3


def test_a_deadlock_is_just_tried_again(cataloguer: Cataloguer, shelf: Shelf, database: Database) -> None:
    failures = iter([True, True])

    def deadlock(statement: str, _parameters: object) -> None:
        if statement.startswith("INSERT INTO study ") and next(failures, False):
            raise OperationalError("", {}, Exception("deadlock detected"))

    with statements(database, deadlock):
        shelf.put(data_set())
        cataloguer.start()
        assert cataloguer.drain(PATIENCE)
    assert len(rows(database, Instance)) == 1


def test_a_file_that_cannot_be_read_stays_for_later(cataloguer: Cataloguer, shelf: Shelf, database: Database) -> None:
    arrival, other = shelf.put(data_set()), shelf.put(data_set())
    path = shelf.spool.path(arrival.entry)
    path.unlink()
    path.mkdir()
    cataloguer.start()
    assert cataloguer.drain(PATIENCE)
    assert path.exists()
    assert [row.sop_instance_uid for row in rows(database, Instance)] == [other.sop_instance_uid]


def test_stopping_leaves_the_rest_to_the_next_life(cataloguer: Cataloguer, shelf: Shelf, database: Database) -> None:
    def outage(_statement: str, _parameters: object) -> None:
        raise OperationalError("", {}, Exception("away"))

    with statements(database, outage):
        shelf.put(data_set())
        cataloguer.start()
        wait_until(lambda: cataloguer.last_error, PATIENCE, "the outage to be noticed")
        cataloguer.stop()
    assert len(shelf.spool.entries()) == 1
