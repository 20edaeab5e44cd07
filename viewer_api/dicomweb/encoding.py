"""Frames in another encoding, and what the data set then says of them (PS3.5 8.2, PS3.3 C.7.6.3 and C.7.6.1.1.5)."""

from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from reading_queue.delivery.codestream import NotExact, encode_exact
from reading_queue.preprocessing.attributes import integer, text
from reading_queue.preprocessing.codestream import j2k_header
from reading_queue.preprocessing.pixel_format import PixelFormat
from storage.domain.errors import UnreadableObject
from viewer_api.dicomweb.metadata import DicomJson, value
from viewer_api.dicomweb.transfer_syntaxes import RAW

Pixels = NDArray[Any]

_LOSSLESS = (JPEG2000Lossless, HTJ2KLossless, HTJ2KLosslessRPCL, JPEGLSLossless, RLELossless)
ENCODED: frozenset[str] = frozenset({*map(str, _LOSSLESS), str(JPEGBaseline8Bit)})
"""Transfer syntaxes that frames are encoded in when they are asked for, beside the uncompressed one."""

LOSSY: frozenset[str] = frozenset(map(str, (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000, HTJ2K)))
"""Transfer syntaxes whose frames have most likely lost something."""

_METHODS = {
    str(JPEGBaseline8Bit): "ISO_10918_1",
    str(JPEGExtended12Bit): "ISO_10918_1",
    str(JPEGLSNearLossless): "ISO_14495_1",
    str(JPEG2000): "ISO_15444_1",
    str(HTJ2K): "ISO_15444_15",
}
_JPEG_2000 = frozenset(map(str, (JPEG2000Lossless, HTJ2KLossless, HTJ2KLosslessRPCL)))
_QUALITY = 95
_BYTE, _WORD = 8, 16
_GREY = ("MONOCHROME1", "MONOCHROME2")
_RLE_HEADER = 64


@dataclass(frozen=True)
class PixelTraits:
    """What decides whether frames can be encoded in something."""

    bits_allocated: int
    bits_stored: int
    photometric: str

    @classmethod
    def of_header(cls, header: DicomJson) -> "PixelTraits":
        """Of an instance's DICOM JSON."""
        allocated = value(header, "00280100")
        stored = value(header, "00280101")
        return cls(
            allocated if isinstance(allocated, int) else 0,
            stored if isinstance(stored, int) else 0,
            str(value(header, "00280004") or ""),
        )

    def can_be(self, syntax: str) -> bool:
        """Whether frames with these traits can be encoded in `syntax`."""
        if syntax == RAW:
            return True
        if syntax == JPEGBaseline8Bit:
            return self.bits_allocated == _BYTE and self.photometric != "PALETTE COLOR"
        return syntax in ENCODED and self.bits_allocated in (_BYTE, _WORD)


def encode_frame(pixels: Pixels, syntax: str, bits_stored: int) -> bytes:
    """A frame of (rows, columns) or (rows, columns, 3) of RGB, as `decode_frame` gives it, in `syntax`.

    Raises `UnreadableObject` for samples that the encoding has no room for.
    """
    ordered = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("="), copy=False))
    if syntax == RAW:
        return ordered.astype(ordered.dtype.newbyteorder("<"), copy=False).tobytes()
    if ordered.dtype.name not in ("uint8", "uint16", "int16", "int8"):
        raise UnreadableObject("The samples of the image have no such encoding.")
    try:
        return _encoded(ordered, syntax, bits_stored)
    except (imagecodecs.JpeglsError, imagecodecs.Jpeg2kError, imagecodecs.Jpeg8Error, NotExact) as error:
        raise UnreadableObject("The image cannot be encoded in this transfer syntax.") from error


def _encoded(pixels: Pixels, syntax: str, bits_stored: int) -> bytes:
    if syntax == JPEGBaseline8Bit:
        return _jpeg(pixels)
    if syntax == JPEGLSLossless:
        plain = _unsigned(pixels, bits_stored)
        return bytes(imagecodecs.jpegls_encode(plain, out=2 * plain.nbytes + 4096))
    if syntax == RLELossless:
        return _rle(pixels)
    if syntax == JPEG2000Lossless:
        return bytes(imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="j2k", reversible=True))
    return encode_exact(pixels)


