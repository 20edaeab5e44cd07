"""Results on their way out on the other database, and their documents in another archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from reading_queue.documents import filing
from reading_queue.hooks import calling
from reading_queue.results import outstanding
from reading_queue.service import ReportContent
from storage.db.models import HookAttempt, Instance, Notice, Patient, ReportVersion, Study
from storage.domain.clock import ManualClock
from storage.ingest.times import time_zone
from tests.functional.api.township import Township, running, settings_in
from tests.services.orthanc import OrthancServer
from tests.unit.reading_queue.county import MONDAY_MORNING, County

CARD = "11010519491231002X"
WORDS = ReportContent("所见。", "右肺结节。", positive=True, critical="气胸")


@pytest.fixture
def elsewhere(postgres_url: str, tmp_path: Path) -> Iterator[Township]:
    county = County.at(postgres_url, ManualClock(MONDAY_MORNING))
    settings = settings_in(tmp_path, COUNTYREAD_DATABASE_URL=postgres_url, COUNTYREAD_HOOK_TEST_NETWORKS="127.0.0.0/8")
    with running(county, settings) as served:
        yield served
    county.database.engine.dispose()


def _signed(township: Township, code: str) -> int:
    task = township.county.task(code=code)
    with township.database.write() as work:
        patient = work.session.get_one(Patient, work.session.get_one(Study, task.study_id).patient_id)
        patient.name, patient.national_id = "李^梅", CARD
    return township.county.signed(task, WORDS).study_id


def _filed(township: Township, study_id: int) -> list[Instance]:
    with township.database.read() as work:
        versions = list(work.session.execute(select(ReportVersion.id)).scalars())
    for version in versions:
        filing.file_report(township.database, township.store, version, time_zone("Asia/Shanghai"))
    with township.database.read() as work:
        query = select(Instance).where(Instance.study_id == study_id, Instance.written_here)
        return list(work.session.execute(query).scalars())


def test_everything_that_goes_out_on_postgres(elsewhere: Township) -> None:
    own = _signed(elsewhere, "t01")
    _signed(elsewhere, "t02")
    clinic, manager = elsewhere.client("clinic01"), elsewhere.client("manager")
    assert len(_filed(elsewhere, own)) == 2
    report = clinic.get("/api/v1/results").json()["items"][0]["report_id"]
    assert clinic.get(f"/api/v1/reports/{report}/sr").status_code == 200
    span = "first=2026-03-09&last=2026-03-09"
    (line,) = clinic.get(f"/api/v1/results/figures?{span}").json()["items"]
    assert (line["reports"], line["positive"], line["critical"]) == (1, 1, 1)
    assert len(manager.get(f"/api/v1/results/list.csv?{span}").text.splitlines()) == 3
    patient = {"id": "L-1", "name": "李梅", "id_card_number": CARD}
    asked = {"patient": patient, "modality": "CT", "body_part": "CHEST"}
    found = clinic.post("/api/v1/orders/checks", json=asked).json()["recognisable"]
    assert {one["institution"] for one in found} == {"t01", "t02"}
    chosen = {**asked, "study_instance_uid": found[0]["study_instance_uid"]}
    assert clinic.post("/api/v1/orders/recognitions", json=chosen).status_code == 201
    assert len(manager.get(f"/api/v1/recognition-figures?{span}").json()["items"]) == 1
    assert clinic.post("/api/v1/orders/patients", json={"q": "李"}).json()["items"][0]["name"] == "李梅"
    elsewhere.county.clock.advance(seconds=25 * 3600)
    outstanding.chase_receipts(elsewhere.database, elsewhere.settings)
    with elsewhere.database.read() as work:
        kinds = select(Notice.kind).where(Notice.kind == "result.unfetched")
        assert len(work.session.execute(kinds).scalars().all()) == 2


def test_calls_are_claimed_and_settled_on_postgres(elsewhere: Township) -> None:
    clinic = elsewhere.client("clinic01")
    body = {"name": "HIS", "url": "http://127.0.0.1:9/closed", "after": 0}
    hook = clinic.post("/api/v1/result-hooks", json=body).json()
    _signed(elsewhere, "t01")
    calling.call_waiting(elsewhere.database, elsewhere.settings)
    with elsewhere.database.read() as work:
        clinic_id = work.session.execute(select(Study.institution_id)).scalars().first() or 0
    for _ in range(2):
        calling.call_hooks(elsewhere.database, elsewhere.settings, clinic_id, elsewhere.county.clock)
    (one,) = clinic.get("/api/v1/result-hooks").json()["items"]
    assert (one["id"], one["attempts"], one["delivered_seq"], one["waiting"]) == (hook["id"], 1, 0, 1)
    with elsewhere.database.read() as work:
        (attempt,) = work.session.execute(select(HookAttempt)).scalars()
    assert (attempt.seq, attempt.status, attempt.error) == (1, None, "ConnectError")


def test_another_archive_takes_the_documents(township: Township, orthanc: OrthancServer, tmp_path: Path) -> None:
    study = _signed(township, "t01")
    files = []
    for one in _filed(township, study):
        files.append(tmp_path / f"{one.id}.dcm")
        with township.store.open(one.object_key) as stream:
            files[-1].write_bytes(stream.read())
    ids = orthanc.upload(files)
    assert len(set(ids)) == 2
    tags = [orthanc._request("GET", f"/instances/{one}/simplified-tags") for one in ids]
    assert {one["Modality"] for one in tags} == {"SR", "DOC"}
    assert {one["PatientName"] for one in tags} == {"李^梅"}
    assert len({one["StudyInstanceUID"] for one in tags}) == 1
    pdf = next(one for one, told in zip(ids, tags, strict=True) if told["Modality"] == "DOC")
    assert orthanc._request("GET", f"/instances/{pdf}/simplified-tags")["MIMETypeOfEncapsulatedDocument"] == (
        "application/pdf"
    )
