"""What an object says about its pixels, and where they begin: of all its elements only those that showing it takes."""

import io
import struct
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from pydicom import Dataset, dcmread
from pydicom.filereader import read_dataset
from pydicom.tag import Tag
from pydicom.uid import ImplicitVRLittleEndian

from reading_queue.preprocessing import overlays, shutters
from reading_queue.preprocessing.resizing import pixel_aspect
from reading_queue.preprocessing.windowing import Display
from storage.domain.errors import UnreadableObject
from storage.ingest.header.places import find_places
from storage.ingest.header.plans import Odd
from storage.ingest.part10 import read_start
from viewer_api.recent import Recent

_KEYWORDS = (
    "SpecificCharacterSet Modality PixelIntensityRelationship FrameTime CineRate RecommendedDisplayFrameRate "
    "ImagerPixelSpacing NominalScannedPixelSpacing PixelSpacing PixelAspectRatio RepresentativeFrameNumber "
    "SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames Rows Columns BitsAllocated BitsStored "
    "HighBit PixelRepresentation PixelPaddingValue PixelPaddingRangeLimit RescaleIntercept RescaleSlope "
    "WindowCenter WindowWidth VOILUTFunction ModalityLUTSequence VOILUTSequence PresentationLUTShape "
    "SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence"
)
_PALETTE = (
    "{0}PaletteColorLookupTableDescriptor",
    "{0}PaletteColorLookupTableData",
    "Segmented{0}PaletteColorLookupTableData",
)
_ALL_KEYWORDS = (
    *_KEYWORDS.split(),
    *shutters.KEYWORDS.split(),
    *(name.format(hue) for hue in ("Red", "Green", "Blue") for name in _PALETTE),
)
SHOWN_BY = frozenset(
    (
        *(int(Tag(keyword)) for keyword in _ALL_KEYWORDS),
        *(group << 16 | element for group in overlays.GROUPS for element in overlays.DESCRIBING),
    )
)
"""Every attribute that decoding, windowing, scaling, covering, drawing on and choosing a frame look at."""

_PIXEL_ELEMENTS = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_LARGEST_REMEMBERED, _REMEMBERED = 64 << 10, 8 << 20
_OVERHEAD, _DISPLAYS = 16 << 10, 64
_EXPLICIT_START, _IMPLICIT_START = struct.Struct("<HH4xL"), struct.Struct("<HHL")


class ShownBy:
    """The elements of `SHOWN_BY` that one or many objects have, and how they are shown. For any number of threads."""

    def __init__(self, ds: Dataset, weight: int = 0) -> None:
        self.ds = ds
        self.weight = weight + _OVERHEAD
        self._displays: Recent[int, Display] = Recent(_DISPLAYS)

    @cached_property
    def _by_frame(self) -> bool:
        return "PerFrameFunctionalGroupsSequence" in self.ds

    def display(self, index: int) -> Display:
        """How frame `index` (from 0) is shown. Raises `UndecodableImage`."""
        place = index if self._by_frame else 0
        found = self._displays.get(place)
        if found is None:
            found = Display.of(self.ds, place)
            self._displays.put(place, found)
        return found

    @cached_property
    def _aspect(self) -> float:
        return pixel_aspect(self.ds, 0)

    def aspect(self, index: int) -> float:
        """Height of a pixel of frame `index` (from 0) over its width."""
        return pixel_aspect(self.ds, index) if self._by_frame else self._aspect


@dataclass(frozen=True)
class Head:
    """`start` and `length` are of the pixel element's value in the file; 0xFFFFFFFF is an undefined length."""

    shown_by: ShownBy
    tag: int
    start: int
    length: int


_REMEMBERED_HEADS: Recent[tuple[bool, bytes], ShownBy] = Recent(_REMEMBERED, lambda found: found.weight)
"""The slices of a series have the same bytes in all these elements, or nearly so."""


def read_head(stream: BinaryIO) -> Head:
    """Of a Part 10 file in little endian, not deflated. Raises `UnreadableObject` when it has no pixels."""
    place = stream.tell()
    try:
        return _quickly(stream)
    except (Odd, UnreadableObject):
        stream.seek(place)
    return _tolerantly(stream)


def _quickly(stream: BinaryIO) -> Head:
    implicit = read_start(stream).transfer_syntax_uid == ImplicitVRLittleEndian
    data_set = stream.tell()
    places = find_places(stream, SHOWN_BY, implicit=implicit)
    stream.seek(data_set + places.pixels)
    tag, length = _pixel_start(stream, implicit=implicit)
    return Head(_shown_by(places.elements, implicit=implicit), tag, stream.tell(), length)


def _shown_by(elements: bytes, *, implicit: bool) -> ShownBy:
    key = (implicit, elements)
    found = _REMEMBERED_HEADS.get(key)
    if found is None:
        found = ShownBy(
            read_dataset(io.BytesIO(elements), is_implicit_VR=implicit, is_little_endian=True), len(elements)
        )
        if len(elements) <= _LARGEST_REMEMBERED:
            _REMEMBERED_HEADS.put(key, found)
    return found


def _tolerantly(stream: BinaryIO) -> Head:
    try:
        ds = dcmread(stream, stop_before_pixels=True, specific_tags=list(SHOWN_BY))
    except Exception as error:  # a parser of outside bytes raises a dozen types
        raise UnreadableObject("The object cannot be read as DICOM.") from error
    tag, length = _pixel_start(stream, implicit=ds.original_encoding[0] is True)
    return Head(ShownBy(ds), tag, stream.tell(), length)


def _pixel_start(stream: BinaryIO, *, implicit: bool) -> tuple[int, int]:
    """Tag and length of the pixel element that begins here."""
    layout = _IMPLICIT_START if implicit else _EXPLICIT_START
    data = stream.read(layout.size)
    if len(data) < layout.size:
        raise UnreadableObject("The object ends before its pixel data.")
    group, element, length = layout.unpack(data)
    tag = group << 16 | element
    if tag not in _PIXEL_ELEMENTS:
        raise UnreadableObject("The object has no pixel data.")
    return tag, int(length)
