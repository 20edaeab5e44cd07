"""The intake finds what doors have kept, whether it was told or not, and when an association is over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.db.models import Association, Instance
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.domain.errors import ConfigurationError
from storage.ingest.associations import AssociationRecord
from storage.ingest.intake import Intake
from storage.ingest.part10 import FileMeta
from storage.ingest.spool import Spool
from storage.objects import make_object_store
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, encode
from tests.unit.storage.ingest.shelf import ZONE, make_county, rows

pytestmark = pytest.mark.thorough


PATIENCE = 30
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    make_county(sqlite_database)
    return sqlite_database


@pytest.fixture
def spools(tmp_path: Path) -> Path:
    return tmp_path / "spools"


@pytest.fixture
def intake(database: Database, spools: Path, tmp_path: Path) -> Iterator[Intake]:
    made = make_intake(database, spools, tmp_path)
    yield made
    made.stop()


def make_intake(database: Database, spools: Path, folder: Path) -> Intake:
    return Intake(spools, database, make_object_store(f"file:{folder / 'objects'}"), SystemClock(), ZONE)


@pytest.fixture
def gateway(spools: Path) -> Iterator[Spool]:
    spool = Spool(spools / "gateway", SystemClock())
    yield spool
    spool.close()


def receive(spool: Spool, key: str = "key", number: int = 1) -> None:
    made = data_set()
    spool.note_association(AssociationRecord(key, "T01_CT", "10.0.0.1", NOON))
    reception = spool.begin(
        FileMeta(made.SOPClassUID, made.SOPInstanceUID, "1.2.840.10008.1.2.1", "T01_CT"), key, number
    )
    reception.write(memoryview(encode(made)))
    reception.finish()


def end(spool: Spool, key: str = "key", *, received: int = 1) -> None:
    spool.note_association(
        AssociationRecord(key, "T01_CT", "10.0.0.1", NOON, datetime.now(UTC), received, 0, released=True)
    )


def wait_catalogued(database: Database, count: int) -> None:
    wait_until(lambda: len(rows(database, Instance)) == count, PATIENCE, f"{count} objects")


def test_what_was_there_before_is_found(intake: Intake, gateway: Spool, database: Database) -> None:
    receive(gateway)
    intake.start()
    wait_catalogued(database, 1)


def test_a_ring_is_heard_and_so_is_a_new_door(intake: Intake, spools: Path, database: Database) -> None:
    intake.start()
    for name in ("gateway", "api"):
        spool = Spool(spools / name, SystemClock())
        receive(spool, key=name)
        spool.close()
    wait_catalogued(database, 2)


def keep_silently(spool: Spool) -> None:
    """As a door does that is killed between keeping an object and telling of it."""
    spool.bell.close()
    spool.bell.ring = lambda _word: None  # type: ignore[method-assign]
    receive(spool)


@pytest.fixture
def opened_before(spools: Path, gateway: Spool, database: Database, tmp_path: Path) -> Iterator[Intake]:
    """An intake that started after the gateway, so that no ring of its opening is on the way."""
    made = make_intake(database, spools, tmp_path)
    made.start()
    yield made
    made.stop()


def test_what_no_ring_told_of_is_found_by_looking(opened_before: Intake, gateway: Spool, database: Database) -> None:
    keep_silently(gateway)
    assert rows(database, Instance) == []
    assert opened_before.drain(PATIENCE)
    wait_catalogued(database, 1)


def test_a_door_that_opens_again_tells_of_what_its_former_life_has_kept(
    opened_before: Intake, gateway: Spool, spools: Path, database: Database
) -> None:
    keep_silently(gateway)
    gateway.close()
    gateway.close = lambda: None  # type: ignore[method-assign] - the fixture's turn comes later
    again = Spool(spools / "gateway", SystemClock())
    wait_catalogued(database, 1)
    again.close()


def test_an_association_is_over_when_all_it_brought_is_catalogued(
    intake: Intake, gateway: Spool, database: Database
) -> None:
    receive(gateway)
    intake.start()
    wait_catalogued(database, 1)
    assert intake.settle_associations() == []
    assert rows(database, Association)[0].ended_at is None
    end(gateway)
    wait_until(intake.settle_associations, PATIENCE, "its end")
    (row,) = rows(database, Association)
    assert (row.received, row.released, row.ended_at is not None) == (1, True, True)
    assert list(gateway.associations.all()) == []


def test_a_door_that_died_has_no_open_associations(
    intake: Intake, gateway: Spool, database: Database, spools: Path
) -> None:
    receive(gateway)
    gateway.close()
    intake.start()
    wait_catalogued(database, 1)
    wait_until(intake.settle_associations, PATIENCE, "its end")
    (row,) = rows(database, Association)
    assert row.ended_at is not None
    assert not row.released
    gateway.__init__(spools / "gateway", SystemClock())  # type: ignore[misc]


def test_rows_whose_record_a_power_cut_took_are_ended(intake: Intake, gateway: Spool, database: Database) -> None:
    receive(gateway)
    intake.start()
    wait_catalogued(database, 1)
    gateway.associations.remove("key")
    intake.end_lost_associations()
    assert rows(database, Association)[0].ended_at is not None


def test_one_intake_is_enough(intake: Intake, database: Database, spools: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="one is enough"):
        make_intake(database, spools, tmp_path)
    intake.start()


def test_a_folder_that_cannot_be_read_does_not_stop_it(
    intake: Intake, gateway: Spool, database: Database, spools: Path
) -> None:
    intake.start()
    strange = spools / "strange"
    strange.mkdir()
    (strange / "identity").mkdir()
    gateway.bell.ring("strange/00000000000000000001-key-1")
    receive(gateway)
    wait_catalogued(database, 1)
    (strange / "identity").rmdir()
    strange.rmdir()
