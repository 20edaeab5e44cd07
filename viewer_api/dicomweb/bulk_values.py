"""Values that are not in the metadata, found in the object by the path in their address (PS3.18 8.7.3.4, 10.4.1.1.5)."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import BaseTag, Tag
from pydicom.uid import ExplicitVRBigEndian

from reading_queue.preprocessing.attributes import integer
from reading_queue.preprocessing.decoding import UndecodableImage, read_dataset
from reading_queue.preprocessing.overlays import packed_from_pixels
from storage.db.models import Instance
from storage.domain.errors import NotFound, UnreadableObject
from storage.ingest.json_values import value_representation
from viewer_api.dicomweb.heads import read_head
from viewer_api.dicomweb.metadata import DicomJson, value, values
from viewer_api.dicomweb.objects import ObjectReader, ObjectRef
from viewer_api.dicomweb.overlays import bit_of_pixels, overlay_tags
from viewer_api.dicomweb.transfer_syntaxes import LITTLE_ENDIAN, SENT_AS_STORED

_PATH = re.compile(r"[0-9A-Fa-f]{8}(\.\d{1,6}\.[0-9A-Fa-f]{8}){0,8}")
_LARGE = 1024
_UNDEFINED = 0xFFFFFFFF
_PIXELS = {0x7FE00008, 0x7FE00009, 0x7FE00010}
_BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_DOCUMENT, _DOCUMENT_TYPE = "00420011", "00420012"
_WAVEFORMS, _SAMPLES, _SAMPLE_BITS = "54000100", "54001010", "54001004"
_DOUBLE = 64
_WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}


@dataclass(frozen=True)
class BulkValue:
    """`size` bytes; `read` gives those from start to stop, the latter excluded."""

    size: int
    read: Callable[[int, int], bytes]
    media_type: str = "application/octet-stream"


def is_bulk_path(path: str) -> bool:
    """`7FE00010`, or with items of sequences counted from 0: `54000100.0.54001010`."""
    return _PATH.fullmatch(path) is not None


def pixel_tag(header: DicomJson) -> str:
    """Tag of the pixels of an instance; empty when it has none."""
    if value(header, "00280010") is None:
        return ""
    if value(header, "00280101") is not None:
        return "7FE00010"
    return "7FE00009" if value(header, "00280100") == _DOUBLE else "7FE00008"


def with_bulk_data(header: DicomJson, address: str) -> DicomJson:
    """The metadata of the instance at `address`, with references to what was left out of it (PS3.18 F.2.6)."""
    made = dict(header)
    if tag := pixel_tag(header):
        made[tag] = {
            "vr": {"7FE00008": "OF", "7FE00009": "OD"}.get(tag, "OW"),
            "BulkDataURI": f"{address}/bulkdata/{tag}",
        }
    if _DOCUMENT_TYPE in header and _DOCUMENT not in header:
        made[_DOCUMENT] = {"vr": "OB", "BulkDataURI": f"{address}/bulkdata/{_DOCUMENT}"}
    for tag in overlay_tags(header):
        made[tag] = {"vr": "OW", "BulkDataURI": f"{address}/bulkdata/{tag}"}
    if _WAVEFORMS in header:
        made[_WAVEFORMS] = {"vr": "SQ", "Value": list(_with_samples(header, f"{address}/bulkdata/{_WAVEFORMS}"))}
    return made


def _with_samples(header: DicomJson, address: str) -> Iterator[DicomJson]:
    for place, item in enumerate(values(header, _WAVEFORMS)):
        if not isinstance(item, dict) or _SAMPLE_BITS not in item or _SAMPLES in item:
            yield item
        else:
            yield {**item, _SAMPLES: {"vr": "OW", "BulkDataURI": f"{address}.{place}.{_SAMPLES}"}}


def find_value(reader: ObjectReader, instance: Instance, path: str) -> BulkValue:
    """The value under `path`, in little endian. Raises `NotFound` where there is none, or `UnreadableObject`."""
    return value_in(reader, ObjectRef.of(instance), instance.transfer_syntax_uid, path)


def value_in(reader: ObjectReader, ref: ObjectRef, stored: str, path: str) -> BulkValue:
    """As `find_value`, of an object in the transfer syntax `stored`."""
    if not is_bulk_path(path):
        raise NotFound("The object has no such value.")
    tags = path.split(".")
    if stored not in LITTLE_ENDIAN | SENT_AS_STORED:
        big = stored == ExplicitVRBigEndian
        whole = _read_whole(reader, ref)
        if (bit := bit_of_pixels(whole, int(tags[0], 16))) is not None:
            return _plane(whole, bit, whole.get("PixelData") or b"", swapped=big)
        return _in_memory(whole, tags, swapped=big)
    if len(tags) == 1 and int(tags[0], 16) in _PIXELS:
        return _pixels(reader, ref, int(tags[0], 16))
    with reader.open_header(ref) as stream:
        try:
            ds = dcmread(stream, stop_before_pixels=True, defer_size=_LARGE if len(tags) == 1 else None)
        except (ValueError, KeyError, EOFError, AttributeError, NotImplementedError) as error:
            raise UnreadableObject("The object cannot be read as DICOM.") from error
    return _top_level(reader, ref, ds, Tag(int(tags[0], 16))) if len(tags) == 1 else _in_memory(ds, tags)


def _pixels(reader: ObjectReader, ref: ObjectRef, wanted: int) -> BulkValue:
    with reader.open_header(ref) as stream:
        head = read_head(stream)
    if head.tag != wanted or head.length == _UNDEFINED:
        raise NotFound("The pixels are compressed: ask for frames.")
    size = min(head.length, ref.size - head.start)
    return BulkValue(size, lambda first, last: reader.range(ref, head.start + first, head.start + last))


def _top_level(reader: ObjectReader, ref: ObjectRef, ds: Dataset, tag: BaseTag) -> BulkValue:
    if (bit := bit_of_pixels(ds, tag)) is not None:
        pixels = _pixels(reader, ref, 0x7FE00010)
        return _plane(ds, bit, pixels.read(0, pixels.size))
    if tag not in ds:
        raise NotFound("The object has no such value.")
    element = cast("RawDataElement | DataElement", ds.get_item(tag, keep_deferred=True))
    if (element.VR or value_representation(tag, None, signed=False)) not in _BINARY:
        raise NotFound("The value is in the metadata.")
    media_type = _media_type(ds, tag)
    if isinstance(element, RawDataElement) and element.value is None and element.length not in (0, _UNDEFINED):
        start, size = element.value_tell, _without_padding(ds, tag, element.length)
        return BulkValue(size, lambda first, last: reader.range(ref, start + first, start + last), media_type)
    value = _of_bytes(element, media_type)
    return replace(value, size=_without_padding(ds, tag, value.size))


def _plane(ds: Dataset, bit: int, pixels: bytes, *, swapped: bool = False) -> BulkValue:
    try:
        packed = packed_from_pixels(pixels, integer(ds, "BitsAllocated") or 0, bit, little_endian=not swapped)
    except ValueError as error:
        raise NotFound("The pixels have no such bit.") from error
    return BulkValue(len(packed), lambda first, last: packed[first:last])


def _without_padding(ds: Dataset, tag: BaseTag, size: int) -> int:
    """The document's own length, where it is told (PS3.3 C.24.2)."""
    told = integer(ds, "EncapsulatedDocumentLength") if f"{tag:08X}" == _DOCUMENT else None
    return told if told is not None and size - 1 <= told <= size else size


