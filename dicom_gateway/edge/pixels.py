"""Where the native pixel data of a data set lie, and how they are laid out (PS3.5 8.1.1, PS3.3 C.7.6.3)."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from pydicom import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from storage.edge.pictures import FrameLayout
from storage.edge.segments import MAX_FRAME

_PIXEL_DATA = (0x7FE0, 0x0010)
_UNDEFINED = 0xFFFFFFFF
_NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)
_LARGE_VALUE = 4096


@dataclass(frozen=True)
class NativePixels:
    """`frames` frames of `layout`, the first of them at `offset` of the data set; what follows them is carried as it is."""

    offset: int
    frames: int
    layout: FrameLayout


def find_native_pixels(stream: BinaryIO, size: int, transfer_syntax_uid: str) -> NativePixels | None:
    """Those of the data set of `size` bytes that starts here.

    None when there are none, when they are compressed already, or when anything about them is out of the ordinary: then
    the bytes are carried as bytes.
    """
    if transfer_syntax_uid not in _NATIVE:
        return None
    start = stream.tell()
    try:
        attributes = _attributes(stream, transfer_syntax_uid)
        length = _value_length(stream, transfer_syntax_uid)
        layout, frames = _layout(attributes, big_endian=transfer_syntax_uid == ExplicitVRBigEndian)
    except Exception:  # noqa: BLE001 - pydicom raises what it likes on foreign bytes; they travel as they are
        return None
    offset = stream.tell() - start
    fits = frames > 0 and layout.size * frames <= length <= size - offset
    return NativePixels(offset, frames, layout) if fits and layout.is_picture and layout.size <= MAX_FRAME else None


def _attributes(stream: BinaryIO, transfer_syntax_uid: str) -> Dataset:
    """The elements before the pixel group; the stream stands at its first element then."""
    return read_dataset(
        stream,
        is_implicit_VR=transfer_syntax_uid == ImplicitVRLittleEndian,
        is_little_endian=transfer_syntax_uid != ExplicitVRBigEndian,
        stop_when=lambda tag, _vr, _length: tag.group >= _PIXEL_DATA[0],
        defer_size=_LARGE_VALUE,
    )


def _value_length(stream: BinaryIO, transfer_syntax_uid: str) -> int:
    """Of Pixel Data (7FE0,0010), after whose header the stream stands then. Raises `ValueError` or `struct.error`."""
    order = ">" if transfer_syntax_uid == ExplicitVRBigEndian else "<"
    if struct.unpack(order + "HH", stream.read(4)) != _PIXEL_DATA:
        raise ValueError("no native pixel data")
    if transfer_syntax_uid != ImplicitVRLittleEndian and stream.read(4)[:2] not in (b"OW", b"OB"):
        raise ValueError("an unusual value representation")
    (length,) = struct.unpack(order + "I", stream.read(4))
    if length == _UNDEFINED:
        raise ValueError("encapsulated pixel data")
    return int(length)


def _layout(attributes: Dataset, *, big_endian: bool) -> tuple[FrameLayout, int]:
    samples, allocated = int(attributes.SamplesPerPixel), int(attributes.BitsAllocated)
    if allocated not in (8, 16):
        raise ValueError("samples that no codec here takes")
    layout = FrameLayout(
        rows=int(attributes.Rows),
        columns=int(attributes.Columns),
        samples=samples,
        sample_bytes=allocated // 8,
        planar=samples > 1 and int(attributes.get("PlanarConfiguration") or 0) == 1,
        big_endian=big_endian and allocated > 8,  # noqa: PLR2004 - bits of a byte
        signed=int(attributes.get("PixelRepresentation") or 0) == 1,
    )
    return layout, int(attributes.get("NumberOfFrames") or 1)
