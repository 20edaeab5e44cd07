"""Performed procedure steps, reported by pynetdicom as equipment does."""

from typing import Any

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid
from pynetdicom.association import Association
from pynetdicom.sop_class import ModalityPerformedProcedureStep
from sqlalchemy import select

from storage.db.models import Institution, PerformedStep, ReadinessSignal
from tests.functional.orders.clinics import Clinic


def reporting(clinic: Clinic, syntax: str = ExplicitVRLittleEndian):
    return clinic.associate(ModalityPerformedProcedureStep, syntax)


def scheduled(study_instance_uid: str, accession_number: str = "") -> Dataset:
    step = Dataset()
    step.StudyInstanceUID = study_instance_uid
    step.AccessionNumber = accession_number
    step.ReferencedStudySequence = []
    return step


def beginning(study_instance_uid: str, **over: Any) -> Dataset:
    report = Dataset()
    report.ScheduledStepAttributesSequence = [scheduled(study_instance_uid)]
    report.PatientName = "OUYANG^SAN"
    report.PatientID = "0007"
    report.PerformedProcedureStepID = "PPS1"
    report.PerformedStationAETitle = "T01_CT"
    report.PerformedProcedureStepStartDate = "20260309"
    report.PerformedProcedureStepStartTime = "093000"
    report.PerformedProcedureStepStatus = "IN PROGRESS"
    report.Modality = "CT"
    for keyword, value in over.items():
        if value is None:
            delattr(report, keyword)
        else:
            setattr(report, keyword, value)
    return report


def ending(status: str, images: list[str] = (), others: list[str] = ()) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = generate_uid()
    series.ReferencedImageSequence = [reference(uid) for uid in images]
    series.ReferencedNonImageCompositeSOPInstanceSequence = [reference(uid) for uid in others]
    report = Dataset()
    report.PerformedProcedureStepStatus = status
    report.PerformedProcedureStepEndDate = "20260309"
    report.PerformedProcedureStepEndTime = "094500"
    report.PerformedSeriesSequence = [series]
    return report


def reference(uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    item.ReferencedSOPInstanceUID = uid
    return item


def create(association: Association, report: Dataset, uid: str | None = None) -> Dataset:
    return association.send_n_create(report, ModalityPerformedProcedureStep, uid)[0]


def change(association: Association, report: Dataset, uid: str) -> Dataset:
    return association.send_n_set(report, ModalityPerformedProcedureStep, uid)[0]


def steps_of(clinic: Clinic) -> list[PerformedStep]:
    with clinic.database.read() as work:
        query = select(PerformedStep).join(Institution).where(Institution.code == clinic.code)
        return list(work.session.execute(query.order_by(PerformedStep.id)).scalars())


def signals_about(clinic: Clinic, study_instance_uid: str) -> list[ReadinessSignal]:
    rows = clinic.gateway.rows(ReadinessSignal)
    return [row for row in rows if row.study_instance_uid == study_instance_uid]


def test_a_step_begins_ends_and_lists_its_objects(clinic: Clinic) -> None:
    order, uid, objects = clinic.order(), generate_uid(), [generate_uid() for _ in range(3)]
    study = order.study_instance_uid
    with reporting(clinic, ImplicitVRLittleEndian) as association:
        assert create(association, beginning(study), uid).Status == 0x0000
        assert clinic.state_of(order) == "started"
        assert create(association, beginning(study), uid).Status == 0x0111
        comment = Dataset()
        comment.CommentsOnThePerformedProcedureStep = "ok"
        assert change(association, comment, uid).Status == 0x0000
        assert change(association, ending("COMPLETED", objects[:2], objects[2:]), uid).Status == 0x0000
        final = change(association, ending("DISCONTINUED"), uid)
    assert (final.Status, final.ErrorID) == (0x0110, 0xA710)
    assert final.ErrorComment == "Performed Procedure Step Object may no longer be updated"
    (step,) = steps_of(clinic)
    assert (step.state, step.modality, step.faults) == ("COMPLETED", "CT", [])
    assert (step.objects, step.studies) == (sorted(objects), [study])
    assert step.attributes["00400280"]["Value"] == ["ok"]
    (signal,) = signals_about(clinic, study)
    assert (signal.kind, signal.objects) == ("performed", sorted(objects))
    assert clinic.state_of(order) == "completed"


def test_refusals_say_why(clinic: Clinic, other_clinic: Clinic) -> None:
    order = clinic.order()
    study, uid = order.study_instance_uid, generate_uid()
    with reporting(clinic) as association:
        assert create(association, beginning(study, ScheduledStepAttributesSequence=None)).Status == 0x0120
        assert create(association, beginning(study, PerformedProcedureStepStatus=None)).Status == 0x0120
        assert create(association, beginning(study, PerformedProcedureStepStatus="COMPLETED")).Status == 0x0106
        assert change(association, ending("COMPLETED"), generate_uid()).Status == 0x0112
        assert create(association, beginning(study), uid).Status == 0x0000
        assert change(association, ending("PAUSED"), uid).Status == 0x0106
    with reporting(other_clinic) as stranger:
        assert change(stranger, ending("COMPLETED"), uid).Status == 0x0112
        assert create(stranger, beginning(study), uid).Status == 0x0111
        assert create(stranger, beginning(study), generate_uid()).Status == 0x0000
    assert clinic.state_of(order) == "started"
    with reporting(clinic) as association:
        assert change(association, ending("DISCONTINUED"), uid).Status == 0x0000
    assert clinic.state_of(order) == "discontinued"
    assert [signal.kind for signal in signals_about(clinic, study)] == ["discontinued"]


def test_old_equipment_that_leaves_things_out_is_taken_all_the_same(clinic: Clinic) -> None:
    order, study = clinic.order(accession_number="A1"), generate_uid()
    report = beginning(study, PerformedProcedureStepID="", PerformedProcedureStepStartTime=None)
    report.ScheduledStepAttributesSequence = [scheduled(study, "A1")]
    report.add_new(0x00400254, "LO", "胸部".encode("gbk"))
    with reporting(clinic) as association:
        assert create(association, report).Status == 0x0000
        (step,) = steps_of(clinic)
        assert step.faults == ["Performed Procedure Step ID", "Performed Procedure Step Start Time"]
        assert step.attributes["00400254"]["Value"] == ["胸部"]
        assert clinic.state_of(order) == "started"
        end = Dataset()
        end.PerformedProcedureStepStatus = "COMPLETED"
        assert change(association, end, step.sop_instance_uid).Status == 0x0000
    (step,) = steps_of(clinic)
    assert "Performed Series Sequence" in step.faults
    assert (step.objects, step.ended_at is not None) == ([], True)
    assert clinic.state_of(order) == "completed"
