"""Exams of invented people: real images where they are at hand, under new UIDs, sent through the gateway."""

from dataclasses import dataclass
from pathlib import Path

import pydicom
import pydicom.data
from pydicom.uid import generate_uid

from tests.services import dcmtk
from tests.services.waiting import wait_until
from tests.system.county import Person, RunningCounty

_PYDICOM_FILES = Path(pydicom.data.__file__).parent / "test_files"
_REAL = {"CT": "ct_head_ge", "DX": "cr", "US": "us", "MR": "mr"}
_SPARE = {"CT": "dicomdirtests/98892001/CT5N", "DX": "dicomdirtests/77654033/CR1", "MR": "dicomdirtests/98892003/MR1"}
_PATIENCE_SECONDS = 90
REPORT = {"findings": "脑实质未见异常密度影。", "impression": "头颅CT平扫未见异常。", "positive": False}


@dataclass(frozen=True)
class Patient:
    """Somebody who does not exist."""

    id: str
    name: str
    sex: str = "M"
    born: str = "19580321"


@dataclass(frozen=True)
class Exam:
    uid: str
    files: tuple[Path, ...]
    task: int = 0


def make_exam(
    shared_data: Path | None, folder: Path, patient: Patient, modality: str = "CT", *, images: int = 99, **tags: str
) -> Exam:
    """At most `images` real images of this kind as one new study of `patient`."""
    folder.mkdir(parents=True)
    source = shared_data / _REAL[modality] if shared_data else _PYDICOM_FILES / _SPARE[modality]
    found = sorted(file for file in source.iterdir() if file.is_file())[:images]
    uids = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()}
    return Exam(uids["StudyInstanceUID"], tuple(_of(patient, file, folder, uids | tags) for file in found))


def _of(patient: Patient, source: Path, folder: Path, tags: dict[str, str]) -> Path:
    dataset = pydicom.dcmread(source)
    dataset.SpecificCharacterSet = "GB18030"
    dataset.PatientName, dataset.PatientID = patient.name, patient.id
    dataset.PatientSex, dataset.PatientBirthDate = patient.sex, patient.born
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.AccessionNumber = ""
    for name, value in tags.items():
        setattr(dataset, name, value)
    path = folder / source.name
    dataset.save_as(path)
    return path


def push(county: RunningCounty, exam: Exam, calling: str = "T01_CT") -> None:
    """From a device of the clinic, with DCMTK."""
    sent = dcmtk.send(county.settings.dicom.port, exam.files, calling=calling, called=county.settings.ae_title)
    assert sent.ok, sent.output


def pushed(county: RunningCounty, exam: Exam, calling: str = "T01_CT") -> Exam:
    """The exam with its task, once it is whole and waits for a reader."""
    push(county, exam, calling)
    manager = county.log_in("manager")
    found = wait_until(lambda: _task_of(manager, exam.uid), _PATIENCE_SECONDS, "a task of the exam")
    return Exam(exam.uid, exam.files, found)


def _task_of(person: Person, uid: str) -> int:
    return next((int(one["id"]) for one in person.tasks() if one["study_instance_uid"] == uid), 0)


def read(county: RunningCounty, exam: Exam, **report: object) -> None:
    """Somebody has submitted the report."""
    take(county.log_in("radiologist"), exam, "submit", report={**REPORT, **report})


def read_and_signed(county: RunningCounty, exam: Exam, **report: object) -> None:
    """It was read and signed before this day."""
    read(county, exam, **report)
    take(county.log_in("auditor"), exam, "sign", report={**REPORT, **report})


def take(person: Person, exam: Exam, step: str, **body: object) -> None:
    """Take the exam's case in hand, and at once take this step with it."""
    token = person.post(f"/api/v1/tasks/{exam.task}/claim")["lease_token"]
    person.post(f"/api/v1/tasks/{exam.task}/{step}", {"lease_token": token, **body})
