"""Patient rows, and what the machine and people say of them."""

from sqlalchemy import select

from reading_queue import persons
from reading_queue.candidates import compare_new
from storage.db.models import Institution, Patient, PatientPair
from storage.db.queries.pairs import list_pairs
from storage.db.queries.persons import rows_of_person
from tests.unit.reading_queue.county import County


def add_patient(county: County, code: str = "t01", **told: str) -> int:
    """A row of that institution; `told` replaces what it says."""
    row = {"patient_id": "0001", "name": "张三", "sex": "M", "birth_date": "19700112", **told}
    row.setdefault("fingerprint", "|".join((row["name"], row["sex"], row["birth_date"])))
    with county.database.write() as work:
        place = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one()
        patient = Patient(institution_id=place.id, **row)
        work.session.add(patient)
        work.session.flush()
        return patient.id


def compare_all(county: County) -> None:
    """What the sweep does."""
    with county.database.write() as work:
        while compare_new(work):
            work.session.flush()


def waiting(county: County) -> list[PatientPair]:
    """The pairs that wait for a decision, in their order."""
    with county.database.read() as work:
        return list_pairs(work, 100).pairs


def merge(county: County, survivor: int, merged: int, username: str = "manager") -> int:
    with county.write() as work:
        return persons.merge(work, county.actor(username), survivor, merged, "同一人").id


def unmerge(county: County, merge_id: int, *, different: bool = False) -> None:
    with county.write() as work:
        persons.unmerge(work, county.actor("manager"), merge_id, "认错了人", different=different)


def person(county: County, patient_id: int) -> set[int]:
    with county.database.read() as work:
        return rows_of_person(work.session, patient_id)
