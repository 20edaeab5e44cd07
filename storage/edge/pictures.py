"""Frames of uncompressed pixel data as JPEG-LS or HTJ2K codestreams, and back, bit for bit.

The codestream is a way to carry bytes and nothing else: it never becomes part of a DICOM object. What the encoder is
given are whole samples of Bits Allocated, so that overlays and padding in unused bits survive.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import cast

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from storage.domain.errors import DamagedTransfer

_LAYOUT = struct.Struct(">IIBBB")
_PLANAR, _BIG_ENDIAN, _SIGNED = 1, 2, 4
_SAMPLE_TYPES = {1: "u1", 2: "u2"}
_COLOURS = 3
_MAX_SIDE = 65_535
_MAX_PIXELS = 1 << 28
_SIZ = struct.Struct(">8x4I16xH")
"""SOC, SIZ and its length and capabilities; Xsiz, Ysiz, XOsiz, YOsiz; the tiles; Csiz."""

_JPEG_START, _JPEG_LS_FRAME, _J2K_START = b"\xff\xd8", b"\xff\xf7", b"\xff\x4f\xff\x51"


class Codec(IntEnum):
    """How a frame is carried (ISO/IEC 14495-1, ISO/IEC 15444-15)."""

    JPEG_LS = 3
    HTJ2K = 4


@dataclass(frozen=True)
class FrameLayout:
    """How the samples of a native frame lie (PS3.3 C.7.6.3): `planar` is one plane a colour, `sample_bytes` 1 or 2."""

    rows: int
    columns: int
    samples: int
    sample_bytes: int
    planar: bool = False
    big_endian: bool = False
    signed: bool = False

    @property
    def size(self) -> int:
        """Bytes of one frame."""
        return self.rows * self.columns * self.samples * self.sample_bytes

    @property
    def is_picture(self) -> bool:
        """Whether the codecs here can carry such frames."""
        return (
            0 < self.rows <= _MAX_SIDE
            and 0 < self.columns <= _MAX_SIDE
            and self.rows * self.columns <= _MAX_PIXELS
            and self.samples in (1, _COLOURS)
            and self.sample_bytes in _SAMPLE_TYPES
        )

    def encode(self) -> bytes:
        flags = _PLANAR * self.planar | _BIG_ENDIAN * self.big_endian | _SIGNED * self.signed
        return _LAYOUT.pack(self.rows, self.columns, self.samples, self.sample_bytes, flags)

    @classmethod
    def decode(cls, data: bytes) -> "tuple[FrameLayout, bytes]":
        """The layout, and what follows it. Raises `DamagedTransfer`."""
        if len(data) < _LAYOUT.size:
            raise DamagedTransfer("A frame has no layout.")
        rows, columns, samples, sample_bytes, flags = _LAYOUT.unpack_from(data)
        planar, big_endian, signed = (bool(flags & bit) for bit in (_PLANAR, _BIG_ENDIAN, _SIGNED))
        layout = cls(rows, columns, samples, sample_bytes, planar, big_endian, signed)
        if not layout.is_picture:
            raise DamagedTransfer("A frame has a layout that no picture has.")
        return layout, data[_LAYOUT.size :]


def encode_frame(frame: bytes, layout: FrameLayout, codec: Codec) -> bytes | None:
    """Layout and codestream; None unless decoding them gives `frame` again."""
    picture = _to_picture(frame, layout)
    try:
        encoded = layout.encode() + _ENCODERS[codec](picture)
        return encoded if decode_frame(encoded, codec, layout.size) == frame else None
    except (RuntimeError, ValueError, DamagedTransfer):
        return None


def decode_frame(data: bytes, codec: Codec, size: int) -> bytes:
    """The `size` bytes of a frame. Raises `DamagedTransfer`; never takes more memory than `size` justifies."""
    layout, codestream = FrameLayout.decode(data)
    if layout.size != size or _dimensions(codestream, codec) != (layout.rows, layout.columns, layout.samples):
        raise DamagedTransfer("A frame is not of the size that was announced.")
    try:
        picture = _DECODERS[codec](codestream)
    except (RuntimeError, ValueError) as error:
        raise DamagedTransfer("A frame cannot be decoded.") from error
    if picture.size * picture.dtype.itemsize != size:
        raise DamagedTransfer("A frame has other samples than were announced.")
    return _to_bytes(picture, layout)


def _to_picture(frame: bytes, layout: FrameLayout) -> NDArray[np.unsignedinteger]:
    """Rows, columns and colours as unsigned samples; signed ones are moved up, so that -1 and 0 stay neighbours."""
    samples = np.frombuffer(frame, _stored_type(layout)).astype(_SAMPLE_TYPES[layout.sample_bytes])
    if layout.signed:
        samples ^= samples.dtype.type(1 << (8 * layout.sample_bytes - 1))
    if layout.samples == 1:
        return samples.reshape(layout.rows, layout.columns)
    if layout.planar:
        planes = samples.reshape(layout.samples, layout.rows, layout.columns)
        return np.ascontiguousarray(planes.transpose(1, 2, 0))
    return samples.reshape(layout.rows, layout.columns, layout.samples)


def _to_bytes(picture: NDArray[np.unsignedinteger], layout: FrameLayout) -> bytes:
    if layout.signed:
        picture = picture ^ picture.dtype.type(1 << (8 * layout.sample_bytes - 1))
    if layout.planar and layout.samples > 1:
        picture = picture.transpose(2, 0, 1)
    return picture.astype(_stored_type(layout)).tobytes()


def _stored_type(layout: FrameLayout) -> str:
    return (">" if layout.big_endian else "<") + _SAMPLE_TYPES[layout.sample_bytes]


def _encode_jpeg_ls(picture: NDArray[np.unsignedinteger]) -> bytes:
    return bytes(imagecodecs.jpegls_encode(picture))


def _encode_htj2k(picture: NDArray[np.unsignedinteger]) -> bytes:
    return bytes(imagecodecs.htj2k_encode(picture, reversible=True))


def _decode_jpeg_ls(codestream: bytes) -> NDArray[np.unsignedinteger]:
    return cast("NDArray[np.unsignedinteger]", imagecodecs.jpegls_decode(codestream))


def _decode_htj2k(codestream: bytes) -> NDArray[np.unsignedinteger]:
    return cast("NDArray[np.unsignedinteger]", imagecodecs.htj2k_decode(codestream))


_ENCODERS = {Codec.JPEG_LS: _encode_jpeg_ls, Codec.HTJ2K: _encode_htj2k}
_DECODERS = {Codec.JPEG_LS: _decode_jpeg_ls, Codec.HTJ2K: _decode_htj2k}


def _dimensions(codestream: bytes, codec: Codec) -> tuple[int, int, int] | None:
    """Rows, columns and components as the codestream says, before a decoder believes it."""
    return _jpeg_ls_dimensions(codestream) if codec is Codec.JPEG_LS else _j2k_dimensions(codestream)


def _jpeg_ls_dimensions(codestream: bytes) -> tuple[int, int, int] | None:
    """From SOF55 (ISO/IEC 14495-1 C.2.2), past the marker segments before it."""
    position = len(_JPEG_START)
    if codestream[:position] != _JPEG_START:
        return None
    while position + 10 <= len(codestream) and codestream[position] == _JPEG_START[0]:
        if codestream[position : position + 2] == _JPEG_LS_FRAME:
            rows, columns, components = struct.unpack_from(">HHB", codestream, position + 5)
            return rows, columns, components
        position += 2 + int.from_bytes(codestream[position + 2 : position + 4], "big")
    return None


def _j2k_dimensions(codestream: bytes) -> tuple[int, int, int] | None:
    """From SIZ (ISO/IEC 15444-1 A.5.1)."""
    if codestream[:4] != _J2K_START or len(codestream) < _SIZ.size:
        return None
    right, bottom, left, top, components = _SIZ.unpack_from(codestream)
    return bottom - top, right - left, components
