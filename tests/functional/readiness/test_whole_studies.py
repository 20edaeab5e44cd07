"""When a study is whole, as real devices tell it: DCMTK pushes, pynetdicom reports steps and asks for commitment."""

from collections.abc import Sequence
from pathlib import Path

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from pynetdicom.sop_class import ModalityPerformedProcedureStep, StorageCommitmentPushModel
from sqlalchemy import select, update

from storage.db.models import Device, ReadingTask, Study
from storage.db.queries.tasks import events_of, tasks_of_study
from tests.functional.gateway.studies import make_study, sop_uid
from tests.functional.orders.clinics import Clinic
from tests.services.waiting import wait_until

PATIENCE = 60
_COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1"
_REQUEST_COMMITMENT = 1


class Exam:
    """One study of a clinic's CT, sent in parts."""

    def __init__(self, clinic: Clinic, folder: Path, images: int = 6) -> None:
        self.clinic = clinic
        self.uid = str(generate_uid())
        self.files = make_study(folder, images, kilobytes=4, StudyInstanceUID=self.uid, PatientName="ZHANG^SAN")
        self._step = str(generate_uid())

    @property
    def uids(self) -> list[str]:
        return [sop_uid(file) for file in self.files]

    def push(self, files: Sequence[Path]) -> None:
        assert self.clinic.gateway.send(*files, calling=self.clinic.ct) == len(files)

    def begin_step(self) -> None:
        report = Dataset()
        scheduled = Dataset()
        scheduled.StudyInstanceUID, scheduled.AccessionNumber, scheduled.ReferencedStudySequence = self.uid, "", []
        report.ScheduledStepAttributesSequence = [scheduled]
        report.PatientName, report.PatientID, report.Modality = "ZHANG^SAN", "P1", "CT"
        report.PerformedProcedureStepID, report.PerformedStationAETitle = "PPS1", self.clinic.ct
        report.PerformedProcedureStepStartDate, report.PerformedProcedureStepStartTime = "20260309", "093000"
        report.PerformedProcedureStepStatus = "IN PROGRESS"
        with self.clinic.associate(ModalityPerformedProcedureStep, ExplicitVRLittleEndian) as association:
            assert association.send_n_create(report, ModalityPerformedProcedureStep, self._step)[0].Status == 0

    def complete_step(self) -> None:
        series = Dataset()
        series.SeriesInstanceUID = generate_uid()
        series.ReferencedImageSequence = [_reference(uid) for uid in self.uids]
        series.ReferencedNonImageCompositeSOPInstanceSequence = []
        report = Dataset()
        report.PerformedProcedureStepStatus = "COMPLETED"
        report.PerformedProcedureStepEndDate, report.PerformedProcedureStepEndTime = "20260309", "094500"
        report.PerformedSeriesSequence = [series]
        with self.clinic.associate(ModalityPerformedProcedureStep, ExplicitVRLittleEndian) as association:
            assert association.send_n_set(report, ModalityPerformedProcedureStep, self._step)[0].Status == 0

    def ask_for_commitment(self) -> None:
        request = Dataset()
        request.TransactionUID = generate_uid()
        request.ReferencedSOPSequence = [_reference(uid) for uid in self.uids]
        with self.clinic.associate(StorageCommitmentPushModel, ExplicitVRLittleEndian) as association:
            status, _ = association.send_n_action(
                request, _REQUEST_COMMITMENT, StorageCommitmentPushModel, _COMMITMENT_INSTANCE
            )
            assert status.Status == 0
            # The answer may be on its way on this line; pynetdicom cannot take one while it releases.
            association.abort()

    def study(self) -> Study | None:
        with self.clinic.database.read() as work:
            query = select(Study).where(Study.study_instance_uid == self.uid)
            return work.session.execute(query).scalar_one_or_none()

    def tasks(self) -> list[ReadingTask]:
        study = self.study()
        with self.clinic.database.read() as work:
            return list(tasks_of_study(work, study.id)) if study is not None else []

    def wait_until_it_waits(self, images: int, waiting_for: str) -> Study:
        def waits() -> Study | None:
            study = self.study()
            has_all = study is not None and study.instance_count == images
            return study if has_all and study.waiting_for == waiting_for else None

        return wait_until(waits, PATIENCE, f"{images} images and to wait for {waiting_for}")

    def wait_until_ready(self, images: int) -> Study:
        def is_ready() -> Study | None:
            study = self.study()
            has_all = study is not None and study.instance_count == images
            return study if has_all and study.state == "ready" else None

        return wait_until(is_ready, PATIENCE, f"the study to be whole with {images} images")

    def actions(self) -> list[str]:
        (task,) = self.tasks()
        with self.clinic.database.read() as work:
            return [event.action for event in events_of(work, task.id)]


