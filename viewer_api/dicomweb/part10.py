"""Objects as Part 10 files in the transfer syntax that the client takes, written piece by piece (PS3.10, PS3.5 A)."""

import io
import struct
from collections.abc import Iterator
from typing import Any

from pydicom import Dataset, dcmwrite
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from reading_queue.preprocessing.attributes import integer
from storage.domain.errors import UnreadableObject
from storage.ingest.json_values import value_representation
from viewer_api.dicomweb.encoding import describe, encode_frame
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.heads import read_head
from viewer_api.dicomweb.objects import ObjectReader, ObjectRef
from viewer_api.dicomweb.single_frames import FrameReader, without_pixels
from viewer_api.dicomweb.transfer_syntaxes import RAW

CHUNK = 1 << 20
_RANGE = 8 << 20
_ITEM, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
_PIXEL_DATA = b"\xe0\x7f\x10\x00"
_UNDEFINED = b"\xff\xff\xff\xff"
_LONGEST_VALUE = 0xFFFFFFFE
_CREATORS = range(0x10, 0x100)


def stored_file(reader: ObjectReader, ref: ObjectRef) -> Iterator[bytes]:
    """The object as it was received. Raises `ObjectNotFound` or `StoreUnavailable` before the first piece."""
    with reader.open(ref) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def file_in(
    reader: ObjectReader, source: FrameSource, image: StoredImage, target: str, *, has_pixels: bool
) -> Iterator[bytes]:
    """The object in transfer syntax `target`. Raises `UnreadableObject` when its frames cannot be decoded or encoded."""
    if image.transfer_syntax_uid == target:
        return stored_file(reader, image.ref)
    if not has_pixels:
        return _without_frames(FrameReader(reader, source, image), target)
    if target == RAW and image.transfer_syntax_uid == ImplicitVRLittleEndian:
        return _made_explicit(FrameReader(reader, source, image), reader)
    return _encoded(FrameReader(reader, source, image), target)


def _without_frames(frames: FrameReader, target: str) -> Iterator[bytes]:
    yield _head(frames.header, target)


def _made_explicit(frames: FrameReader, reader: ObjectReader) -> Iterator[bytes]:
    """Implicit VR in explicit: the pixels are the same bytes."""
    yield _head(frames.header, RAW)
    ref = frames.image.ref
    with reader.open_header(ref) as stream:
        head = read_head(stream)
    vr = {0x7FE00008: b"OF", 0x7FE00009: b"OD"}.get(head.tag, b"OW")
    yield struct.pack("<HH2s2xL", head.tag >> 16, head.tag & 0xFFFF, vr, head.length)
    end = head.start + head.length
    for place in range(head.start, end, _RANGE):
        yield reader.range(ref, place, min(place + _RANGE, end))


def _encoded(frames: FrameReader, target: str) -> Iterator[bytes]:
    pixels = frames.pixels(1)
    made = without_pixels(frames.header)
    bits = integer(made, "BitsStored") or pixels.dtype.itemsize * 8
    first = encode_frame(pixels, target, bits)
    describe(made, pixels, first, frames.image.transfer_syntax_uid, target)
    made.file_meta = _meta(frames.header, target)
    yield _head(made, target)
    rest = (encode_frame(frames.pixels(number), target, bits) for number in range(2, frames.image.frames + 1))
    if target == RAW:
        yield from _native(frames, made, first, rest, float_pixels=pixels.dtype.kind == "f")
    else:
        yield from _encapsulated(first, rest)


def _native(
    frames: FrameReader, made: Dataset, first: bytes, rest: Iterator[bytes], *, float_pixels: bool
) -> Iterator[bytes]:
    length = len(first) * frames.image.frames
    if length > _LONGEST_VALUE:
        raise UnreadableObject("Uncompressed, the image is larger than any value may be (PS3.5 7.1.1).")
    tag, vr = _PIXEL_DATA, b"OW"
    if float_pixels:
        wide = made.get("BitsAllocated") == 64  # noqa: PLR2004
        tag, vr = (b"\xe0\x7f\x09\x00", b"OD") if wide else (b"\xe0\x7f\x08\x00", b"OF")
    yield tag + vr + b"\0\0" + struct.pack("<L", length + length % 2)
    yield first
    yield from rest
    yield b"\0" * (length % 2)


def _encapsulated(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """PS3.5 A.4: an empty offset table, and one fragment for each frame."""
    yield _PIXEL_DATA + b"OB\0\0" + _UNDEFINED + _ITEM + bytes(4)
    yield _fragment(first)
    for frame in rest:
        yield _fragment(frame)
    yield _SEQUENCE_END


def _fragment(frame: bytes) -> bytes:
    padded = frame + b"\0" * (len(frame) % 2)
    return _ITEM + struct.pack("<L", len(padded)) + padded


def _head(header: Dataset, target: str) -> bytes:
    """Everything before the pixels."""
    made = without_pixels(header)
    _make_explicit(made, signed=integer(made, "PixelRepresentation") == 1)
    made.file_meta = _meta(header, target)
    made.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    target_file = io.BytesIO()
    try:
        dcmwrite(target_file, made, enforce_file_format=True)
    except (ValueError, TypeError, NotImplementedError, AttributeError, KeyError) as error:
        raise UnreadableObject("The object cannot be written in this transfer syntax.") from error
    return target_file.getvalue()


def _meta(header: Dataset, target: str) -> FileMetaDataset:
    meta = FileMetaDataset()
    told = getattr(header, "file_meta", None)
    meta.MediaStorageSOPClassUID = UID(header.get("SOPClassUID") or "")
    meta.MediaStorageSOPInstanceUID = UID(header.get("SOPInstanceUID") or "")
    if told is not None and told.get("SourceApplicationEntityTitle"):
        meta.SourceApplicationEntityTitle = told.SourceApplicationEntityTitle
    meta.TransferSyntaxUID = UID(target or ExplicitVRLittleEndian)
    return meta


def _make_explicit(ds: Dataset, *, signed: bool) -> None:
    """Name the VR of elements that were read without one; their bytes stay as they are."""
    for tag in list(ds.keys()):
        element: Any = ds.get_item(tag)
        if tag.element == 0:
            del ds[tag]
        elif isinstance(element, RawDataElement) and element.VR is None:
            vr = "LO" if tag.is_private and tag.element in _CREATORS else value_representation(tag, None, signed=signed)
            if vr != "SQ":
                ds[tag] = element._replace(VR=vr, is_implicit_VR=False)
        if tag in ds and _is_sequence(ds.get_item(tag)):
            for item in ds[tag].value or []:
                _make_explicit(item, signed=signed)


def _is_sequence(element: Any) -> bool:
    """Read without a VR and not named since, or read as a sequence."""
    return element.VR is None or element.VR == "SQ"
