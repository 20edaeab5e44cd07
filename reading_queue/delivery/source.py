"""The frames of a stored object, one at a time: an hour of ultrasound must fit into a worker's memory."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from pydicom import Dataset, dcmread
from pydicom.dataelem import DataElement
from pydicom.encaps import encapsulate, generate_frames
from pydicom.tag import Tag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from reading_queue.preprocessing.attributes import raw, value
from reading_queue.preprocessing.decoding import Pixels, decode_frame, read_dataset
from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.preprocessing.pixel_format import PIXEL_MODULE, PixelFormat

_PIXEL_DATA, _UNDEFINED = Tag("PixelData"), 0xFFFFFFFF
_GREY_OR_INDEX = frozenset({"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"})
_REVERSIBLE_COLOUR = frozenset({"RGB", "YBR_RCT"})


def decoded_frames(stream: BinaryIO) -> Iterator[Pixels]:
    """Every frame of a Part 10 file, in order; `stream` is seekable and read a frame at a time.

    Raises `UndecodableImage`, also for what would not come out the same: bitmaps, floating point, colours that another
    colour space rounds.
    """
    try:
        header = dcmread(stream, stop_before_pixels=True, force=True)
    except Exception as error:  # a parser of outside bytes: pydicom raises many types on damage
        raise UndecodableImage("not a DICOM data set") from error
    fmt = PixelFormat.of(header)
    _require_exact(fmt)
    if _syntax(header) == DeflatedExplicitVRLittleEndian:
        stream.seek(0)
        whole = read_dataset(stream)
        yield from (decode_frame(whole, index) for index in range(fmt.frames))
        return
    for element in _elements(stream, header, fmt):
        yield decode_frame(_alone(header, element), 0)


def _require_exact(fmt: PixelFormat) -> None:
    exact = _GREY_OR_INDEX if fmt.samples == 1 else _REVERSIBLE_COLOUR
    if fmt.photometric not in exact or fmt.bits_allocated not in (8, 16):
        raise UndecodableImage("no samples that stay as they are")


def _elements(stream: BinaryIO, header: Dataset, fmt: PixelFormat) -> Iterator[DataElement]:
    """The pixel element of each frame, as if it were the only one."""
    vr, length = _enter_pixels(stream, header)
    if length == _UNDEFINED:
        tables = raw(header, "ExtendedOffsetTable"), raw(header, "ExtendedOffsetTableLengths")
        extended = (tables[0], tables[1]) if tables[0] and tables[1] else None
        try:
            for frame in generate_frames(stream, number_of_frames=fmt.frames, extended_offsets=extended):
                yield DataElement(_PIXEL_DATA, "OB", encapsulate([frame]), is_undefined_length=True)
        except (ValueError, EOFError, struct.error) as error:
            raise UndecodableImage("the frames cannot be told apart") from error
        return
    size = fmt.pixels * (2 if fmt.halves_chroma else fmt.samples) * fmt.bits_allocated // 8
    if vr == "OW" and fmt.bits_allocated == 8 and size % 2 and _syntax(header) == ExplicitVRBigEndian:  # noqa: PLR2004
        raise UndecodableImage("frames that share a word")
    for _ in range(fmt.frames):
        data = stream.read(size)
        yield DataElement(_PIXEL_DATA, vr, data + b"\0" * (len(data) % 2))


def _enter_pixels(stream: BinaryIO, header: Dataset) -> tuple[str, int]:
    """Read the head of the pixel element; its value representation and length."""
    is_implicit, is_little = header.original_encoding
    order = "<" if is_little else ">"
    head = stream.read(8)
    if len(head) < 8 or struct.unpack(f"{order}HH", head[:4]) != (_PIXEL_DATA.group, _PIXEL_DATA.element):  # noqa: PLR2004
        raise UndecodableImage("no pixel data")
    if is_implicit:
        return "OW", struct.unpack(f"{order}L", head[4:])[0]
    return head[4:6].decode("ascii", "replace"), struct.unpack(f"{order}L", stream.read(4).ljust(4, b"\0"))[0]


def _alone(header: Dataset, element: DataElement) -> Dataset:
    ds = Dataset()
    ds.file_meta = header.file_meta
    for keyword in PIXEL_MODULE:
        if keyword in header:
            ds[keyword] = header[keyword]
    ds.add(element)
    return ds


def _syntax(header: Dataset) -> str:
    return str(value(header.file_meta, "TransferSyntaxUID") or "")
