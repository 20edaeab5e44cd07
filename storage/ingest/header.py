"""From an object's bytes to what the catalogue needs to know of it. Pure, and tolerant of everything but missing UIDs."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import BytesIO
from typing import Any, BinaryIO, cast

from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from storage.domain.errors import UnreadableObject
from storage.domain.identifiers import is_usable_uid
from storage.domain.reading import Priority
from storage.ingest.identity import PatientIdentity, patient_identity
from storage.ingest.json_model import LARGE_VALUE, DicomJson, dicom_json
from storage.ingest.scan import scan_values
from storage.ingest.times import earliest_plausible, offset_zone, parse_date_and_time, parse_date_time

_SOP_CLASS, _SOP_INSTANCE, _STUDY, _SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
_UID_TAGS = (_SOP_CLASS, _SOP_INSTANCE, _STUDY, _SERIES)
_SCANNED = 32 << 10
_PIXEL_GROUP = 0x7FE0
_MAX_INFLATED = 64 << 20
_MAX_READS = 500_000
"""Two or three for each element: enough for the frames of a whole-body multi-frame object, and done in seconds."""

_MAX_TEXT = 1024
_MAX_NUMBER = 2**31 - 1
_BEFORE_READING = ("SR", "KO", "PR", "DOC", "AU", "REG", "FID", "SEG", "RTSTRUCT", "RTPLAN", "RTRECORD", "RWV", "PLAN")
"""Modalities of what accompanies images; a study is read as one of these only when it has nothing else."""

_URGENT = frozenset({"STAT", "HIGH"})


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
    model: DicomJson


@dataclass(frozen=True)
class ReadingRules:
    """What a header cannot tell by itself: the county's time zone, and the character set of the sending device."""

    zone: tzinfo
    assumed_charset: str = ""


def is_read(modality: str) -> bool:
    """Whether objects of this modality are what a study is read for."""
    return modality not in _BEFORE_READING


def read_identifiers(stream: BinaryIO, transfer_syntax_uid: str) -> Identifiers:
    """Only the UIDs of the data set that starts here. Raises `UnreadableObject` when there is no data set to read."""
    place = stream.tell()
    if transfer_syntax_uid not in (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian):
        values = scan_values(stream.read(_SCANNED), _UID_TAGS, implicit=transfer_syntax_uid == ImplicitVRLittleEndian)
        if values is not None and all(values):
            return Identifiers(*(_text_of_uid(value) for value in values))
        stream.seek(place)
    data_set = _data_set(stream, transfer_syntax_uid, lambda tag, _vr, _length: tag > _SERIES)[0]
    return _identifiers(data_set)


def read_header(stream: BinaryIO, transfer_syntax_uid: str, received_at: datetime, rules: ReadingRules) -> ObjectHeader:
    """Everything but the bulk data. `stream` stands at the data set and is seekable. Raises `UnreadableObject`."""
    data_set, source = _data_set(stream, transfer_syntax_uid, lambda tag, _vr, _length: tag.group >= _PIXEL_GROUP)
    identifiers = _identifiers(data_set)
    with _faults_named():
        model, repair = dicom_json(data_set, _reader_of_large_values(source), rules.assumed_charset)
    return _header(identifiers, _Values(model), received_at, rules, repair)


def _data_set(
    stream: BinaryIO, transfer_syntax_uid: str, stop_when: Callable[[BaseTag, str | None, int], bool]
) -> tuple[Dataset, BinaryIO]:
    source = _inflated(stream) if transfer_syntax_uid == DeflatedExplicitVRLittleEndian else stream
    with _faults_named():
        data_set = read_dataset(
            cast(BinaryIO, _PatientReader(source)),
            is_implicit_VR=transfer_syntax_uid == ImplicitVRLittleEndian,
            is_little_endian=transfer_syntax_uid != ExplicitVRBigEndian,
            stop_when=stop_when,
            defer_size=LARGE_VALUE,
        )
    return data_set, source


class _PatientReader:
    """A stream whose reader loses patience: gigabytes of zeros would be read as millions of empty elements."""

    def __init__(self, stream: BinaryIO) -> None:
        self._read = stream.read
        self.seek = stream.seek
        self.tell = stream.tell
        self._left = _MAX_READS

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise UnreadableObject("The data set has more elements than any object should.")
        return self._read(size)


