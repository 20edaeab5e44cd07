"""An object's bytes as a row of segments: each says how it is packed, and unpacking them one after the other gives the
bytes again. Nothing needs more memory than its largest segment.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

from storage.domain.errors import DamagedTransfer
from storage.edge.pictures import Codec, FrameLayout, decode_frame, encode_frame

_HEAD = struct.Struct(">BII")
_END, _STORED, _DEFLATED = 0, 1, 2
PIECE = 1 << 20
"""Bytes of the data set that one segment carries, unless it is a frame."""

MAX_FRAME = 256 << 20
_MAX_PACKED = MAX_FRAME + (1 << 20)
_LEVEL = 6

END = _HEAD.pack(_END, 0, 0)
"""Closes the row."""


def pack(data: bytes) -> bytes:
    """One segment of up to `MAX_FRAME` bytes, deflated when that is smaller."""
    deflated = zlib.compress(data, _LEVEL)
    return _segment(_DEFLATED, deflated, len(data)) if len(deflated) < len(data) else _segment(_STORED, data, len(data))


def pack_frame(frame: bytes, layout: FrameLayout, codecs: Iterable[Codec]) -> tuple[bytes, Codec | None]:
    """The smallest segment that brings the frame back, and the codec that made it; None is no codec at all."""
    best, winner = pack(frame), None
    for codec in codecs:
        encoded = encode_frame(frame, layout, codec)
        if encoded is not None and len(encoded) + _HEAD.size < len(best):
            best, winner = _segment(codec, encoded, len(frame)), codec
    return best, winner


def _segment(kind: int, packed: bytes, size: int) -> bytes:
    return _HEAD.pack(kind, len(packed), size) + packed


def unpack(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """What the segments up to the end mark carry, `size` bytes together. Raises `DamagedTransfer`."""
    left = size
    while True:
        kind, packed_size, plain_size = _HEAD.unpack(exactly(stream, _HEAD.size))
        if kind == _END:
            break
        left -= plain_size
        if left < 0 or plain_size > MAX_FRAME or packed_size > _MAX_PACKED:
            raise DamagedTransfer("A segment is larger than was announced.")
        yield _unpacked(kind, exactly(stream, packed_size), plain_size)
    if left:
        raise DamagedTransfer("An object is shorter than was announced.")


def skip(stream: BinaryIO) -> None:
    """Pass over the segments up to the end mark. Raises `DamagedTransfer` when there is none."""
    while True:
        kind, packed_size, _ = _HEAD.unpack(exactly(stream, _HEAD.size))
        if kind == _END:
            return
        stream.seek(packed_size, 1)


def _unpacked(kind: int, packed: bytes, size: int) -> bytes:
    if kind == _STORED:
        plain = packed
    elif kind == _DEFLATED:
        plain = _inflated(packed, size)
    elif kind in tuple(Codec):
        plain = decode_frame(packed, Codec(kind), size)
    else:
        raise DamagedTransfer("A segment is packed in a way that is not known here.")
    if len(plain) != size:
        raise DamagedTransfer("A segment is not of the size that was announced.")
    return plain


def _inflated(packed: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(packed, size + 1)
    except zlib.error as error:
        raise DamagedTransfer("A segment cannot be inflated.") from error
    if not inflater.eof:
        raise DamagedTransfer("A segment is not of the size that was announced.")
    return plain


def exactly(stream: BinaryIO, size: int) -> bytes:
    """The next `size` bytes. Raises `DamagedTransfer` when there are fewer."""
    data = stream.read(size)
    if len(data) != size:
        raise DamagedTransfer("The parcel ends too early.")
    return data


class CheckedStream(io.RawIOBase):
    """`pieces` as a stream that ends only when their SHA-256 is the promised one; otherwise it raises `DamagedTransfer`."""

    def __init__(self, pieces: Iterator[bytes], promised_sha256: str) -> None:
        self._pieces = pieces
        self._promised = promised_sha256
        self._hash = sha256()
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                self._check()
                return 0
            self._hash.update(piece)
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _check(self) -> None:
        if self._hash.hexdigest() != self._promised:
            raise DamagedTransfer("An object is not what the station holds.")
