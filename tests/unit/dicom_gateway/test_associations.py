from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dicom_gateway.associations import AssociationLog
from storage.domain.clock import ManualClock
from storage.ingest.spool import Spool

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def spool(tmp_path: Path, clock: ManualClock) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spools" / "gateway", clock)
    yield spool
    spool.close()


@pytest.fixture
def log(clock: ManualClock, spool: Spool) -> AssociationLog:
    return AssociationLog(clock, spool)


def test_what_brought_something_has_a_record_that_tells_how_it_ended(
    log: AssociationLog, spool: Spool, clock: ManualClock
) -> None:
    line = log.open("T01_CT", "10.0.0.1")
    log.note(line)
    begun = spool.associations.read(line.key)
    assert begun is not None
    assert (begun.ae_title, begun.address, begun.started_at, begun.ended_at) == ("T01_CT", "10.0.0.1", NOON, None)
    line.received, line.refused = 3, 1
    clock.advance(minutes=1)
    log.close(line, released=True)
    over = spool.associations.read(line.key)
    assert over is not None
    assert (over.received, over.refused, over.ended_at, over.released) == (3, 1, clock.now(), True)


def test_what_brought_nothing_leaves_nothing(log: AssociationLog, spool: Spool) -> None:
    log.close(log.open("T01_CT", "10.0.0.1"), released=False)
    assert list(spool.associations.all()) == []


def test_open_ones_are_counted_and_their_devices_seen(log: AssociationLog) -> None:
    first = log.open("A", "")
    log.open("B", "")
    assert log.take_seen() == {"A", "B"}
    log.close(first, released=True)
    assert log.count_open() == 1
    assert log.take_seen() == {"A", "B"}, "A was there until a moment ago"
    assert log.take_seen() == {"B"}
