from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.db.models import Instance, Quarantine
from storage.db.session import Database
from storage.ingest.jobs import JobKind
from storage.ingest.uploader import Uploader, mark_stored
from storage.objects import exists
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf, Switchable, make_county, rows

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
    return Switchable(tmp_path / "objects")


@pytest.fixture
def uploader(database: Database, shelf: Shelf, store: Switchable) -> Iterator[Uploader]:
    made = Uploader(database, store, shelf.spool)
    made.start()
    yield made
    made.stop()


def test_files_reach_the_store_and_leave_the_spool(uploader: Uploader, shelf: Shelf, store, database) -> None:
    arrivals = [shelf.put(data_set()) for _ in range(20)]
    contents = {one.sha256: shelf.spool.path(one.entry).read_bytes() for one in arrivals}
    for job in shelf.enter(*arrivals):
        uploader.submit(job)
    assert uploader.drain(PATIENCE)
    assert shelf.spool.entries() == []
    for row in rows(database, Instance):
        assert row.state == "stored"
        assert row.stored_at is not None
        with store.open(row.object_key) as stream:
            assert stream.read() == contents[row.sha256]


def test_quarantined_objects_are_stored_like_any_other(uploader: Uploader, shelf: Shelf, store, database) -> None:
    uploader.submit(shelf.add(b"\x08\x00garbage"))
    assert uploader.drain(PATIENCE)
    (row,) = rows(database, Quarantine)
    assert row.state == "stored"
    assert exists(store, row.object_key)


def test_an_outage_delays_and_loses_nothing(uploader: Uploader, shelf: Shelf, store: Switchable, database) -> None:
    store.away = True
    for _ in range(6):
        uploader.submit(shelf.add(data_set()))
    wait_until(lambda: uploader.last_error == "The store is away.", PATIENCE, "the outage to be noticed")
    assert not uploader.drain(0.3)
    assert len(shelf.spool.entries()) == 6
    store.away = False
    assert uploader.drain(PATIENCE)
    assert {row.state for row in rows(database, Instance)} == {"stored"}


def test_a_file_damaged_in_the_spool_is_not_stored(uploader: Uploader, shelf: Shelf, store, database) -> None:
    arrival = shelf.put(data_set())
    (job,) = shelf.enter(arrival)
    path = shelf.spool.path(arrival.entry)
    good = path.read_bytes()
    path.write_bytes(good[:-1] + b"?")
    uploader.submit(job)
    wait_until(lambda: "announced" in uploader.last_error, PATIENCE, "the damage to be noticed")
    assert not exists(store, job.object_key)
    path.write_bytes(good)
    assert uploader.drain(PATIENCE)
    assert exists(store, job.object_key)


def stored_once(uploader: Uploader, shelf: Shelf):
    made = data_set()
    uploader.submit(shelf.add(made))
    assert uploader.drain(PATIENCE)
    return made


def test_a_repeated_object_is_dropped_when_the_store_has_it(uploader: Uploader, shelf: Shelf, database) -> None:
    made = stored_once(uploader, shelf)
    job = shelf.add(made)
    assert job.kind is JobKind.CHECK
    uploader.submit(job)
    assert uploader.drain(PATIENCE)
    assert shelf.spool.entries() == []
    assert rows(database, Instance)[0].spool_name != job.entry.name


def test_a_repeated_object_repairs_a_lost_one(uploader: Uploader, shelf: Shelf, store, database) -> None:
    made = stored_once(uploader, shelf)
    store.delete(rows(database, Instance)[0].object_key)
    job = shelf.add(made)
    uploader.submit(job)
    assert uploader.drain(PATIENCE)
    (row,) = rows(database, Instance)
    assert (row.state, row.spool_name) == ("stored", job.entry.name)
    assert exists(store, row.object_key)


def test_an_outage_is_not_taken_for_a_lost_object(
    uploader: Uploader, shelf: Shelf, store: Switchable, database
) -> None:
    made = stored_once(uploader, shelf)
    before = rows(database, Instance)[0].spool_name
    store.away = True
    uploader.submit(shelf.add(made))
    wait_until(lambda: uploader.last_error, PATIENCE, "the outage to be noticed")
    assert rows(database, Instance)[0].spool_name == before
    store.away = False
    assert uploader.drain(PATIENCE)


def test_a_row_that_stands_for_another_file_by_now_is_left_alone(shelf: Shelf, database: Database) -> None:
    job = shelf.add(data_set())
    with database.write() as work:
        work.session.execute(update(Instance).values(spool_name="another"))
    with database.write() as work:
        mark_stored(work, [job], shelf.spool.identity)
    assert rows(database, Instance)[0].state == "spooled"


def test_lost_files_are_counted_and_those_in_the_store_set_right(
    uploader: Uploader, shelf: Shelf, store: Switchable, database: Database
) -> None:
    stored_once(uploader, shelf)
    lost = shelf.add(data_set())
    shelf.spool.remove(lost.entry)
    assert uploader.find_lost() == 1
    with database.write() as work:
        work.session.execute(update(Instance).values(state="spooled"))
    assert uploader.find_lost() == 1
    assert sorted(row.state for row in rows(database, Instance)) == ["spooled", "stored"]
