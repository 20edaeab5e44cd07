"""What a page of studies says of each, in both databases: the values as they are kept, whatever stands in them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from storage.db.models import Institution, Patient, Series, Study
from storage.db.queries.web_search import find_page
from storage.db.session import COUNTY, Database, Scope
from storage.domain.matching import Level, OneOf
from storage.domain.web_search import WebSearch

_NOW = datetime(2026, 3, 9, tzinfo=UTC)
_DESCRIPTION = 'a "quoted" \\ word,\n\x07 and 胸部'


def _fill(database: Database) -> tuple[int, int]:
    """Two clinics with a study each, the second without any series; their ids."""
    with database.write() as work:
        clinics = [Institution(code=code, name=code, kind="clinic") for code in ("t01", "t02")]
        work.session.add_all(clinics)
        work.session.flush()
        first, second = (clinic.id for clinic in clinics)
        for number, clinic in ((1, first), (2, second)):
            patient = Patient(
                institution_id=clinic, patient_id=f"P{number}", name="Li^Lei=李^雷", sex="M", birth_date=""
            )
            work.session.add(patient)
            work.session.flush()
            work.session.execute(insert(Study), [_study(number, clinic, patient.id)])
        study = work.session.execute(Study.__table__.select().order_by(Study.id)).first()
        assert study is not None
        modalities = ("MR", "CT", "", "CT")
        rows = [
            {"series_instance_uid": f"1.2.1.{n}", "institution_id": first, "study_id": study.id, "modality": modality}
            for n, modality in enumerate(modalities)
        ]
        work.session.execute(insert(Series), rows)
    return first, second


def _study(number: int, clinic: int, patient: int) -> dict[str, Any]:
    return {
        "study_instance_uid": f"1.2.{number}",
        "institution_id": clinic,
        "patient_id": patient,
        "modality": "CT",
        "accession_number": "",
        "description": _DESCRIPTION,
        "priority": "P2",
        "state": "ready",
        "study_date": "20260309",
        "study_time": "093015.000000",
        "instance_count": 2**40,
        "series_count": 4,
        "first_received_at": _NOW,
        "last_received_at": _NOW,
        "rendition_state": "done",
    }


def _told(database: Database, asked: WebSearch, scope: Scope = COUNTY, limit: int = 10) -> list[dict[str, Any]]:
    with database.read(scope) as work:
        return [one.values for one in find_page(work, asked, limit=limit, offset=0)]


def test_a_page_tells_the_values_that_are_kept(database: Database) -> None:
    _fill(database)
    for asked in (WebSearch(Level.STUDY), WebSearch(Level.STUDY, {"PatientSex": OneOf(("M",))})):
        second, first = _told(database, asked)
        assert [one["StudyInstanceUID"] for one in (first, second)] == ["1.2.1", "1.2.2"]
        assert first["PatientName"] == "Li^Lei=李^雷"
        assert first["StudyDescription"] == _DESCRIPTION
        assert (first["PatientBirthDate"], first["StudyTime"]) == ("", "093015.000000")
        assert (first["NumberOfStudyRelatedInstances"], first["NumberOfStudyRelatedSeries"]) == (2**40, 4)
        assert (first["ModalitiesInStudy"], second["ModalitiesInStudy"]) == (("CT", "MR"), ())


def test_a_page_keeps_to_the_scope_and_to_its_length(database: Database) -> None:
    first, second = _fill(database)
    every = WebSearch(Level.STUDY)
    assert [one["PatientID"] for one in _told(database, every, Scope(first))] == ["P1"]
    assert [one["PatientID"] for one in _told(database, every, Scope(second))] == ["P2"]
    assert [one["PatientID"] for one in _told(database, every, limit=1)] == ["P2"]
    assert _told(database, every, limit=0) == []
    assert _told(database, WebSearch(Level.STUDY, {"PatientID": OneOf(("nobody",))})) == []
