"""The rejection note of IHE IOCM: a Key Object Selection whose title says why the objects it names are not to be used.

TID 2010 (PS3.16) in a Key Object Selection Document (PS3.3 A.35.4); the titles are of CID 7010.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydicom import Dataset
from pydicom.sequence import Sequence as DicomSequence

from reading_queue.documents import codes, content_items
from reading_queue.documents.objects import KEY_OBJECT_SELECTION, evidence, sop_reference
from reading_queue.documents.told import Study
from storage.domain.rejections import Title

_TITLES: Mapping[Title, codes.Code] = {
    Title.QUALITY: (Title.QUALITY, "DCM", "Rejected for Quality Reasons"),
    Title.SAFETY: (Title.SAFETY, "DCM", "Rejected for Patient Safety Reasons"),
    Title.WORKLIST: (Title.WORKLIST, "DCM", "Incorrect Modality Worklist Entry"),
}
_SERIES_NUMBER = 9004
_LONG_STRING, _SHORT_STRING = 64, 16


@dataclass(frozen=True)
class Rejected:
    """An object that is rejected."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str


@dataclass(frozen=True)
class Rejection:
    """What a note says. `centre` is whose reader rejects, `reader` his name, `reason` what he said."""

    title: Title
    series_instance_uid: str
    sop_instance_uid: str
    at: datetime
    study: Study
    centre: str
    reader: str
    reason: str
    objects: Sequence[Rejected]


def rejection_note(told: Rejection) -> Dataset:
    """The document; `told` names at least one object."""
    ds = _modules(told)
    by_series: dict[str, list[tuple[str, str]]] = {}
    for one in told.objects:
        by_series.setdefault(one.series_instance_uid, []).append((one.sop_class_uid, one.sop_instance_uid))
    ds.ReferencedRequestSequence = DicomSequence()
    ds.CurrentRequestedProcedureEvidenceSequence = evidence(told.study.study_instance_uid, by_series)
    ds.update(_content(told))
    return ds


def _content(told: Rejection) -> Dataset:
    observer = [
        content_items.code(codes.OBSERVER_TYPE, codes.PERSON, content_items.HAS_OBS_CONTEXT),
        content_items.person(codes.OBSERVER_NAME, told.reader, content_items.HAS_OBS_CONTEXT),
    ]
    said = [content_items.text(codes.KEY_OBJECT_DESCRIPTION, told.reason)] if told.reason else []
    shown = [content_items.image(sop_reference(one.sop_class_uid, one.sop_instance_uid)) for one in told.objects]
    root = content_items.container(_TITLES[told.title], [*observer, *said, *shown], relation="")
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    root.ContentTemplateSequence = DicomSequence([template])
    return root


def _modules(told: Rejection) -> Dataset:
    ds, study, at = Dataset(), told.study, told.at
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = KEY_OBJECT_SELECTION, told.sop_instance_uid
    ds.InstanceCreationDate = ds.ContentDate = at.strftime("%Y%m%d")
    ds.InstanceCreationTime = ds.ContentTime = at.strftime("%H%M%S")
    ds.TimezoneOffsetFromUTC = at.strftime("%z")
    ds.StudyDate, ds.StudyTime = study.study_date, study.study_time
    ds.AccessionNumber = study.accession_number
    ds.Modality = "KO"
    ds.Manufacturer, ds.ManufacturerModelName = "County Reading", "COUNTYREAD"
    ds.InstitutionName = told.centre[:_LONG_STRING]
    ds.ReferringPhysicianName = study.referring_physician
    ds.StudyDescription = study.description[:_LONG_STRING]
    ds.SeriesDescription = "退回图像"
    ds.ReferencedPerformedProcedureStepSequence = DicomSequence()
    ds.PatientName, ds.PatientID = study.patient_name, study.patient_id
    if study.issuer:
        ds.IssuerOfPatientID = study.issuer
    ds.PatientBirthDate, ds.PatientSex = study.birth_date, study.sex
    ds.StudyInstanceUID, ds.SeriesInstanceUID = study.study_instance_uid, told.series_instance_uid
    ds.StudyID = study.study_id[:_SHORT_STRING]
    ds.SeriesNumber, ds.InstanceNumber = _SERIES_NUMBER, 1
    return ds
