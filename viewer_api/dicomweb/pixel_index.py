"""Where the frames of an object lie within its Part 10 file, found without reading the pixels (PS3.5 8 and A.4)."""

import itertools
import struct
from dataclasses import dataclass
from typing import BinaryIO

from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, text
from storage.domain.errors import NotFound, UnreadableObject
from viewer_api.dicomweb.heads import Head, read_head

Range = tuple[int, int]
"""Start and stop, the latter excluded, in the file."""

UNDEFINED = 0xFFFFFFFF
"""Of an element that ends where a delimiter says so (PS3.5 7.1)."""

_ITEM, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE0DD
_CODESTREAM_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0c")


@dataclass(frozen=True)
class NativeFrames:
    """Uncompressed frames, one after the other. Lengths in bits: frames of bitmaps need not start on a byte (PS3.5 8.1.1)."""

    start: int
    frame_bits: int
    count: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool

    def locate(self, number: int) -> tuple[Range, int]:
        """The bytes that frame `number` (from 1) touches, and how many bits to skip in the first."""
        _check(number, self.count)
        first, skip = divmod((number - 1) * self.frame_bits, 8)
        length = -(-(skip + self.frame_bits) // 8)
        return (self.start + first, self.start + first + length), skip


@dataclass(frozen=True)
class EncapsulatedFrames:
    """Compressed frames, each in one or more fragments."""

    frames: tuple[tuple[Range, ...], ...]

    def locate(self, number: int) -> tuple[Range, ...]:
        """The fragments of frame `number` (from 1)."""
        _check(number, len(self.frames))
        return self.frames[number - 1]


FrameIndex = NativeFrames | EncapsulatedFrames


def _check(number: int, count: int) -> None:
    if not 1 <= number <= count:
        raise NotFound(f"The object has {count} frames.")


def index_frames(stream: BinaryIO) -> FrameIndex:
    """The frames of a Part 10 file in little endian, not deflated.

    Raises `UnreadableObject` when there are no pixels or their frames cannot be told apart.
    """
    return frames_of(read_head(stream), stream)


def frames_of(head: Head, stream: BinaryIO) -> FrameIndex:
    """As `index_frames`, once the head is known; `stream` is read where fragments have to be counted."""
    ds = head.shown_by.ds
    count = max(1, integer(ds, "NumberOfFrames") or 1)
    if head.length != UNDEFINED:
        return _native(ds, head.start, head.length, count)
    stream.seek(head.start)
    return _encapsulated(stream, count)


def _native(ds: Dataset, start: int, length: int, count: int) -> NativeFrames:
    rows, columns = integer(ds, "Rows") or 0, integer(ds, "Columns") or 0
    samples, allocated = integer(ds, "SamplesPerPixel") or 1, integer(ds, "BitsAllocated") or 0
    if text(ds, "PhotometricInterpretation") == "YBR_FULL_422":
        samples = 2
    stored = integer(ds, "BitsStored") or allocated
    bits = rows * columns * samples * allocated
    available = length * 8 // bits if bits else 0
    if available < 1:
        raise UnreadableObject("The pixel data is shorter than one frame.")
    return NativeFrames(
        start=start,
        frame_bits=bits,
        count=min(count, available),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=integer(ds, "HighBit") or stored - 1,
        signed=integer(ds, "PixelRepresentation") == 1,
    )


@dataclass(frozen=True)
class _Fragment:
    """`offset` is its item's, from the end of the Basic Offset Table (PS3.5 A.4)."""

    offset: int
    data: Range
    begins_frame: bool


def _encapsulated(stream: BinaryIO, count: int) -> EncapsulatedFrames:
    table, fragments = _read_items(stream)
    if not fragments:
        raise UnreadableObject("The pixel data has no frames.")
    starts = _starts(table, fragments, count)
    bounds = itertools.pairwise([*starts, len(fragments)])
    return EncapsulatedFrames(tuple(tuple(f.data for f in fragments[first:last]) for first, last in bounds))


def _starts(table: list[int], fragments: list[_Fragment], count: int) -> list[int]:
    """The index of the fragment that begins each frame."""
    if count == 1:
        return [0]
    if len(fragments) == count:
        return list(range(count))
    by_offset = {fragment.offset: index for index, fragment in enumerate(fragments)}
    if len(table) == count and all(offset in by_offset for offset in table):
        return sorted(by_offset[offset] for offset in table)
    starts = [index for index, fragment in enumerate(fragments) if fragment.begins_frame]
    if len(starts) != count or starts[0] != 0:
        raise UnreadableObject("The frames of the object cannot be told apart.")
    return starts


def _read_items(stream: BinaryIO) -> tuple[list[int], list[_Fragment]]:
    length = _item_length(stream)
    if length is None:
        return [], []
    table = [offset for (offset,) in struct.iter_unpack("<L", _exactly(stream, length // 4 * 4))]
    base = stream.tell()
    fragments: list[_Fragment] = []
    while (length := _item_length(stream)) is not None:
        start = stream.tell()
        begins = stream.read(4).startswith(_CODESTREAM_STARTS)
        fragments.append(_Fragment(start - 8 - base, (start, start + length), begins))
        stream.seek(start + length)
    return table, fragments


def _item_length(stream: BinaryIO) -> int | None:
    """The length of the next item; None at the end of the sequence, or of a file that was cut off there."""
    head = stream.read(8)
    if len(head) < 8:  # noqa: PLR2004 - tag and length
        return None
    group, element, length = struct.unpack("<HHL", head)
    tag = group << 16 | element
    if tag == _SEQUENCE_END:
        return None
    if tag != _ITEM or length == UNDEFINED:
        raise UnreadableObject("The compressed pixel data is damaged.")
    return int(length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise UnreadableObject("The object ends before its pixel data.")
    return data
