"""What the documents have in common: patient, study, series, equipment, and their bytes as a Part 10 file."""

import io
from collections.abc import Iterable
from datetime import datetime

from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from reading_queue.documents.told import KeyFrame, Told
from reading_queue.documents.uids import DocumentKind, document_uid, series_uid
from storage.ingest.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME

BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59"
ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22"
SOP_CLASSES = {
    DocumentKind.REPORT: BASIC_TEXT_SR,
    DocumentKind.PAPER: ENCAPSULATED_PDF,
    DocumentKind.KEY_IMAGES: KEY_OBJECT_SELECTION,
    DocumentKind.MEASUREMENTS: ENHANCED_SR,
}
_MODALITIES = {
    DocumentKind.REPORT: "SR",
    DocumentKind.PAPER: "DOC",
    DocumentKind.KEY_IMAGES: "KO",
    DocumentKind.MEASUREMENTS: "SR",
}
_SERIES_NUMBERS = {
    DocumentKind.REPORT: 9001,
    DocumentKind.PAPER: 9002,
    DocumentKind.KEY_IMAGES: 9003,
    DocumentKind.MEASUREMENTS: 9004,
}
_DESCRIPTIONS = {
    DocumentKind.REPORT: "诊断报告",
    DocumentKind.PAPER: "诊断报告 PDF",
    DocumentKind.KEY_IMAGES: "关键图像",
    DocumentKind.MEASUREMENTS: "测量",
}
_MANUFACTURER, _MODEL = "County Reading", "COUNTYREAD"
_LONG_STRING, _SHORT_STRING = 64, 16


def empty_document(told: Told, kind: DocumentKind) -> Dataset:
    """The modules that every composite object of the study has (PS3.3 C.7.1.1, C.7.2.1, C.7.5.1, C.12.1)."""
    ds, study = Dataset(), told.study
    signed = told.signed_at.astimezone(told.zone)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.InstanceCreationDate, ds.InstanceCreationTime = _day(signed), _time(signed)
    ds.SOPClassUID = SOP_CLASSES[kind]
    ds.SOPInstanceUID = document_uid(told.sha256, kind)
    ds.StudyDate, ds.StudyTime = study.study_date, study.study_time
    ds.ContentDate, ds.ContentTime = _day(signed), _time(signed)
    ds.AccessionNumber = study.accession_number
    ds.Modality = _MODALITIES[kind]
    ds.Manufacturer, ds.ManufacturerModelName = _MANUFACTURER, _MODEL
    ds.InstitutionName = told.content["centre"]["name"][:_LONG_STRING]
    ds.ReferringPhysicianName = study.referring_physician
    ds.TimezoneOffsetFromUTC = signed.strftime("%z")
    if study.description:
        ds.StudyDescription = study.description[:_LONG_STRING]
    ds.SeriesDescription = _DESCRIPTIONS[kind]
    ds.ReferencedPerformedProcedureStepSequence = Sequence()
    ds.PatientName, ds.PatientID = study.patient_name, study.patient_id
    if study.issuer:
        ds.IssuerOfPatientID = study.issuer
    ds.PatientBirthDate, ds.PatientSex = study.birth_date, study.sex
    ds.StudyInstanceUID = study.study_instance_uid
    ds.SeriesInstanceUID = series_uid(study.study_instance_uid, told.report_id, kind)
    ds.StudyID = study.study_id[:_SHORT_STRING]
    ds.SeriesNumber, ds.InstanceNumber = _SERIES_NUMBERS[kind], told.version
    return ds


def part10(ds: Dataset) -> bytes:
    """The object as a file, Explicit VR Little Endian."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    target = io.BytesIO()
    FileDataset("", ds, preamble=bytes(128), file_meta=meta).save_as(target, enforce_file_format=True)
    return target.getvalue()


def frame_reference(one: KeyFrame) -> Dataset:
    """An item of Referenced SOP Sequence (PS3.3 C.18.4); the frame is named where there are several."""
    item = sop_reference(one.sop_class_uid, one.sop_instance_uid)
    if one.frames > 1:
        item.ReferencedFrameNumber = one.frame
    return item


def sop_reference(sop_class_uid: str, sop_instance_uid: str) -> Dataset:
    """SOP class and instance (PS3.3 table 10-11)."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class_uid, sop_instance_uid
    return item


def evidence(study_instance_uid: str, by_series: dict[str, list[tuple[str, str]]]) -> Sequence:
    """A hierarchical SOP instance reference (PS3.3 table C.17-3): SOP class and instance of each object, by series."""
    study = Dataset()
    study.StudyInstanceUID = study_instance_uid
    study.ReferencedSeriesSequence = Sequence(_series(uid, objects) for uid, objects in by_series.items())
    return Sequence([study])


def evidence_of_frames(told: Told, frames: Iterable[KeyFrame]) -> Sequence:
    """The objects that the frames are of, each once."""
    by_series: dict[str, list[tuple[str, str]]] = {}
    for one in frames:
        objects = by_series.setdefault(one.series_instance_uid, [])
        if (one.sop_class_uid, one.sop_instance_uid) not in objects:
            objects.append((one.sop_class_uid, one.sop_instance_uid))
    return evidence(told.study.study_instance_uid, by_series)


def predecessors(told: Told, kind: DocumentKind) -> Sequence:
    """The same document of the versions before (PS3.3 C.17.2)."""
    series = series_uid(told.study.study_instance_uid, told.report_id, kind)
    objects = [(SOP_CLASSES[kind], document_uid(sha256, kind)) for sha256 in told.earlier]
    return evidence(told.study.study_instance_uid, {series: objects})


def date_time(moment: datetime) -> str:
    """DT with its offset (PS3.5 6.2)."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def _series(uid: str, objects: list[tuple[str, str]]) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = uid
    series.ReferencedSOPSequence = Sequence(sop_reference(*one) for one in objects)
    return series


def _day(moment: datetime) -> str:
    return moment.strftime("%Y%m%d")


def _time(moment: datetime) -> str:
    return moment.strftime("%H%M%S")
