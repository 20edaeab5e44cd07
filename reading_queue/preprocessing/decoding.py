"""Stored pixel values of one frame, whatever the transfer syntax."""

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.encaps import get_frame
from pydicom.filereader import read_dataset as read_elements
from pydicom.pixels.decoders.base import RLELosslessDecoder
from pydicom.tag import BaseTag
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from reading_queue.preprocessing.attributes import integer, is_little_endian, raw, value
from reading_queue.preprocessing.codestream import JpegHeader, j2k_header, jpeg_header
from reading_queue.preprocessing.colour import to_rgb
from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.preprocessing.native import aligned, native_frame, stored_type
from reading_queue.preprocessing.pixel_format import PixelFormat

__all__ = ["UndecodableImage", "decode_frame", "decode_plain", "frame_count", "has_pixels", "is_video", "read_dataset"]

Pixels = NDArray[Any]

MAX_INFLATED = 2 * 1024**3
"""Bytes of a deflated data set once inflated; a real one (one study's SEG) stays far below."""

_PIXEL_KEYWORDS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_FLOATS: dict[str, np.dtype[Any]] = {"FloatPixelData": np.dtype("<f4"), "DoubleFloatPixelData": np.dtype("<f8")}
_ITEM = b"\xfe\xff\x00\xe0"
_BYTE = 8
_META_GROUP = 2
_VIDEO = "1.2.840.10008.1.2.4.10"


def read_dataset(data: bytes | BinaryIO) -> Dataset:
    """A data set from a file's bytes: with or without preamble, File Meta Information or declared transfer syntax.

    Raises UndecodableImage when the bytes hold no DICOM data set.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes | bytearray | memoryview) else data
    try:
        _refuse_inflation_bomb(stream)
        ds = dcmread(stream, force=True)
    except UndecodableImage:
        raise
    except Exception as error:  # a parser of outside bytes: pydicom raises many types on damage
        raise UndecodableImage("not a DICOM data set") from error
    if not len(ds):
        raise UndecodableImage("not a DICOM data set")
    return ds


def frame_count(ds: Dataset) -> int:
    """Number of Frames, 1 when absent or damaged."""
    return max(1, integer(ds, "NumberOfFrames") or 1)


def has_pixels(ds: Dataset) -> bool:
    """The object carries pixel data of any kind, video included."""
    return any(keyword in ds for keyword in _PIXEL_KEYWORDS)


def is_video(ds: Dataset) -> bool:
    """The pixel data is one MPEG-2, H.264 or H.265 stream (PS3.5 A.4.5 to A.4.9 and 8.2.7), not a row of frames."""
    return _transfer_syntax(ds).startswith(_VIDEO)


def decode_frame(ds: Dataset, index: int = 0) -> Pixels:
    """Frame `index` (from 0): (rows, columns) of stored values or palette indices, or (rows, columns, 3) of RGB.

    Values are the Bits Stored bits alone, signed where Pixel Representation says so; colours come as RGB whatever space they
    were stored in. Float Pixel Data stays floating point. Raises UndecodableImage, and nothing else.
    """
    fmt = PixelFormat.of(ds)
    if not 0 <= index < fmt.frames:
        raise UndecodableImage("there is no such frame")
    try:
        return _decode(ds, fmt, index)
    except UndecodableImage:
        raise
    except Exception as error:  # five native libraries and their wrappers, each with its own types
        raise UndecodableImage("the pixel data is damaged") from error


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One compressed frame with what is needed to decode it."""

    data: bytes
    fmt: PixelFormat
    syntax: str


def _decode(ds: Dataset, fmt: PixelFormat, index: int) -> Pixels:
    keyword = next((keyword for keyword in _PIXEL_KEYWORDS if keyword in ds), None)
    data = raw(ds, keyword) if keyword else None
    if keyword is None or not data:
        raise UndecodableImage("no pixel data")
    if keyword != "PixelData":
        return native_frame(data, fmt, index, _float_type(ds, keyword), words=False)
    syntax = _compression(ds, data)
    if syntax is None:
        return _native(ds, data, fmt, index)
    return _compressed(_Encoded(_fragment(ds, data, fmt, index), fmt, syntax))


def _compression(ds: Dataset, data: bytes) -> str | None:
    """The compressed transfer syntax, empty when only the data itself tells that it is compressed, None when it is not."""
    syntax = _transfer_syntax(ds)
    if syntax and syntax not in _NATIVE:
        return syntax
    if data.startswith(_ITEM) and (not syntax or ds["PixelData"].is_undefined_length):
        return ""
    return None


