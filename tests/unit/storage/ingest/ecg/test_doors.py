"""ECGs of carts come in by every door: as an object of the catalogue, or with a reason among what waits for a person."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.db.models import Instance, Quarantine, Study
from storage.db.session import Database
from storage.domain.clock import SystemClock
from storage.domain.errors import TooLarge, UnreadableEcg
from storage.domain.reading import Priority
from storage.ingest import door as doors
from storage.ingest.door import Delivery, Door
from storage.ingest.spool import Spool
from tests.unit.storage.ingest.ecg import carts
from tests.unit.storage.ingest.ecg.test_formats import CASES
from tests.unit.storage.ingest.shelf import Shelf, make_county

pytestmark = pytest.mark.thorough


FILE = CASES["muse"][0]


@pytest.fixture
def shelf(sqlite_database: Database, tmp_path: Path) -> Shelf:
    make_county(sqlite_database)
    return Shelf(sqlite_database, tmp_path / "spool")


def deliver(shelf: Shelf, data: bytes, *, ae_title: str = "T01_CT") -> Delivery:
    with Door(shelf.spool, SystemClock()).delivery(ae_title, "10.0.0.7") as delivery:
        delivery.take(io.BytesIO(data))
    return delivery


def enter_all(shelf: Shelf) -> None:
    for entry in shelf.spool.entries():
        shelf.enter(shelf.read(entry))


@pytest.mark.parametrize("name", ["muse", "sierra packed", "scp", "contec", "mfer", "edf"])
def test_an_ecg_of_a_cart_is_a_study_to_read(shelf: Shelf, name: str) -> None:
    deliver(shelf, CASES[name][0])
    enter_all(shelf)
    with shelf.database.read() as work:
        study = work.session.execute(select(Study)).scalar_one()
        assert (study.modality, study.priority, study.instance_count) == ("ECG", Priority.P1, 1)


def test_the_same_file_again_is_the_same_object(shelf: Shelf) -> None:
    deliver(shelf, FILE)
    deliver(shelf, FILE)
    enter_all(shelf)
    with shelf.database.read() as work:
        assert len(work.session.execute(select(Instance.id)).all()) == 1
        assert work.session.execute(select(Quarantine.id)).all() == []


def test_two_clinics_with_the_same_file_are_two_studies(shelf: Shelf) -> None:
    deliver(shelf, FILE)
    deliver(shelf, FILE, ae_title="T02_CT")
    enter_all(shelf)
    with shelf.database.read() as work:
        assert len(work.session.execute(select(Study.id)).all()) == 2


def test_a_damaged_ecg_is_refused_with_its_reason(shelf: Shelf) -> None:
    with pytest.raises(UnreadableEcg, match="checksum"):
        deliver(shelf, CASES["scp"][0][:-9] + b"x" * 9)
    assert shelf.spool.entries() == []


def test_a_damaged_ecg_that_is_kept_says_why(shelf: Shelf) -> None:
    with Door(shelf.spool, SystemClock()).delivery("T01_CT", "10.0.0.7") as delivery:
        delivery.keep(io.BytesIO(carts.edf(carts.beats(8, 2000), reach=1000.0)))
    enter_all(shelf)
    with shelf.database.read() as work:
        row = work.session.execute(select(Quarantine)).scalar_one()
        assert "range that no ECG has" in row.detail


def test_an_ecg_without_end_is_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "LARGEST_ECG", 1 << 20)
    with pytest.raises(TooLarge):
        deliver(shelf, FILE.replace(b"</RestingECG>", b" " * (2 << 20)))


def test_an_ecg_is_one_object_of_the_spool(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "other", SystemClock())
    with Door(spool, SystemClock()).delivery("T01_ECG", "10.0.0.7") as delivery:
        taken = delivery.take(io.BytesIO(FILE))
    assert taken.sop_class_uid == "1.2.840.10008.5.1.4.1.1.9.1.1"
    assert len(spool.entries()) == 1
    spool.close()
