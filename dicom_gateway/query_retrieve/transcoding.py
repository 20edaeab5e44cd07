"""An object in another transfer syntax than it is stored in, for a peer that does not take that one. No value is rounded."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
)
from pynetdicom.dsutils import encode

from reading_queue.preprocessing.decoding import decode_frame, frame_count, has_pixels, is_video, read_dataset
from storage.domain.errors import CountyReadError

TARGETS = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
_LARGEST = 512 << 20
_UNTOUCHED = frozenset({ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian})
_WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}
"""Bytes of a word, by VR (PS3.5 6.2)."""

_BYTE = 8
_COLOUR_DIMENSIONS = 3
_YBR = "YBR_FULL"


class CannotTranscode(CountyReadError):
    """The pixel data cannot be decoded here, or would be too large in memory."""

    code = "cannot_transcode"


def transcode(stream: BinaryIO, target: str) -> BinaryIO:
    """The data set alone, of a Part 10 file, in one of `TARGETS`. Raises `CannotTranscode`."""
    try:
        data_set = read_dataset(stream)
        source = str(data_set.file_meta.TransferSyntaxUID)
        if source not in _UNTOUCHED:
            _decompress(data_set)
        if source == ExplicitVRBigEndian:
            _swap_words(data_set)
        encoded = encode(data_set, target == ImplicitVRLittleEndian, is_little_endian=True)
    except CannotTranscode:
        raise
    except Exception as error:  # pydicom and the decoders raise many types on damage
        raise CannotTranscode("The object cannot be decoded.") from error
    if encoded is None:
        raise CannotTranscode("The object cannot be encoded.")
    return BytesIO(encoded)


def _decompress(data_set: Dataset) -> None:
    if not has_pixels(data_set):
        return
    if is_video(data_set) or "PixelData" not in data_set:
        raise CannotTranscode("A video or floating point pixels have no other form here.")
    pixels = b"".join(_frames(data_set)) if _has_rounded_colours(data_set) else _unconverted(data_set)
    data_set.PixelData = pixels + b"\x00" * (len(pixels) % 2)
    data_set["PixelData"].VR = "OB" if data_set.BitsAllocated <= _BYTE else "OW"
    data_set["PixelData"].is_undefined_length = False
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in data_set:
            delattr(data_set, keyword)


def _has_rounded_colours(data_set: Dataset) -> bool:
    """Whether the samples are RGB after decoding, as a JPEG decoder makes them; other YBR_FULL would be rounded on the way."""
    syntax = data_set.file_meta.TransferSyntaxUID
    return data_set.get("PhotometricInterpretation") != _YBR or syntax in (JPEGBaseline8Bit, JPEGExtended12Bit)


def _unconverted(data_set: Dataset) -> bytes:
    """The samples as they are, under the name of RGB while they are decoded."""
    data_set.PhotometricInterpretation = "RGB"
    pixels = b"".join(_frames(data_set))
    data_set.PhotometricInterpretation = _YBR
    return pixels


def _frames(data_set: Dataset) -> Iterator[bytes]:
    """Every frame as native samples, colour by pixel (PS3.5 8.1.1, 8.2); the data set is made to describe them."""
    count = frame_count(data_set)
    for index in range(count):
        frame = decode_frame(data_set, index)
        if count * frame.nbytes > _LARGEST:
            raise CannotTranscode("The object is too large without its compression.")
        yield _samples(frame, int(data_set.BitsAllocated))
    _describe(data_set, is_colour=frame.ndim == _COLOUR_DIMENSIONS)


def _samples(frame: NDArray[np.generic], bits: int) -> bytes:
    if bits == 1:
        raise CannotTranscode("Single bits are not compressed.")
    kind = "i" if frame.dtype.kind == "i" else "u"
    return frame.astype(f"<{kind}{(bits + 7) // _BYTE}", copy=False).tobytes()


def _describe(data_set: Dataset, *, is_colour: bool) -> None:
    data_set.HighBit = data_set.BitsStored - 1
    if is_colour:
        data_set.PhotometricInterpretation = "RGB"
        data_set.PlanarConfiguration = 0


def _swap_words(data_set: Dataset) -> None:
    """Other values of words in big endian order; the pixel data has been decoded already."""
    for element in data_set.iterall():
        if element.VR in _WORDS and element.keyword != "PixelData" and isinstance(element.value, bytes):
            element.value = np.frombuffer(element.value, f">u{_WORDS[element.VR]}").byteswap().tobytes()