def _native(ds: Dataset, data: bytes, fmt: PixelFormat, index: int) -> Pixels:
    little = is_little_endian(ds)
    words = not little and fmt.bits_allocated == _BYTE and ds["PixelData"].VR == "OW"
    stored = native_frame(data, fmt, index, stored_type(fmt, little_endian=little), words=words)
    if fmt.bits_allocated == 1:
        return stored
    return _rgb(aligned(stored, fmt.bits_stored, fmt.high_bit, signed=fmt.signed), fmt)


def decode_plain(data: bytes, fmt: PixelFormat) -> Pixels:
    """As `decode_frame`, of one uncompressed frame in little endian whose Bits Stored are the lowest. Raises UndecodableImage."""
    stored = native_frame(data, fmt, 0, stored_type(fmt, little_endian=True), words=False)
    if fmt.bits_allocated == 1:
        return stored
    return _rgb(aligned(stored, fmt.bits_stored, fmt.bits_stored - 1, signed=fmt.signed), fmt)


def _compressed(frame: _Encoded) -> Pixels:
    syntax = frame.syntax or _guessed_syntax(frame.data)
    decoder = _DECODERS.get(syntax)
    if decoder is None:
        raise UndecodableImage("a video" if syntax.startswith(_VIDEO) else "an unknown transfer syntax")
    pixels = decoder(_Encoded(frame.data, frame.fmt, syntax))
    if pixels.shape != frame.fmt.shape:
        raise UndecodableImage("the compressed frame has another size than the data set says")
    return pixels


def _fragment(ds: Dataset, data: bytes, fmt: PixelFormat, index: int) -> bytes:
    offsets, lengths = raw(ds, "ExtendedOffsetTable"), raw(ds, "ExtendedOffsetTableLengths")
    extended = (offsets, lengths) if offsets and lengths and len(offsets) == len(lengths) else None
    return get_frame(data, index, number_of_frames=fmt.frames, extended_offsets=extended)


def _jpeg(frame: _Encoded) -> Pixels:
    header = jpeg_header(frame.data, frame.fmt)
    if header.jpeg_ls:
        raise UndecodableImage("JPEG-LS under the name of JPEG")
    if frame.fmt.samples == 1:
        return _values(imagecodecs.jpeg8_decode(frame.data), frame.fmt, header.precision, exact=header.lossless)
    if header.lossless:  # a lossless process leaves colours as they are (ISO/IEC 10918-1 annex H)
        return _rgb(imagecodecs.jpeg8_decode(frame.data, colorspace="RGB", outcolorspace="RGB"), frame.fmt)
    space = "YCBCR" if _is_ycbcr(header, frame.fmt) else "RGB"
    return imagecodecs.jpeg8_decode(frame.data, colorspace=space, outcolorspace="RGB")


def _is_ycbcr(header: JpegHeader, fmt: PixelFormat) -> bool:
    """What the codestream says counts before the data set, where RGB is often written over YCbCr frames."""
    if header.components in ((82, 71, 66), (114, 103, 98)):
        return False
    if header.adobe_transform is not None:
        return header.adobe_transform != 0
    return header.jfif or header.subsampled or fmt.photometric != "RGB"


def _jpeg_ls(frame: _Encoded) -> Pixels:
    header = jpeg_header(frame.data, frame.fmt)
    if not header.jpeg_ls:
        raise UndecodableImage("JPEG under the name of JPEG-LS")
    exact = frame.syntax == JPEGLSLossless
    return _rgb(_values(imagecodecs.jpegls_decode(frame.data), frame.fmt, header.precision, exact=exact), frame.fmt)


def _jpeg_2000(frame: _Encoded) -> Pixels:
    header = j2k_header(frame.data, frame.fmt)
    decoded = imagecodecs.jpeg2k_decode(frame.data, numthreads=1)
    values = _values(decoded, frame.fmt, header.precision, exact=frame.syntax in _EXACT_J2K)
    return values if header.colour_transform else _rgb(values, frame.fmt)


def _values(decoded: Pixels, fmt: PixelFormat, precision: int, *, exact: bool) -> Pixels:
    """Samples of a codestream with the sign that the data set gives them: JPEG and JPEG-LS know no sign, JPEG 2000 is often mislabelled.

    Lossless samples are cut to Bits Stored as uncompressed ones are. A lossy decoder may overshoot Bits Stored, where cutting
    would turn white into black, so these keep the precision of the codestream.
    """
    bits = min(fmt.bits_stored, precision) if exact else precision
    high_bit = fmt.high_bit if exact and fmt.high_bit < precision else bits - 1
    return aligned(decoded, bits, high_bit, signed=fmt.signed)


