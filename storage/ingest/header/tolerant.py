"""The reader for whatever is out of the ordinary: pydicom's own, with limits on its patience."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any, BinaryIO, cast

from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from storage.domain.errors import UnreadableObject
from storage.ingest.charset import ChooseReading
from storage.ingest.header.attributes import CATALOGUED, UID_TAGS, Identifiers, text_of_uid
from storage.ingest.json_model import dicom_json
from storage.ingest.json_values import LARGE_VALUE, PIXEL_GROUP, DicomJson

_KEYS = {tag: f"{tag:08X}" for tag in CATALOGUED}
_CHUNK, _MAX_INFLATED = 1 << 20, 64 << 20
_MAX_READS = 500_000
"""Two or three for each element: enough for the frames of a whole-body multi-frame object, and done in seconds."""


StopWhen = Callable[[BaseTag, str | None, int], bool]
_EMPTY_ELEMENT = bytes(8)
_MAX_EMPTY = 4096
"""In a row: 32 KiB of zeros are no padding any more."""


def read_tolerantly(
    stream: BinaryIO, transfer_syntax_uid: str, choose: ChooseReading
) -> tuple[Identifiers, DicomJson, str]:
    """The identifiers, the model and the repair of its character set. Raises `UnreadableObject`."""
    data_set, source = _data_set(stream, transfer_syntax_uid, _is_of_pixels, _MAX_INFLATED)
    identifiers = _identifiers(data_set)
    with _faults_named():
        model, repair = dicom_json(data_set, _reader_of_large_values(source), choose)
    return identifiers, model, repair


def read_identifiers_tolerantly(stream: BinaryIO, transfer_syntax_uid: str) -> Identifiers:
    """The identifiers alone. Raises `UnreadableObject`."""
    data_set, _ = _data_set(stream, transfer_syntax_uid, lambda tag, _vr, _length: tag > UID_TAGS[-1], _CHUNK)
    return _identifiers(data_set)


def _is_of_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag.group >= PIXEL_GROUP


def catalogued(model: DicomJson) -> dict[int, DicomJson]:
    """What `header_of` asks for."""
    return {tag: model[key] for tag, key in _KEYS.items() if key in model}


def _data_set(stream: BinaryIO, transfer_syntax_uid: str, stop_when: StopWhen, most: int) -> tuple[Dataset, BinaryIO]:
    """`most` is how many bytes are inflated of a deflated data set."""
    source = _inflated(stream, most) if transfer_syntax_uid == DeflatedExplicitVRLittleEndian else stream
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
        self._empty = 0

    def read(self, size: int = -1) -> bytes:
        data = self._read(size)
        self._left -= 1
        self._empty = self._empty + 1 if data == _EMPTY_ELEMENT else 0
        if self._left < 0 or self._empty > _MAX_EMPTY:
            raise UnreadableObject("The data set has more elements than any object should.")
        return data


def _inflated(stream: BinaryIO, most: int) -> BinaryIO:
    """The first `most` bytes of what was deflated."""
    inflater, inflated = zlib.decompressobj(-zlib.MAX_WBITS), BytesIO()
    try:
        while (room := most - inflated.tell()) > 0 and not inflater.eof:
            chunk = inflater.unconsumed_tail or stream.read(_CHUNK)
            if not chunk:
                break
            inflated.write(inflater.decompress(chunk, room))
    except zlib.error as error:
        raise UnreadableObject("The deflated data set cannot be inflated.") from error
    inflated.seek(0)
    return inflated


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
    identifiers = Identifiers(*(_uid(data_set, tag) for tag in UID_TAGS))
    if not identifiers.sop_instance_uid:
        raise UnreadableObject("The data set has no SOP Instance UID (0008,0018).")
    return identifiers


def _uid(data_set: Dataset, tag: int) -> str:
    if tag not in data_set:
        return ""
    value = cast(Any, data_set.get_item(tag, keep_deferred=True)).value
    return text_of_uid(value) if isinstance(value, bytes) else ""
