"""People who merge, undo and decide at the same moment, on both databases."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from pydicom.uid import generate_uid
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from reading_queue import desk, persons
from reading_queue.candidates import compare_new
from storage.audit import verify
from storage.db.models import Patient, PatientMerge, PatientPair, Quarantine, Study
from storage.db.queries.persons import persons_of
from storage.db.session import Database
from storage.domain.clock import ManualClock
from storage.domain.errors import AlreadyOnePerson, CountyReadError
from storage.domain.studies import Decision
from tests.unit.reading_queue.county import MONDAY_MORNING, County, populate
from tests.unit.reading_queue.persons_of_the_county import add_patient, person
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf

PEOPLE = 6


@pytest.fixture
def county(database: Database) -> County:
    populate(database)
    return County(database, ManualClock(MONDAY_MORNING))


def at_once(jobs: Sequence[Callable[[], object]]) -> list[str]:
    """Run them together; for each "done" or the code of its refusal."""
    together = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> str:
        together.wait(30)
        try:
            job()
        except CountyReadError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def merging(county: County, survivor: int, merged: int) -> Callable[[], object]:
    actor = county.actor("manager")

    def job() -> None:
        with county.database.write() as work:
            persons.merge(work, actor, survivor, merged, "同一人")

    return job


def rows(county: County, number: int) -> list[int]:
    return [add_patient(county, patient_id=str(n), fingerprint=str(n)) for n in range(number)]


def standing(county: County) -> int:
    with county.database.read() as work:
        query = select(func.count(PatientMerge.id)).where(PatientMerge.undone_at.is_(None))
        return work.session.execute(query).scalar_one()


def test_two_rows_are_merged_once_whoever_is_first(county: County) -> None:
    one, other = rows(county, 2)
    jobs = [merging(county, *pair) for pair in [(one, other), (other, one)] * 3]
    assert Counter(at_once(jobs)) == {"done": 1, AlreadyOnePerson.code: 5}
    assert standing(county) == 1
    assert person(county, one) == {one, other}


def test_merges_in_a_ring_make_one_person_and_no_circle(county: County) -> None:
    ids = rows(county, PEOPLE)
    jobs = [merging(county, one, ids[(place + 1) % PEOPLE]) for place, one in enumerate(ids)]
    assert Counter(at_once(jobs)) == {"done": PEOPLE - 1, AlreadyOnePerson.code: 1}
    assert person(county, ids[0]) == set(ids)
    with county.database.read() as work:
        (end,) = set(persons_of(work.session, ids).values())
        merged = set(work.session.execute(select(PatientMerge.merged_id)).scalars())
        assert merged == set(ids) - {end}
        assert verify(work.session) == []


def test_one_merge_is_undone_once(county: County) -> None:
    one, other = rows(county, 2)
    merging(county, one, other)()
    with county.database.read() as work:
        made = work.session.execute(select(PatientMerge.id)).scalar_one()
    actor = county.actor("admin")

    def undo() -> None:
        with county.database.write() as work:
            persons.unmerge(work, actor, made, "认错了人")

    assert Counter(at_once([undo] * 4)) == {"done": 1, "not_allowed_from_state": 3}
    assert person(county, one) == {one}


def test_of_two_decisions_one_counts(county: County) -> None:
    with county.database.write() as work:
        row = Quarantine(
            reason="not_dicom",
            detail="",
            ae_title="T01_CT",
            size=1,
            sha256="0" * 64,
            dataset_digest="0" * 64,
            object_key="quarantine/x",
            state="stored",
            gateway="",
            spool_name="",
            received_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        row_id = row.id
    actor = county.actor("manager")

    def deciding(decision: Decision) -> Callable[[], object]:
        def job() -> None:
            with county.database.write() as work:
                desk.decide(work, actor, row_id, desk.Wish(decision))

        return job

    outcome = at_once([deciding(decision) for decision in (Decision.KEPT, Decision.DISCARDED)] * 3)
    assert Counter(outcome) == {"done": 3, "not_allowed_from_state": 3}
    with county.database.read() as work:
        kept = work.session.get_one(Quarantine, row_id)
        winner = Decision.KEPT if outcome[0] == "done" else Decision.DISCARDED
        assert kept.decision == winner
        assert verify(work.session) == []


def test_two_clinics_race_for_one_study_uid(county: County, tmp_path: Path) -> None:
    uid = generate_uid()
    shelves = {title: Shelf(county.database, tmp_path / title) for title in ("T01_CT", "T02_CT")}
    arrivals = {
        title: [shelf.put(data_set(StudyInstanceUID=uid), ae_title=title) for _ in range(10)]
        for title, shelf in shelves.items()
    }

    def entering(title: str) -> Callable[[], object]:
        return lambda: shelves[title].enter(*arrivals[title])

    assert at_once([entering(title) for title in shelves]) == ["done", "done"]
    with county.database.read() as work:
        study = work.session.execute(select(Study)).scalar_one()
        kept = work.session.execute(select(Quarantine)).scalars().all()
        assert study.instance_count == 10
        assert {(row.reason, row.institution_id == study.institution_id) for row in kept} == {
            ("other_institution", False)
        }
        assert len(kept) == 10
    for shelf in shelves.values():
        shelf.spool.close()


def test_rows_that_are_compared_at_once_find_each_other(county: County) -> None:
    for number in range(12):
        add_patient(county, "t01" if number % 2 else "t02", patient_id=str(number), fingerprint=str(number))

    def compare() -> None:
        for _ in range(100):
            try:
                with county.database.write() as work:
                    compare_new(work, 2)
                    left = select(func.count(Patient.id)).where(Patient.compared_at.is_(None))
                    if work.session.execute(left).scalar_one() == 0:
                        return
            except DBAPIError:
                continue

    assert at_once([compare] * 4) == ["done"] * 4
    with county.database.read() as work:
        assert work.session.execute(select(func.count(PatientPair.id))).scalar_one() == 12 * 11 / 2