def _reference(uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid
    return item


def _set_device(clinic: Clinic, **values: object) -> None:
    with clinic.database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == clinic.ct).values(values))


def test_three_associations_and_a_completed_step_make_one_task(clinic: Clinic, tmp_path: Path) -> None:
    exam = Exam(clinic, tmp_path)
    exam.begin_step()
    for start in (0, 2, 4):
        exam.push(exam.files[start : start + 2])
    exam.wait_until_it_waits(6, "idle")
    assert exam.tasks() == []
    exam.complete_step()
    assert exam.wait_until_ready(6).ready_reason == "listed"
    assert exam.actions() == ["open"]


def test_a_step_that_is_completed_first_says_what_is_still_missing(clinic: Clinic, tmp_path: Path) -> None:
    exam = Exam(clinic, tmp_path)
    exam.begin_step()
    exam.complete_step()
    exam.push(exam.files[:4])
    study = exam.wait_until_it_waits(4, "missing")
    assert (study.missing_count, study.expected_count) == (2, 6)
    exam.push(exam.files[4:])
    study = exam.wait_until_ready(6)
    assert (study.ready_reason, study.missing_count) == ("listed", 0)
    assert exam.actions() == ["open"]


def test_a_request_for_commitment_makes_the_task(clinic: Clinic, tmp_path: Path) -> None:
    exam = Exam(clinic, tmp_path)
    exam.push(exam.files)
    exam.wait_until_it_waits(6, "idle")
    exam.ask_for_commitment()
    assert exam.wait_until_ready(6).ready_reason == "listed"
    assert exam.actions() == ["open"]


def test_a_pause_longer_than_the_idle_time_adds_to_the_one_task(clinic: Clinic, tmp_path: Path) -> None:
    _set_device(clinic, ready_idle=0.5)
    exam = Exam(clinic, tmp_path)
    for end in (2, 4, 6):
        exam.push(exam.files[end - 2 : end])
        assert exam.wait_until_ready(end).ready_reason == "idle"
    assert exam.actions() == ["open", "late_images", "late_images"]


def test_a_device_of_whole_exams_is_read_when_it_hangs_up(clinic: Clinic, tmp_path: Path) -> None:
    _set_device(clinic, release_means_whole=True)
    exam = Exam(clinic, tmp_path)
    exam.push(exam.files)
    assert exam.wait_until_ready(6).ready_reason == "released"


def test_objects_that_say_how_many_they_are_make_it_whole(clinic: Clinic, tmp_path: Path) -> None:
    exam = Exam(clinic, tmp_path)
    exam.files = make_study(tmp_path, 3, kilobytes=4, StudyInstanceUID=exam.uid, NumberOfStudyRelatedInstances="3")
    exam.push(exam.files)
    assert exam.wait_until_ready(3).ready_reason == "counted"


def test_what_was_said_while_the_intake_was_dead_counts_when_it_is_back(clinic: Clinic, tmp_path: Path) -> None:
    exam = Exam(clinic, tmp_path)
    exam.begin_step()
    exam.push(exam.files[:3])
    exam.wait_until_it_waits(3, "idle")
    clinic.gateway.intake.kill()
    exam.push(exam.files[3:])
    exam.complete_step()
    clinic.gateway.start_one("intake")
    assert exam.wait_until_ready(6).ready_reason == "listed"
    assert exam.actions() == ["open"]
