"""Whether a data set is all there: the lengths of its elements are followed to the end without reading the values.

A file that was cut off on its way has a header like any other; only the end tells (PS3.5 7.1, 7.5, A.4).
"""

import struct
import zlib
from typing import BinaryIO

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from storage.domain.errors import TruncatedObject, UnreadableObject

_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_MAX_STEPS = 5_000_000
_MAX_DEPTH = 64
_CHUNK = 256 << 10
_MAX_INFLATED = 4 << 30
_SHORT = 8


def check_whole(stream: BinaryIO, size: int, transfer_syntax_uid: str) -> None:
    """Raise `TruncatedObject` unless the data set that starts here ends within its `size` bytes.

    Where the structure cannot be followed, nothing is said: other readers may know better.
    """
    if transfer_syntax_uid == DeflatedExplicitVRLittleEndian:
        _check_deflated(stream)
        return
    walk = _Walk(stream, size, implicit=transfer_syntax_uid == ImplicitVRLittleEndian)
    if transfer_syntax_uid == ExplicitVRBigEndian:
        walk.order = ">"
    try:
        walk.elements()
    except _Strange:
        return


def _check_deflated(stream: BinaryIO) -> None:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left = _MAX_INFLATED
    try:
        while not inflater.eof and (chunk := inflater.unconsumed_tail or stream.read(_CHUNK)):
            left -= len(inflater.decompress(chunk, _CHUNK))
            if left < 0:
                raise UnreadableObject("The deflated data set inflates to more than any object has.")
        inflater.flush()
    except zlib.error as error:
        raise UnreadableObject("The deflated data set cannot be inflated.") from error
    if not inflater.eof:
        raise TruncatedObject(_CUT_OFF)


_CUT_OFF = "The file ends in the middle of the object: it was cut off on its way, or is still being written."


class _Strange(Exception):
    """The structure is none that can be followed."""


class _Walk:
    """Steps from element to element. All positions count from the start of the data set."""

    def __init__(self, stream: BinaryIO, size: int, *, implicit: bool) -> None:
        self._stream = stream
        self._start = stream.tell()
        self._size = size
        self._implicit = implicit
        self._left = _MAX_STEPS
        self.order = "<"

    def elements(self, depth: int = 0) -> None:
        """Follow elements: of the data set to its end, of an item of undefined length to its delimiter."""
        while header := self._header(optional=depth == 0):
            tag, vr, length = header
            if tag == _ITEM_END and depth > 0:
                return
            if length != _UNDEFINED:
                self._skip(length)
            elif tag >> 16 == 0x7FE0:  # noqa: PLR2004 - the group of pixel data
                self._fragments()
            else:
                self._items(depth, implicit=self._implicit or vr == b"UN")

    def _items(self, depth: int, *, implicit: bool) -> None:
        """A sequence of undefined length; one with the VR UN is in implicit VR (PS3.5 6.2.2, note 2)."""
        if depth >= _MAX_DEPTH:
            raise _Strange
        outside, self._implicit = self._implicit, implicit
        while True:
            tag, length = self._item_header()
            if tag == _SEQUENCE_END:
                break
            if length != _UNDEFINED:
                self._skip(length)
            else:
                self.elements(depth + 1)
        self._implicit = outside

    def _fragments(self) -> None:
        """Encapsulated frames (PS3.5 A.4); some writers leave out the delimiter at the very end."""
        while self._position() != self._size:
            tag, length = self._item_header()
            if tag == _SEQUENCE_END:
                return
            self._skip(length)

    def _header(self, *, optional: bool) -> tuple[int, bytes, int] | None:
        if optional and self._is_over():
            return None
        start = self._take(_SHORT)
        group, element = struct.unpack_from(self.order + "HH", start)
        tag = group << 16 | element
        if self._implicit or group == 0xFFFE:  # noqa: PLR2004 - items have no VR
            return tag, b"", struct.unpack_from(self.order + "I", start, 4)[0]
        vr = start[4:6]
        if vr in _LONG_VRS:
            return tag, vr, struct.unpack(self.order + "I", self._take(4))[0]
        if not vr.isalpha():
            raise _Strange
        return tag, vr, struct.unpack_from(self.order + "H", start, 6)[0]

    def _is_over(self) -> bool:
        """At the end, or where only padding follows."""
        left = self._size - self._position()
        if left >= _SHORT:
            return False
        return left == 0 or not any(self._take(left))

    def _item_header(self) -> tuple[int, int]:
        group, element, length = struct.unpack(self.order + "HHI", self._take(_SHORT))
        tag = group << 16 | element
        if tag not in (_ITEM, _SEQUENCE_END):
            raise _Strange
        return tag, length

    def _take(self, count: int) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise _Strange
        taken = self._stream.read(count)
        if len(taken) < count:
            raise TruncatedObject(_CUT_OFF)
        return taken

    def _skip(self, length: int) -> None:
        if self._position() + length > self._size:
            raise TruncatedObject(_CUT_OFF)
        self._stream.seek(length, 1)

    def _position(self) -> int:
        return self._stream.tell() - self._start
