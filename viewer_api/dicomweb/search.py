"""QIDO-RS (PS3.18 10.6): the attributes that a search can match, and what it returns, from the catalogue's rows."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage.db.models import Instance, Series, Study
from storage.db.queries.studies import StudyFilter
from storage.domain.errors import Invalid
from viewer_api.dicomweb.metadata import DicomJson

_KEYWORDS = {
    "00080020": "StudyDate",
    "00080050": "AccessionNumber",
    "00080061": "ModalitiesInStudy",
    "00100010": "PatientName",
    "00100020": "PatientID",
    "0020000D": "StudyInstanceUID",
}
_ISSUED = ("00080016", "00080018", "00200013", "00280008", "00280010", "00280011", "00280100")
"""Attributes of an instance level answer that come from its header (PS3.18 table 10.6.3-5)."""


def study_filter(parameters: Mapping[str, str], zone: ZoneInfo) -> StudyFilter:
    """What a search asks for. Unknown attributes do not match anything here and are passed over (PS3.18 8.3.4).

    Raises `Invalid` for a date that is none.
    """
    named = {_KEYWORDS.get(name, name): text.strip() for name, text in parameters.items()}
    first, last = _days(named.get("StudyDate", ""))
    uids = named.get("StudyInstanceUID", "").replace("\\", ",")
    return StudyFilter(
        study_instance_uids=[uid for uid in uids.split(",") if uid],
        patient_id=named.get("PatientID", ""),
        patient_name=named.get("PatientName", "").replace("^", " "),
        accession_number=named.get("AccessionNumber", ""),
        modality=named.get("ModalitiesInStudy", ""),
        started_from=_midnight(first, zone) if first else None,
        started_before=_midnight(last, zone) + timedelta(days=1) if last else None,
    )


def _days(text: str) -> tuple[str, str]:
    first, dash, last = text.partition("-")
    return (first, last) if dash else (first, first)


def _midnight(day: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Invalid(
            "StudyDate is YYYYMMDD, or a range of two such dates with '-' between (PS3.4 C.2.2.2.5)."
        ) from None
    return datetime.combine(found, time(), zone)


def study_json(study: Study, modalities: list[str], zone: ZoneInfo, root: str) -> DicomJson:
    """A study level answer (PS3.18 table 10.6.3-3)."""
    started = study.exam_started_at.astimezone(zone) if study.exam_started_at else None
    return {
        "00080005": element("CS", "ISO_IR 192"),
        "00080020": element("DA", started.strftime("%Y%m%d") if started else None),
        "00080030": element("TM", started.strftime("%H%M%S") if started else None),
        "00080050": element("SH", study.accession_number),
        "00080056": element("CS", "ONLINE"),
        "00080061": element("CS", *modalities),
        "00080090": element("PN", None),
        "00081030": element("LO", study.description),
        "00081190": element("UR", f"{root}/studies/{study.study_instance_uid}"),
        "00100010": _person_name(study.patient.name),
        "00100020": element("LO", study.patient.patient_id),
        "00100030": element("DA", study.patient.birth_date.replace("-", "")),
        "00100040": element("CS", study.patient.sex),
        "0020000D": element("UI", study.study_instance_uid),
        "00200010": element("SH", None),
        "00201206": element("IS", study.series_count + study.own_series_count),
        "00201208": element("IS", study.instance_count + study.own_instance_count),
    }


def series_json(series: Series, study: Study, root: str) -> DicomJson:
    """A series level answer (PS3.18 table 10.6.3-4)."""
    url = f"{root}/studies/{study.study_instance_uid}/series/{series.series_instance_uid}"
    return {
        "00080005": element("CS", "ISO_IR 192"),
        "00080060": element("CS", series.modality),
        "0008103E": element("LO", series.description),
        "00080056": element("CS", "ONLINE"),
        "00081190": element("UR", url),
        "00180015": element("CS", series.body_part),
        "0020000D": element("UI", study.study_instance_uid),
        "0020000E": element("UI", series.series_instance_uid),
        "00200011": element("IS", series.number),
        "00200060": element("CS", series.laterality),
        "00201209": element("IS", series.instance_count),
    }


def instance_json(instance: Instance, series_url: str) -> DicomJson:
    """An instance level answer."""
    found: DicomJson = {tag: instance.header[tag] for tag in _ISSUED if tag in instance.header}
    return {
        **found,
        "00080005": element("CS", "ISO_IR 192"),
        "00080016": element("UI", instance.sop_class_uid),
        "00080018": element("UI", instance.sop_instance_uid),
        "00080056": element("CS", "ONLINE"),
        "00081190": element("UR", f"{series_url}/instances/{instance.sop_instance_uid}"),
        "00083002": element("UI", instance.transfer_syntax_uid),
    }


def element(vr: str, *found: Any) -> DicomJson:
    """An attribute in DICOM JSON; without a value when there is none."""
    present = [one for one in found if one not in (None, "")]
    return {"vr": vr, "Value": present} if present else {"vr": vr}


def _person_name(name: str) -> DicomJson:
    if not name:
        return {"vr": "PN"}
    group = "Alphabetic" if name.isascii() else "Ideographic"
    return {"vr": "PN", "Value": [{group: name}]}
