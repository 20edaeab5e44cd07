"""An order as a worklist item (PS3.4 table K.6-1), cut to what the device asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from pydicom import Dataset
from pydicom.dataelem import DataElement
from pydicom.sequence import Sequence as ItemSequence

from dicom_gateway.identifiers import items
from dicom_gateway.worklist.escapes import with_escapes
from dicom_gateway.worklist.texts import DeviceText
from storage.db.models import ExamOrder
from storage.domain.orders import OrderState
from storage.domain.reading import Priority
from storage.domain.worklist_charsets import WorklistCharset

_SPECIFIC_CHARACTER_SET = 0x00080005
_SHORT, _LONG, _TEXT = 16, 64, 1024
"""Characters of an SH, LO and LT value; a console's screen has no room for the 10240 of LT (PS3.5 6.2)."""

_CODING_SCHEME = "99COUNTY"
_PRIORITIES: Mapping[str, str] = {
    Priority.P0: "STAT",
    Priority.P1: "HIGH",
    Priority.P2: "ROUTINE",
    Priority.P3: "LOW",
}
_UNKNOWN = (
    "ReferencedStudySequence",
    "ReferencedPatientSequence",
    "PatientWeight",
    "PatientSize",
    "MedicalAlerts",
    "Allergies",
    "PregnancyStatus",
    "AdmissionID",
    "SpecialNeeds",
    "CurrentPatientLocation",
    "PatientState",
    "PatientTransportArrangements",
    "ConfidentialityConstraintOnPatientDataDescription",
)
_UNKNOWN_OF_STEP = (
    "ScheduledPerformingPhysicianName",
    "ScheduledStationName",
    "ScheduledProcedureStepLocation",
    "PreMedication",
    "RequestedContrastAgent",
)
"""Type 2 return keys that an order does not tell: present when asked for, and empty."""


@dataclass(frozen=True)
class Answering:
    """For whom items are written: its character set, the station and modality to name, and the county's time."""

    charset: WorklistCharset
    station: str
    modalities: Mapping[str, str]
    zone: tzinfo

    @property
    def text(self) -> DeviceText:
        return DeviceText(self.charset)


def worklist_item(order: ExamOrder, answering: Answering, request: Mapping[str, Any]) -> Dataset:
    """The attributes of `order` that `request` has, in the device's character set."""
    made = _asked_for(_whole(order, answering), request)
    if answering.charset.terms:
        made.SpecificCharacterSet = list(answering.charset.terms)
    return with_escapes(made) if answering.charset.needs_escapes else made


def _whole(order: ExamOrder, answering: Answering) -> Dataset:
    made = _empty(_UNKNOWN)
    _add_patient(made, order, answering.text)
    _add_request(made, order, answering.text)
    made.ScheduledProcedureStepSequence = [_step(order, answering)]
    return made


def _add_patient(made: Dataset, order: ExamOrder, write: DeviceText) -> None:
    made.PatientName = write.name(order.patient_name, order.romanised_name)
    made.PatientID = write.text(order.patient_id, _LONG)
    made.PatientBirthDate = order.birth_date
    made.PatientSex = order.sex
    made.IssuerOfPatientID = write.text(order.patient_issuer, _LONG)
    made.PatientTelephoneNumbers = write.text(order.phone, _SHORT)
    made.AdditionalPatientHistory = write.text(order.clinical_information, _TEXT)


def _add_request(made: Dataset, order: ExamOrder, write: DeviceText) -> None:
    made.AccessionNumber = write.text(order.accession_number, _SHORT)
    made.RequestedProcedureID = made.AccessionNumber
    made.StudyInstanceUID = order.study_instance_uid
    made.InstitutionName = write.text(order.institution.name, _LONG)
    made.ReferringPhysicianName = write.name(order.referring_doctor)
    made.RequestingPhysician = write.name(order.referring_doctor)
    made.RequestingService = write.text(order.referring_department, _LONG)
    made.RequestedProcedureDescription = _description(order, write)
    made.RequestedProcedureCodeSequence = _codes(order, write)
    made.ReasonForTheRequestedProcedure = write.text(order.diagnosis, _LONG)
    made.RequestedProcedurePriority = _PRIORITIES[order.priority]
    made.PlacerOrderNumberImagingServiceRequest = write.text(order.placer_order_number, _LONG)
    made.FillerOrderNumberImagingServiceRequest = write.text(order.filler_order_number, _LONG)


def _step(order: ExamOrder, answering: Answering) -> Dataset:
    write, when = answering.text, order.scheduled_at.astimezone(answering.zone)
    step = _empty(_UNKNOWN_OF_STEP)
    step.Modality = answering.modalities.get(order.modality, order.modality)
    step.ScheduledStationAETitle = order.scheduled_device.ae_title if order.scheduled_device else answering.station
    step.ScheduledProcedureStepStartDate = when.strftime("%Y%m%d")
    step.ScheduledProcedureStepStartTime = when.strftime("%H%M%S")
    step.ScheduledProcedureStepDescription = _description(order, write)
    step.ScheduledProtocolCodeSequence = _codes(order, write)
    step.ScheduledProcedureStepID = write.text(order.accession_number, _SHORT)
    step.ScheduledProcedureStepStatus = "STARTED" if order.state == OrderState.STARTED else "SCHEDULED"
    step.CommentsOnTheScheduledProcedureStep = write.text(order.clinical_information, _TEXT)
    return step


def _description(order: ExamOrder, write: DeviceText) -> str:
    """Type 1C: never empty where there is no code."""
    return write.text(order.procedure_description or order.procedure_code or order.modality, _LONG)


def _codes(order: ExamOrder, write: DeviceText) -> list[Dataset]:
    if not order.procedure_code:
        return []
    code = Dataset()
    code.CodeValue = write.text(order.procedure_code, _SHORT)
    code.CodingSchemeDesignator = _CODING_SCHEME
    code.CodeMeaning = _description(order, write)
    return [code]


def _empty(keywords: tuple[str, ...]) -> Dataset:
    made = Dataset()
    for keyword in keywords:
        setattr(made, keyword, [] if keyword.endswith("Sequence") else None)
    return made


def _asked_for(whole: Dataset, request: Mapping[str, Any]) -> Dataset:
    made = Dataset()
    for element in whole:
        tag = f"{element.tag:08X}"
        if tag in request and element.tag != _SPECIFIC_CHARACTER_SET:
            made.add(_cut(element, next(iter(items(request, tag)), {})) if element.VR == "SQ" else element)
    return made


def _cut(element: DataElement, keys: Mapping[str, Any]) -> DataElement:
    """The sequence with the keys that its item in the request has; all of them when that has none (PS3.4 K.2.2.1.2)."""
    if not keys:
        return element
    return DataElement(element.tag, "SQ", ItemSequence([_asked_for(item, keys) for item in element.value]))
