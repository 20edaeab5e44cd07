"""A county that has one of everything, for a module of tests that look and do not touch."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydicom import Dataset, dcmwrite
from pydicom.uid import generate_uid

from reading_queue import service
from storage.db.models import EcgMeasurement, Instance, PatientMerge, Study
from storage.db.session import Database
from storage.domain.clock import ManualClock
from storage.domain.reading import ReportKind, TaskState
from tests.functional.api.fhir.official import conforms
from tests.functional.api.test_orders import order_body
from tests.functional.api.township import Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, REPORT, County
from tests.unit.reading_queue.critical.cases import Cases
from tests.unit.reading_queue.preprocessing.ecg.ecgs import channel, code, ecg, group
from tests.unit.reading_queue.steps import prepare
from tests.worlds import learned_engine

MEASURED = (
    ("8867-4", "LN", "Heart rate", "72", "/min"),
    ("2:15872", "MDC", "PR interval global", "0.160", "s"),
    ("2:16156", "MDC", "QRS duration global", "92", "ms"),
    ("99", "99ACME", "QT Interval", "380", "ms"),
    ("98", "99ACME", "QTc Interval", "416", "ms"),
    ("2:16132", "MDC", "QRS axis", "45", "deg"),
)


@pytest.fixture(autouse=True)
def _every_answer_conforms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test asks for: what comes back as FHIR is what the schema of R4 takes."""
    send = httpx.Client.send

    def checked(self: httpx.Client, request: httpx.Request, **more: object) -> httpx.Response:
        answer = send(self, request, **more)  # type: ignore[arg-type]
        is_fhir = answer.headers.get("content-type", "").startswith("application/fhir+json")
        if is_fhir and not more.get("stream") and answer.content:
            conforms(answer.json())
        return answer

    monkeypatch.setattr(httpx.Client, "send", checked)


def ecg_file(**over: str) -> bytes:
    """A 12-lead ECG with what its device measured."""
    import numpy as np

    ds = ecg(group(np.zeros((500, 2), "<i2"), [channel("I"), channel("II")]))
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.9.1.1"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.PatientName, ds.PatientID, ds.PatientSex, ds.PatientBirthDate = "LI^SI", "E1", "F", "19500203"
    ds.Modality, ds.StudyDate, ds.StudyTime = "ECG", "20260309", "083000"
    ds.WaveformAnnotationSequence = [_annotation(*one) for one in MEASURED]
    for keyword, value in over.items():
        setattr(ds, keyword, value)
    stream = io.BytesIO()
    dcmwrite(stream, ds, enforce_file_format=True)
    return stream.getvalue()


def _annotation(value: str, scheme: str, meaning: str, number: str, unit: str) -> Dataset:
    item = Dataset()
    item.ConceptNameCodeSequence = code(value, meaning, scheme)
    item.MeasurementUnitsCodeSequence = code(unit, unit, "UCUM")
    item.NumericValue = number
    return item


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory, empty_county: Path) -> Iterator[Township]:
    """Tasks in every state, reports of every kind, critical values, orders, an ECG with measurements."""
    folder = tmp_path_factory.mktemp("everything")
    shutil.copyfile(empty_county, folder / empty_county.name)
    settings = settings_in(folder)
    engine, clock = learned_engine(settings.database_url), ManualClock(MONDAY_MORNING)
    with running(County(Database(engine, clock), clock), settings) as township:
        fill(township)
        yield township
    engine.dispose()


def fill(archive: Township) -> None:
    county = archive.county
    for state in TaskState:
        if state not in (TaskState.READ, TaskState.CLOSED):
            prepare(county, state)
    amended = county.signed(county.task())
    with county.write() as work:
        service.amend(work, amended.id, county.actor("auditor2"), REPORT, "更正", ReportKind.ADDENDUM)
    withdrawn = county.signed(county.task())
    with county.write() as work:
        service.withdraw(work, withdrawn.id, county.actor("manager"), "患者<身份>错误")
    prepare(county, TaskState.CLOSED)
    prepare(county, TaskState.READ)
    cases = Cases(county)
    for raised in (cases.suspected, cases.confirmed, cases.told, cases.acked, cases.treated):
        raised()
    _measure(archive, archive.image(ecg_file()))
    archive.image(ecg_file(WaveformAnnotationSequence=[]), "t02")
    clinic = archive.client("clinic01")
    assert (
        clinic.post("/api/v1/orders", json=order_body(diagnosis="咳嗽", clinical_information="3天")).status_code == 201
    )
    ended = clinic.post("/api/v1/orders", json=order_body()).json()["id"]
    assert clinic.post(f"/api/v1/orders/{ended}/cancel", json={"reason": "患者离院"}).status_code == 200
    _merge(archive)


def _measure(archive: Township, instance: Instance) -> None:
    with archive.database.write() as work:
        work.session.add(
            EcgMeasurement(
                institution_id=instance.institution_id,
                study_id=instance.study_id,
                instance_id=instance.id,
                engine="engine 1",
                source_sha256=instance.sha256,
                state="measured",
                tried_at=work.now,
                measured_at=work.now,
                hr=71.5,
                qtc_bazett_ms=411.0,
                document={},
                device={},
            )
        )


def _merge(archive: Township) -> None:
    with archive.database.write() as work:
        first, second = (work.session.get_one(Study, key).patient_id for key in (1, 2))
        by = archive.county.user("manager").id
        work.session.add(PatientMerge(survivor_id=first, merged_id=second, by_id=by, at=work.now, reason="同一人"))
