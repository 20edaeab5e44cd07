from datetime import UTC, datetime

import pytest

from dicom_gateway.associations import AssociationLog
from storage.db.models import Association, Device
from storage.db.queries.reception import end_lost_associations, update_associations
from storage.db.session import Database
from storage.domain.clock import ManualClock
from tests.unit.storage.ingest.shelf import make_county, rows

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def log(clock: ManualClock) -> AssociationLog:
    return AssociationLog(clock)


def always(_key: str) -> bool:
    return True


def never(_key: str) -> bool:
    return False


def test_an_association_ends_only_when_all_it_brought_is_catalogued(log: AssociationLog, clock: ManualClock) -> None:
    line = log.open("T01_CT", "10.0.0.1")
    assert log.changes(always) == []
    line.received += 2
    clock.advance(minutes=1)
    log.close(line)
    (pending,) = log.changes(never)
    assert (pending.received, pending.ended_at) == (2, None)
    log.confirm([pending])
    assert log.changes(never) == []
    (over,) = log.changes(always)
    assert over.ended_at == clock.now()
    assert log.find_open(line.key) is not None
    log.confirm([over])
    assert log.find_open(line.key) is None
    assert log.changes(always) == []


def test_what_comes_after_a_look_is_not_forgotten(log: AssociationLog) -> None:
    line = log.open("T01_CT", "10.0.0.1")
    line.received = 1
    changes = log.changes(always)
    line.received = 2
    log.close(line)
    log.confirm(changes)
    (change,) = log.changes(always)
    assert change.received == 2
    assert change.ended_at is not None


def test_open_ones_are_counted(log: AssociationLog) -> None:
    first = log.open("A", "")
    log.open("B", "")
    log.close(first)
    assert log.count_open() == 1
    assert log.keys() == sorted(log.keys())


def test_rows_follow(log: AssociationLog, sqlite_database: Database) -> None:
    make_county(sqlite_database)
    line = log.open("T01_CT", "10.0.0.1")
    with sqlite_database.write() as work:
        for key in (line.key, "lost"):
            work.session.add(
                Association(key=key, gateway="g", device_id=1, address="", started_at=NOON, received=0, refused=0)
            )
    line.received, line.refused = 3, 1
    with sqlite_database.write() as work:
        update_associations(work, log.changes(always))
        end_lost_associations(work, "g", log.keys())
    known = {row.key: row for row in rows(sqlite_database, Association)}
    assert (known[line.key].received, known[line.key].refused, known[line.key].ended_at) == (3, 1, None)
    assert known["lost"].ended_at is not None
    assert {row.ae_title: row.last_seen_at is not None for row in rows(sqlite_database, Device)} == {
        "T01_CT": True,
        "T02_CT": False,
    }