def _inflated(stream: BinaryIO) -> BinaryIO:
    try:
        return BytesIO(zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream.read(), _MAX_INFLATED))
    except zlib.error as error:
        raise UnreadableObject("The deflated data set cannot be inflated.") from error


class _faults_named:  # noqa: N801 - used like a function
    """Whatever a parser of foreign bytes raises means the same: these bytes make no sense."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, UnreadableObject):
            raise UnreadableObject(f"The data set cannot be read ({type(error).__name__}).") from error


def _reader_of_large_values(source: BinaryIO) -> Callable[[RawDataElement], bytes | None]:
    def read(element: RawDataElement) -> bytes | None:
        source.seek(element.value_tell)
        return source.read(element.length)

    return read


def _identifiers(data_set: Dataset) -> Identifiers:
    identifiers = Identifiers(*(_uid(data_set, tag) for tag in _UID_TAGS))
    if not identifiers.sop_instance_uid:
        raise UnreadableObject("The data set has no SOP Instance UID (0008,0018).")
    return identifiers


def _uid(data_set: Dataset, tag: int) -> str:
    if tag not in data_set:
        return ""
    value = cast(Any, data_set.get_item(tag, keep_deferred=True)).value
    return _text_of_uid(value) if isinstance(value, bytes) else ""


def _text_of_uid(value: bytes) -> str:
    return value.decode("latin-1").strip("\x00 ")


class _Values:
    """Typed look-ups in a DICOM JSON model; what does not fit is as good as missing."""

    def __init__(self, model: DicomJson) -> None:
        self.model = model

    def first(self, tag: str) -> Any:
        values = self.model.get(tag, {}).get("Value") or [None]
        return values[0]

    def text(self, tag: str) -> str:
        value = self.first(tag)
        return "" if value is None or isinstance(value, dict) else str(value).strip()[:_MAX_TEXT]

    def number(self, tag: str) -> int | None:
        value = self.first(tag)
        try:
            number = int(float(value))
        except (TypeError, ValueError, OverflowError):
            return None
        return number if abs(number) <= _MAX_NUMBER else None

    def person(self, tag: str) -> dict[str, Any] | None:
        value = self.first(tag)
        return value if isinstance(value, dict) else None


def _header(
    identifiers: Identifiers, values: _Values, received_at: datetime, rules: ReadingRules, repair: str
) -> ObjectHeader:
    text, number = values.text, values.number
    return ObjectHeader(
        identifiers=identifiers,
        patient=patient_identity(text("00100020"), values.person("00100010"), text("00100040"), text("00100030")),
        modality=text("00080060").upper()[:16],
        study_description=text("00081030") or text("00321060"),
        series_description=text("0008103E"),
        body_part=text("00180015"),
        laterality=text("00200060") or text("00200062"),
        accession_number=text("00080050"),
        series_number=number("00200011"),
        instance_number=number("00200013"),
        frames=max(1, number("00280008") or 1),
        rows=number("00280010"),
        columns=number("00280011"),
        priority=_priority(values),
        exam_started_at=_exam_start(values, received_at, rules.zone),
        charset_repair=repair,
        model=values.model,
    )


def _priority(values: _Values) -> Priority:
    """STAT or HIGH requests (0040,1003), (0032,000C), and every ECG, come before the routine."""
    urgent = {values.text("00401003").upper(), values.text("0032000C").upper()} & _URGENT
    return Priority.P1 if urgent or values.text("00080060").upper() == "ECG" else Priority.P2


def _exam_start(values: _Values, received_at: datetime, county: tzinfo) -> datetime | None:
    zone = offset_zone(values.text("00080201")) or county
    pairs = (("00080023", "00080033"), ("00080022", "00080032"), ("00080021", "00080031"), ("00080020", "00080030"))
    told = [parse_date_time(values.text("0008002A"), zone)]
    told += [parse_date_and_time(values.text(date), values.text(time), zone) for date, time in pairs]
    return earliest_plausible(told, received_at)
