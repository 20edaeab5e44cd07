"""Several gateways enter parts of the same studies at once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydicom.uid import generate_uid
from sqlalchemy.exc import DBAPIError

from storage.db.models import Association, Instance, Patient, Quarantine, Series, Study
from storage.db.session import Database
from storage.ingest.arrival import Arrival
from storage.ingest.jobs import Job, JobKind
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf, make_county, rows

GATEWAYS = 4


@pytest.fixture
def shelves(database: Database, tmp_path: Path):
    make_county(database)
    made = [Shelf(database, tmp_path / f"spool{number}") for number in range(GATEWAYS)]
    yield made
    for shelf in made:
        shelf.spool.close()


def enter(shelf: Shelf, arrivals: list[Arrival]) -> list[Job]:
    """As the cataloguer does: again after a deadlock."""
    for _ in range(20):
        try:
            return shelf.enter(*arrivals)
        except DBAPIError:
            continue
    raise AssertionError("never through")


def test_parts_of_one_new_study_from_every_gateway(shelves: list[Shelf], database: Database) -> None:
    uids = {"StudyInstanceUID": generate_uid()}
    series = [generate_uid() for _ in range(3)]
    batches = [
        [shelf.put(data_set(**uids, SeriesInstanceUID=series[n % 3]), key=f"k{number}") for n in range(30)]
        for number, shelf in enumerate(shelves)
    ]
    with ThreadPoolExecutor(GATEWAYS) as pool:
        list(pool.map(enter, shelves, batches))
    (study,), (_patient,) = rows(database, Study), rows(database, Patient)
    assert (study.instance_count, study.series_count) == (120, 3)
    assert sorted(one.instance_count for one in rows(database, Series)) == [40, 40, 40]
    assert len(rows(database, Association)) == GATEWAYS
    assert len(rows(database, Instance)) == 120


def test_many_studies_in_opposite_orders(shelves: list[Shelf], database: Database) -> None:
    studies = [{"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()} for _ in range(10)]
    batches = []
    for number, shelf in enumerate(shelves):
        order = studies if number % 2 else studies[::-1]
        batches.append([shelf.put(data_set(**uids, PatientID=str(studies.index(uids)))) for uids in order])
    with ThreadPoolExecutor(GATEWAYS) as pool:
        list(pool.map(enter, shelves, batches))
    assert [study.instance_count for study in rows(database, Study)] == [GATEWAYS] * 10
    assert len(rows(database, Patient)) == 10


def test_the_same_object_at_every_gateway(shelves: list[Shelf], database: Database) -> None:
    made = [data_set() for _ in range(8)]
    batches = [[shelf.put(one) for one in made] for shelf in shelves]
    with ThreadPoolExecutor(GATEWAYS) as pool:
        jobs = [job for part in pool.map(enter, shelves, batches) for job in part]
    assert len(rows(database, Instance)) == 8
    assert sum(study.instance_count for study in rows(database, Study)) == 8
    assert sum(job.kind is JobKind.UPLOAD for job in jobs) == 8
    assert sum(job.kind is JobKind.CHECK for job in jobs) == 8 * (GATEWAYS - 1)
    assert not rows(database, Quarantine)


def test_two_patients_race_for_one_study(shelves: list[Shelf], database: Database) -> None:
    uids = {"StudyInstanceUID": generate_uid()}
    batches = [[shelf.put(data_set(**uids, PatientID=str(number % 2)))] for number, shelf in enumerate(shelves)]
    with ThreadPoolExecutor(GATEWAYS) as pool:
        list(pool.map(enter, shelves, batches))
    assert rows(database, Study)[0].instance_count == 2
    assert [row.reason for row in rows(database, Quarantine)] == ["other_patient"] * 2


def test_the_same_garbage_at_every_gateway(shelves: list[Shelf], database: Database) -> None:
    batches = [[shelf.put(b"\x08\x00garbage")] for shelf in shelves]
    with ThreadPoolExecutor(GATEWAYS) as pool:
        list(pool.map(enter, shelves, batches))
    (row,) = rows(database, Quarantine)
    assert row.attempts == GATEWAYS
