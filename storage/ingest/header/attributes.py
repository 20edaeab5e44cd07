"""What the catalogue needs to know of an object, from the first values of a few attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from storage.domain.devices import CharsetRule
from storage.domain.documents import CompactDocument
from storage.domain.identifiers import is_usable_uid
from storage.domain.reading import Priority
from storage.ingest.identity import PatientIdentity, patient_identity
from storage.ingest.json_values import DicomJson
from storage.ingest.times import earliest_plausible, offset_zone, parse_date_and_time, parse_date_time

UID_TAGS = (0x00080016, 0x00080018, 0x0020000D, 0x0020000E)
"""SOP class, SOP instance, study, series."""

_TIMES = ((0x00080023, 0x00080033), (0x00080022, 0x00080032), (0x00080021, 0x00080031), (0x00080020, 0x00080030))
_PATIENT = (0x00100020, 0x00100010, 0x00100040, 0x00100030)
_TEXTS = (0x00080060, 0x00081030, 0x00321060, 0x0008103E, 0x00180015, 0x00200060, 0x00200062, 0x00080050)
_NUMBERS = (0x00200011, 0x00200013, 0x00280008, 0x00280010, 0x00280011)
_OTHERS = (0x00401003, 0x0032000C, 0x00080201, 0x0008002A)
_COUNTS = (0x00201208, 0x00201209, 0x00200012, 0x00201002)
CATALOGUED = frozenset((*_PATIENT, *_TEXTS, *_NUMBERS, *_OTHERS, *_COUNTS, *(tag for pair in _TIMES for tag in pair)))
"""Attributes whose first values `header_of` asks for."""

_MAX_TEXT = 1024
_MAX_NUMBER = 2**31 - 1
_BEFORE_READING = ("SR", "KO", "PR", "DOC", "AU", "REG", "FID", "SEG", "RTSTRUCT", "RTPLAN", "RTRECORD", "RWV", "PLAN")
"""Modalities of what accompanies images; a study is read as one of these only when it has nothing else."""

_URGENT = frozenset({"STAT", "HIGH"})

FirstValues = Mapping[int, Any]
"""The first values of attributes that have one, as DICOM JSON writes them, by tag."""


@dataclass(frozen=True)
class Identifiers:
    """The four UIDs that place an object (PS3.3 C.12.1, C.7.2.1, C.7.3.1); empty where missing."""

    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str

    @property
    def complete(self) -> bool:
        """Whether all are there and fit to be keys."""
        return all(map(is_usable_uid, (self.sop_class_uid, self.sop_instance_uid))) and all(
            map(is_usable_uid, (self.study_instance_uid, self.series_instance_uid))
        )


@dataclass(frozen=True)
class StatedCounts:
    """How many objects there are as the object says: in its study (0020,1208), in its series (0020,1209), and in its
    acquisition (0020,1002), with that acquisition's number (0020,0012). Zero where it does not say.
    """

    study: int = 0
    series: int = 0
    acquisition_number: int = 0
    acquisition: int = 0


@dataclass(frozen=True)
class ObjectHeader:
    """One object as the catalogue sees it. `model` is its DICOM JSON without bulk data."""

    identifiers: Identifiers
    patient: PatientIdentity
    modality: str
    study_description: str
    series_description: str
    body_part: str
    laterality: str
    accession_number: str
    series_number: int | None
    instance_number: int | None
    frames: int
    rows: int | None
    columns: int | None
    priority: Priority
    exam_started_at: datetime | None
    charset_repair: str
    model: CompactDocument
    stated: StatedCounts = StatedCounts()


@dataclass(frozen=True)
class ReadingRules:
    """What a header cannot tell by itself: the county's time zone, and the character set of the sending device.

    `charset_rule` says when that character set counts.
    """

    zone: tzinfo
    assumed_charset: str = ""
    charset_rule: CharsetRule = CharsetRule.UNDECLARED


def is_read(modality: str) -> bool:
    """Whether objects of this modality are what a study is read for."""
    return modality not in _BEFORE_READING


def text_of_uid(value: bytes) -> str:
    """A UI value without its padding (PS3.5 6.2, and as some pad it)."""
    return value.decode("latin-1").strip("\x00 ")


def header_of(
    identifiers: Identifiers,
    elements: Mapping[int, DicomJson],
    model: CompactDocument,
    repair: str,
    received_at: datetime,
    zone: tzinfo,
) -> ObjectHeader:
    """The header of an object that was received at `received_at`; what does not fit is as good as missing.

    `elements` are those of `CATALOGUED` that the object has, as in its model.
    """
    first = {tag: element["Value"][0] for tag, element in elements.items() if "Value" in element}
    patient_id, name, sex, birth_date = (first.get(tag) for tag in _PATIENT)
    modality, study, requested, series, part, laterality, frame_laterality, accession = _texts(first, _TEXTS)
    series_number, number, frames, rows, columns = [_number(first.get(tag)) for tag in _NUMBERS]
    return ObjectHeader(
        identifiers=identifiers,
        patient=_patient(_text(patient_id), name, _text(sex), _text(birth_date)),
        modality=modality.upper()[:16],
        study_description=study or requested,
        series_description=series,
        body_part=part,
        laterality=laterality or frame_laterality,
        accession_number=accession,
        series_number=series_number,
        instance_number=number,
        frames=max(1, frames or 1),
        rows=rows,
        columns=columns,
        priority=_priority(first, modality),
        exam_started_at=_exam_start(first, received_at, zone),
        charset_repair=repair,
        model=model,
        stated=StatedCounts(*(max(0, _number(first.get(tag)) or 0) for tag in _COUNTS)),
    )


def _texts(first: FirstValues, tags: tuple[int, ...]) -> list[str]:
    return [_text(first.get(tag)) for tag in tags]


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict) else str(value).strip()[:_MAX_TEXT]


def _number(value: Any) -> int | None:
    if value is None:
        return None
    try:
        number = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) <= _MAX_NUMBER else None


def _patient(patient_id: str, name: Any, sex: str, birth_date: str) -> PatientIdentity:
    groups = (
        tuple((group, part) for group, part in name.items() if isinstance(part, str)) if isinstance(name, dict) else ()
    )
    return _remembered_patient(patient_id, groups, sex, birth_date)


@lru_cache(maxsize=1 << 10)
def _remembered_patient(
    patient_id: str, name: tuple[tuple[str, str], ...], sex: str, birth_date: str
) -> PatientIdentity:
    return patient_identity(patient_id, dict(name), sex, birth_date)


def _priority(first: FirstValues, modality: str) -> Priority:
    """STAT or HIGH requests (0040,1003), (0032,000C), and every ECG, come before the routine."""
    urgent = {_text(first.get(0x00401003)).upper(), _text(first.get(0x0032000C)).upper()} & _URGENT
    return Priority.P1 if urgent or modality.upper() == "ECG" else Priority.P2


def _exam_start(first: FirstValues, received_at: datetime, county: tzinfo) -> datetime | None:
    zone = offset_zone(_text(first.get(0x00080201))) or county
    told = [parse_date_time(_text(first.get(0x0008002A)), zone)]
    told += [parse_date_and_time(_text(first.get(date)), _text(first.get(time)), zone) for date, time in _TIMES]
    return earliest_plausible(told, received_at)