def _media_type(ds: Dataset, tag: BaseTag) -> str:
    told = str(ds.get("MIMETypeOfEncapsulatedDocument") or "")
    is_document = f"{tag:08X}" == _DOCUMENT and re.fullmatch(r"[\w.+-]{1,64}/[\w.+-]{1,64}", told)
    return told if is_document else "application/octet-stream"


def _in_memory(ds: Dataset, tags: list[str], *, swapped: bool = False) -> BulkValue:
    place: Any = ds
    for tag, item in zip(tags[:-1:2], tags[1::2], strict=True):
        sequence = place.get(Tag(int(tag, 16)))
        if sequence is None or sequence.VR != "SQ" or int(item) >= len(sequence.value):
            raise NotFound("The object has no such value.")
        place = sequence.value[int(item)]
    last = Tag(int(tags[-1], 16))
    if last not in place:
        raise NotFound("The object has no such value.")
    return _of_bytes(place[last], _media_type(place, last), swapped=swapped)


def _of_bytes(element: RawDataElement | DataElement, media_type: str, *, swapped: bool = False) -> BulkValue:
    data = element.value
    if element.VR not in _BINARY and not isinstance(element, RawDataElement):
        raise NotFound("The value is in the metadata.")
    plain = bytes(data) if isinstance(data, bytes | bytearray) else b""
    if swapped and (size := _WORDS.get(str(element.VR))):
        plain = np.frombuffer(plain[: len(plain) // size * size], f">u{size}").astype(f"<u{size}").tobytes()
    if not plain:
        raise NotFound("The value is empty.")
    return BulkValue(len(plain), lambda first, last: plain[first:last], media_type)


def _read_whole(reader: ObjectReader, ref: ObjectRef) -> Dataset:
    try:
        return read_dataset(io.BytesIO(reader.whole(ref)))
    except UndecodableImage as error:
        raise UnreadableObject(f"The object cannot be read: {error.reason}.") from error