def _jpeg(pixels: Pixels) -> bytes:
    if pixels.ndim == 2:  # noqa: PLR2004 - rows and columns
        return bytes(imagecodecs.jpeg8_encode(pixels.view(np.uint8), level=_QUALITY))
    return bytes(imagecodecs.jpeg8_encode(pixels, level=_QUALITY, outcolorspace="YCBCR", subsampling="422"))


def _unsigned(pixels: Pixels, bits: int) -> Pixels:
    """JPEG-LS knows no sign: the stored bits alone, which readers extend again."""
    if pixels.dtype.kind == "u":
        return pixels
    plain: Pixels = pixels.view(pixels.dtype.name.replace("int", "uint")) & ((1 << bits) - 1)
    return plain


def _rle(pixels: Pixels) -> bytes:
    """PS3.5 annex G: a segment for each byte of each sample, the most significant first, row by row."""
    rows = pixels.reshape(pixels.shape[0], pixels.shape[1], -1)
    planes = [_planes(rows[:, :, sample]) for sample in range(rows.shape[2])]
    segments = [_segment(plane) for of_sample in planes for plane in of_sample]
    offsets = np.zeros(_RLE_HEADER // 4, "<u4")
    offsets[0] = len(segments)
    places = np.cumsum([_RLE_HEADER, *(len(segment) for segment in segments[:-1])])
    offsets[1 : len(segments) + 1] = places
    return offsets.tobytes() + b"".join(segments)


def _planes(sample: Pixels) -> list[NDArray[np.uint8]]:
    size = sample.dtype.itemsize
    split = np.ascontiguousarray(sample.astype(sample.dtype.newbyteorder(">"))).view(np.uint8)
    octets = split.reshape(*sample.shape, size)
    return [np.ascontiguousarray(octets[:, :, place]) for place in range(size)]


def _segment(plane: NDArray[np.uint8]) -> bytes:
    packed = b"".join(imagecodecs.packbits_encode(row.tobytes()) for row in plane)
    return packed + b"\0" * (len(packed) % 2)


def describe(ds: Dataset, pixels: Pixels, first_frame: bytes, stored: str, target: str) -> None:
    """Make the Image Pixel module of `ds` say what frames in `target` are, made of frames stored in `stored`."""
    allocated = pixels.dtype.itemsize * 8
    is_lossy = text(ds, "LossyImageCompression") == "01"
    if stored in LOSSY or target in LOSSY or is_lossy:
        _note_loss(ds, pixels, first_frame, stored, target)
    if pixels.dtype.kind != "f":
        ds.BitsStored = min(integer(ds, "BitsStored") or allocated, allocated)
        ds.BitsAllocated, ds.HighBit = allocated, ds.BitsStored - 1
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns and samples
        ds.PhotometricInterpretation = _colours(ds, first_frame, target)
        ds.PlanarConfiguration = 0
    elif "PlanarConfiguration" in ds:
        del ds.PlanarConfiguration


def _colours(ds: Dataset, first_frame: bytes, target: str) -> str:
    if target == JPEGBaseline8Bit:
        return "YBR_FULL_422"
    if target in _JPEG_2000 and j2k_header(first_frame, PixelFormat.of(ds)).colour_transform:
        return "YBR_RCT"
    return "RGB"


def _note_loss(ds: Dataset, pixels: Pixels, first_frame: bytes, stored: str, target: str) -> None:
    """PS3.3 C.7.6.1.1.5: once lossy always lossy; each step adds its method and ratio."""
    ds.LossyImageCompression = "01"
    methods = _several(ds, "LossyImageCompressionMethod")
    ratios = _several(ds, "LossyImageCompressionRatio")
    if not methods and stored in _METHODS:
        methods.append(_METHODS[stored])
    if target in LOSSY:
        methods.append(_METHODS[target])
        ratios.append(f"{pixels.nbytes / max(1, len(first_frame)):.2f}")
    if methods:
        ds.LossyImageCompressionMethod = methods
    if ratios:
        ds.LossyImageCompressionRatio = ratios


def _several(ds: Dataset, keyword: str) -> list[str]:
    found = ds.get(keyword)
    if found is None or found == "":
        return []
    return [str(one) for one in found] if isinstance(found, list | tuple) or hasattr(found, "append") else [str(found)]
