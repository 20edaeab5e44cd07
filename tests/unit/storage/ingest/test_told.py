from pathlib import Path

import pytest
from pydicom import Dataset
from sqlalchemy import update

from storage.db.models import Device, Patient, Quarantine
from storage.db.session import Database
from storage.domain.patients import AS_TOLD
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf, make_county, rows

pytestmark = pytest.mark.thorough


CARD = "11010519491231002X"


@pytest.fixture
def shelf(sqlite_database: Database, tmp_path: Path):
    make_county(sqlite_database)
    shelf = Shelf(sqlite_database, tmp_path / "spool")
    yield shelf
    shelf.spool.close()


def item(**attributes: str) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def rule(shelf: Shelf, issuer: str) -> None:
    with shelf.database.write() as work:
        work.session.execute(update(Device).values(issuer=issuer))


def patients(shelf: Shelf) -> list[Patient]:
    return sorted(rows(shelf.database, Patient), key=lambda row: row.id)


def test_what_an_object_says_of_the_issuer_is_recorded_and_does_not_count(shelf: Shelf) -> None:
    shelf.add(data_set(IssuerOfPatientID="HIS"))
    shelf.add(data_set())
    (row,) = patients(shelf)
    assert (row.issuer, row.told_issuer) == ("", "HIS")


def test_a_device_may_name_the_issuer_or_leave_it_to_its_objects(shelf: Shelf) -> None:
    shelf.add(data_set())
    rule(shelf, "COUNTY")
    shelf.add(data_set(IssuerOfPatientID="HIS"))
    shelf.add(data_set())
    rule(shelf, AS_TOLD)
    shelf.add(data_set(IssuerOfPatientID="HIS"))
    shelf.add(data_set())
    shelf.add(data_set(IssuerOfPatientIDQualifiersSequence=[item(UniversalEntityID="1.2.3")]))
    assert [row.issuer for row in patients(shelf)] == ["", "COUNTY", "HIS", "1.2.3"]
    assert {row.patient_id for row in patients(shelf)} == {"0001"}


def test_a_study_goes_on_when_the_rule_changes_in_its_middle(shelf: Shelf) -> None:
    made = data_set()
    shelf.add(made)
    rule(shelf, "COUNTY")
    shelf.add(data_set(StudyInstanceUID=made.StudyInstanceUID))
    assert len(patients(shelf)) == 1
    assert rows(shelf.database, Quarantine) == []


@pytest.mark.parametrize(
    "attributes",
    [
        {"PatientID": CARD.lower()},
        {"OtherPatientIDs": ["0815", CARD]},
        {"OtherPatientIDsSequence": [item(PatientID="0815"), item(PatientID=CARD, IssuerOfPatientID="公安局")]},
    ],
)
def test_the_identity_card_number_is_found_wherever_it_stands(shelf: Shelf, attributes: dict[str, object]) -> None:
    shelf.add(data_set(SpecificCharacterSet="ISO_IR 192", PatientTelephoneNumbers="138-0000 0000", **attributes))
    (row,) = patients(shelf)
    assert (row.national_id, row.phone) == (CARD, "13800000000")


def test_a_number_with_a_wrong_check_digit_is_none(shelf: Shelf) -> None:
    shelf.add(data_set(PatientID="110105194912310021", OtherPatientIDs="110105194912310029"))
    assert patients(shelf)[0].national_id == ""


def test_a_card_number_told_later_is_added_and_what_was_told_first_stays(shelf: Shelf) -> None:
    shelf.add(data_set(PatientName="ZHANG^SAN"))
    with shelf.database.write() as work:
        work.session.execute(update(Patient).values(compared_at=work.now))
    shelf.add(data_set(PatientName="张^三", SpecificCharacterSet="ISO_IR 192", OtherPatientIDs=CARD))
    shelf.add(data_set(OtherPatientIDs="110105194912310046"))
    (row,) = patients(shelf)
    assert (row.name, row.national_id, row.compared_at) == ("ZHANG SAN", CARD, None)


def test_what_is_kept_aside_tells_what_it_is(shelf: Shelf) -> None:
    made = data_set(StudyDescription="CT head")
    shelf.add(made)
    shelf.add(
        data_set(StudyInstanceUID=made.StudyInstanceUID, PatientID="7", PatientName="LI^SI", OtherPatientIDs=CARD)
    )
    (row,) = rows(shelf.database, Quarantine)
    assert row.told == {
        "patient_id": "7",
        "issuer": "",
        "name": "LI SI",
        "sex": "M",
        "birth_date": "19700101",
        "national_id": CARD,
        "phone": "",
        "told_issuer": "",
        "modality": "CT",
        "description": "",
        "exam_started_at": "2026-01-02T02:11:12+00:00",
    }
    shelf.add(b"nonsense")
    assert {row.reason: row.told for row in rows(shelf.database, Quarantine)}["not_dicom"] is None