def _rle(frame: _Encoded) -> Pixels:
    fmt = frame.fmt
    if fmt.pixels * fmt.samples * fmt.bits_allocated // 8 > 64 * len(
        frame.data
    ):  # PackBits makes at most 128 bytes of two
        raise UndecodableImage("the compressed frame ends early")
    layout: dict[str, Any] = {
        "rows": fmt.rows,
        "columns": fmt.columns,
        "samples_per_pixel": fmt.samples,
        "photometric_interpretation": fmt.photometric,
        "planar_configuration": int(fmt.planar),
        "bits_allocated": fmt.bits_allocated,
        "bits_stored": fmt.bits_stored,
        "pixel_representation": int(fmt.signed),
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
        "correct_unused_bits": False,
    }
    alone = _as_only_fragment(frame.data)
    decoded, _ = RLELosslessDecoder.as_array(alone, raw=True, validate=False, index=0, **layout)
    return _rgb(aligned(decoded, fmt.bits_stored, fmt.high_bit, signed=fmt.signed), fmt)


def _as_only_fragment(data: bytes) -> bytes:
    length = len(data) + len(data) % 2
    return b"".join((_ITEM, bytes(4), _ITEM, length.to_bytes(4, "little"), data, bytes(len(data) % 2)))


def _rgb(pixels: Pixels, fmt: PixelFormat) -> Pixels:
    return pixels if fmt.samples == 1 else to_rgb(pixels, fmt.photometric, fmt.bits_stored)


def _float_type(ds: Dataset, keyword: str) -> np.dtype[Any]:
    return _FLOATS[keyword] if is_little_endian(ds) else _FLOATS[keyword].newbyteorder(">")


def _transfer_syntax(ds: Dataset) -> str:
    meta = getattr(ds, "file_meta", None)
    return str(value(meta, "TransferSyntaxUID") or "") if meta is not None else ""


def _guessed_syntax(data: bytes) -> str:
    """The transfer syntax of a compressed frame whose data set does not name one."""
    if data.find(b"\xff\x4f\xff\x51", 0, 4096) >= 0:
        return JPEG2000
    if data[:2] != b"\xff\xd8":
        return RLELossless
    is_jpeg_ls = 0 <= data.find(b"\xff\xf7") < data.find(b"\xff\xda")
    return JPEGLSLossless if is_jpeg_ls else JPEGExtended12Bit


def _refuse_inflation_bomb(stream: BinaryIO) -> None:
    """A deflated data set (PS3.5 A.5) is inflated in one go by pydicom, so its size is counted first."""
    start = stream.tell()
    head = stream.read(1024)
    if head[128:132] == b"DICM" and DeflatedExplicitVRLittleEndian.encode() in head:
        stream.seek(start + 132)
        read_elements(stream, is_implicit_VR=False, is_little_endian=True, stop_when=_is_past_meta)
        _count_inflated(stream)
    stream.seek(start)


def _is_past_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag.group != _META_GROUP


def _count_inflated(stream: BinaryIO) -> None:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    total = 0
    while chunk := inflate.unconsumed_tail or stream.read(1 << 16):
        total += len(inflate.decompress(chunk, 1 << 22))
        if total > MAX_INFLATED:
            raise UndecodableImage("the deflated data set is absurdly large")


_NATIVE = frozenset(
    {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
)
_EXACT_J2K = frozenset({JPEG2000Lossless, HTJ2KLossless, HTJ2KLosslessRPCL})
_DECODERS: dict[str, Callable[[_Encoded], Pixels]] = {
    JPEGBaseline8Bit: _jpeg,
    JPEGExtended12Bit: _jpeg,
    JPEGLossless: _jpeg,
    JPEGLosslessSV1: _jpeg,
    JPEGLSLossless: _jpeg_ls,
    JPEGLSNearLossless: _jpeg_ls,
    JPEG2000Lossless: _jpeg_2000,
    JPEG2000: _jpeg_2000,
    HTJ2KLossless: _jpeg_2000,
    HTJ2KLosslessRPCL: _jpeg_2000,
    HTJ2K: _jpeg_2000,
    RLELossless: _rle,
}
