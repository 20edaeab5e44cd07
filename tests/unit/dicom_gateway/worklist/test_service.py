"""What devices are told while the database is away, and what strangers are told."""

import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydicom import Dataset
from pynetdicom.dsutils import encode

from dicom_gateway.admission import DeviceDirectory
from dicom_gateway.performed_steps import PerformedSteps
from dicom_gateway.worklist.service import ModalityWorklist, charset_of
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database, make_engine
from storage.domain.worklist_charsets import WorklistCharset

ZONE = ZoneInfo("Asia/Shanghai")
DEVICE = KnownDevice(1, "T01_CT", "dicom", 1, "t01", "clinic", modality="CT")
EXPLICIT = "1.2.840.10008.1.2.1"


@pytest.fixture
def database(tmp_path: Path):
    """One without tables: nothing can be read or written."""
    engine = make_engine(f"sqlite:///{tmp_path}/empty.sqlite")
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def directory(database: Database, tmp_path: Path) -> DeviceDirectory:
    """The devices as they were last known."""
    file = tmp_path / "devices.json"
    file.write_text(json.dumps([asdict(DEVICE)]))
    return DeviceDirectory(database, file)


def event(calling: str, **request: Any) -> Any:
    association = SimpleNamespace(requestor=SimpleNamespace(ae_title=calling))
    context = SimpleNamespace(transfer_syntax=EXPLICIT)
    return SimpleNamespace(assoc=association, context=context, request=SimpleNamespace(**request), is_cancelled=False)


def encoded(**attributes: Any) -> BytesIO:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return BytesIO(encode(made, False, True) or b"")


def status_of(answer: Any) -> int:
    return answer.Status if isinstance(answer, Dataset) else answer


@pytest.mark.parametrize("calling,status", [("T01_CT", 0xA700), ("STRANGER", 0x0124)])
def test_a_worklist_that_cannot_be_given(
    database: Database, directory: DeviceDirectory, calling: str, status: int
) -> None:
    service = ModalityWorklist(database, directory, ZONE)
    ((answer, item),) = service.find(event(calling, Identifier=encoded(PatientName="")))
    assert (status_of(answer), item) == (status, None)
    assert len(answer.ErrorComment) <= 64


@pytest.mark.parametrize(
    "calling,uid,status", [("T01_CT", "1.2.3", 0x0213), ("STRANGER", "1.2.3", 0x0124), ("T01_CT", "one", 0x0117)]
)
def test_a_step_that_cannot_be_kept(
    database: Database, directory: DeviceDirectory, calling: str, uid: str, status: int
) -> None:
    service = PerformedSteps(database, directory, ZONE)
    scheduled = Dataset()
    scheduled.StudyInstanceUID = "1.2"
    report = {"PerformedProcedureStepStatus": "IN PROGRESS", "ScheduledStepAttributesSequence": [scheduled]}
    begun, _ = service.create(event(calling, AffectedSOPInstanceUID=uid, AttributeList=encoded(**report)))
    changed, _ = service.set(event(calling, RequestedSOPInstanceUID=uid, ModificationList=encoded(**report)))
    assert [status_of(begun), status_of(changed)] == [status, status]


def test_a_device_whose_rule_makes_no_sense_gets_latin_letters() -> None:
    assert charset_of(KnownDevice(1, "X", "dicom", 1, "t01", "clinic", worklist_charset="??")) == WorklistCharset()
