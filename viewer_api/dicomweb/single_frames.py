"""One frame of a stored object as an image of its own, whatever the size of the object."""

import io
from collections.abc import Iterator

from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.tag import Tag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian

from reading_queue.preprocessing.decoding import UndecodableImage, decode_frame, decode_plain, read_dataset
from reading_queue.preprocessing.pixel_format import PIXEL_MODULE, PixelFormat
from reading_queue.preprocessing.resizing import pixel_aspect
from reading_queue.preprocessing.voi import Window
from reading_queue.preprocessing.windowing import Shown, to_display
from storage.domain.errors import NotFound, UnreadableObject
from viewer_api.dicomweb.bulk_values import value_in
from viewer_api.dicomweb.encoding import Pixels
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.heads import ShownBy
from viewer_api.dicomweb.metadata import DicomJson
from viewer_api.dicomweb.objects import ObjectReader
from viewer_api.dicomweb.transfer_syntaxes import RAW

_READ_WHOLE = frozenset({str(ExplicitVRBigEndian), str(DeflatedExplicitVRLittleEndian)})
"""Their frames have no place in the file as they are sent."""

_PIXELS = (0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0xFFFCFFFC, 0xFFFAFFFA)
"""Offset tables, pixels of all kinds, padding, and signatures that another encoding breaks."""

_PIXEL_MODULE = tuple(map(Tag, PIXEL_MODULE))


class FrameReader:
    """The frames of one object; its header is read once, its pixels frame by frame."""

    def __init__(self, reader: ObjectReader, source: FrameSource, image: StoredImage) -> None:
        self._source, self._reader = source, reader
        self.image = image
        self._whole = _read_whole(reader, image) if image.transfer_syntax_uid in _READ_WHOLE else None
        self.header = self._whole if self._whole is not None else _read_header(reader, image)

    def numbers(self) -> Iterator[int]:
        """From 1."""
        return iter(range(1, self.image.frames + 1))

    def alone(self, number: int) -> Dataset:
        """Frame `number` (from 1) as the only one, with its own functional groups. Raises `NotFound`."""
        if not 1 <= number <= self.image.frames:
            raise NotFound(f"The object has {self.image.frames} frames.")
        made = without_pixels(self.header)
        groups = self.header.get("PerFrameFunctionalGroupsSequence")
        if groups:
            made.PerFrameFunctionalGroupsSequence = list(groups)[number - 1 : number]
        made.NumberOfFrames = 1
        self._put_pixels(made, number)
        return made

    def pixels(self, number: int) -> Pixels:
        """Stored values, or RGB. Raises `NotFound`, and `UnreadableObject` when they cannot be decoded."""
        try:
            if self._whole is not None:
                return decode_frame(self._whole, number - 1)
            return decode_frame(self.alone(number))
        except UndecodableImage as error:
            raise UnreadableObject(f"The image cannot be shown: {error.reason}.") from error

    def _put_pixels(self, made: Dataset, number: int) -> None:
        if self._whole is not None:
            pixels = self.pixels(number)
            made.file_meta = FileMetaDataset()
            made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            _describe_plain(made, pixels)
            made.PixelData = _even(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes())
            return
        _put_frame(made, self.image.transfer_syntax_uid, *self._source.frame(self.image, number))

    def displayed(self, number: int, window: Window | None) -> tuple[Shown, float]:
        """Frame `number` (from 1) as it is shown, and the height of its pixels over their width.

        Raises `NotFound`, and `UnreadableObject` when it cannot be decoded.
        """
        alone = self.alone(number)
        try:
            return to_display(alone, 0, window), pixel_aspect(alone, 0)
        except UndecodableImage as error:
            raise UnreadableObject(f"The image cannot be shown: {error.reason}.") from error

    def overlay_data(self, group: int) -> bytes:
        """The Overlay Data of a plane in little endian; empty when the object has none."""
        return _overlay_data(self._reader, self.image, group)


class ShownFrames:
    """The frames of one object for showing them: of its header no more is read than that takes."""

    def __init__(self, reader: ObjectReader, source: FrameSource, image: StoredImage) -> None:
        self.image = image
        self._source, self._reader = source, reader
        self._whole = FrameReader(reader, source, image) if image.transfer_syntax_uid in _READ_WHOLE else None
        self._shown_by = source.shown_by(image) if self._whole is None else None

    @property
    def header(self) -> Dataset:
        """At least what `SHOWN_BY` names."""
        return self._whole.header if self._whole is not None else self._told.ds

    @property
    def _told(self) -> ShownBy:
        return self._shown_by or self._source.shown_by(self.image)

    def displayed(self, number: int, window: Window | None) -> tuple[Shown, float]:
        """As `FrameReader.displayed`, to the last bit."""
        if self._whole is not None:
            return self._whole.displayed(number, window)
        if not 1 <= number <= self.image.frames:
            raise NotFound(f"The object has {self.image.frames} frames.")
        syntax, data = self._source.frame(self.image, number)
        try:
            display = self._told.display(number - 1)
            stored = self._decoded(display.fmt, syntax, data)
            return display.shown(stored, window), self._told.aspect(number - 1)
        except UndecodableImage as error:
            raise UnreadableObject(f"The image cannot be shown: {error.reason}.") from error

    def overlay_data(self, group: int) -> bytes:
        """As `FrameReader.overlay_data`."""
        return _overlay_data(self._reader, self.image, group)

    def _decoded(self, fmt: PixelFormat, syntax: str, data: bytes) -> Pixels:
        """Raises `UndecodableImage`."""
        if syntax == RAW and "BitsStored" in self._told.ds:
            return decode_plain(data, fmt)
        made = Dataset()
        made.update({tag: self._told.ds.get_item(tag) for tag in _PIXEL_MODULE if tag in self._told.ds})
        made.set_original_encoding(*self._told.ds.original_encoding)
        made.NumberOfFrames = 1
        _put_frame(made, self.image.transfer_syntax_uid, syntax, data)
        return decode_frame(made)


def _overlay_data(reader: ObjectReader, image: StoredImage, group: int) -> bytes:
    try:
        found = value_in(reader, image.ref, image.transfer_syntax_uid, f"{group:04X}3000")
    except NotFound:
        return b""
    return found.read(0, found.size)


def _describe_plain(made: Dataset, pixels: Pixels) -> None:
    made.BitsAllocated = pixels.dtype.itemsize * 8
    made.BitsStored = min(made.get("BitsStored") or made.BitsAllocated, made.BitsAllocated)
    made.HighBit = made.BitsStored - 1
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns and samples
        made.PhotometricInterpretation, made.PlanarConfiguration = "RGB", 0


def _put_frame(made: Dataset, stored: str, syntax: str, data: bytes) -> None:
    """`data` is in `syntax`, of an object that is stored as `stored`."""
    made.file_meta = FileMetaDataset()
    if syntax != RAW:
        made.file_meta.TransferSyntaxUID = UID(stored)
        made.PixelData = encapsulate([data])
        made["PixelData"].is_undefined_length = True
        return
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if made.get("BitsStored"):
        made.HighBit = made.BitsStored - 1
    setattr(made, _float_keyword(made), _even(data))


def _float_keyword(made: Dataset) -> str:
    """Parametric maps have 32 or 64 bits and no Bits Stored (PS3.3 C.7.6.24, C.7.6.25)."""
    if "BitsStored" in made:
        return "PixelData"
    return "DoubleFloatPixelData" if made.get("BitsAllocated") == 64 else "FloatPixelData"  # noqa: PLR2004


def without_pixels(ds: Dataset) -> Dataset:
    """Another data set with the same elements, as they were read, but those about the encoding of pixels."""
    made = Dataset()
    made.update({tag: ds.get_item(tag) for tag in ds.keys() if tag not in _PIXELS})  # noqa: SIM118 - not a dict
    implicit, little = ds.original_encoding
    made.set_original_encoding(implicit, little, ds.original_character_set)
    return made


def _even(data: bytes) -> bytes:
    return data + b"\0" * (len(data) % 2)


def _read_header(reader: ObjectReader, image: StoredImage) -> Dataset:
    try:
        with reader.open_header(image.ref) as stream:
            return dcmread(stream, stop_before_pixels=True, force=True)
    except (ValueError, KeyError, EOFError, AttributeError, NotImplementedError) as error:
        raise UnreadableObject("The object cannot be read as DICOM.") from error


def _read_whole(reader: ObjectReader, image: StoredImage) -> Dataset:
    try:
        return read_dataset(io.BytesIO(reader.whole(image.ref)))
    except UndecodableImage as error:
        raise UnreadableObject(f"The image cannot be shown: {error.reason}.") from error


def header_dataset(header: DicomJson) -> Dataset:
    """The few attributes that tell which instance stands for others; empty when they are damaged."""
    try:
        return Dataset.from_json({tag: header[tag] for tag in _TELLING if tag in header})
    except Exception:  # noqa: BLE001 - pydicom raises many types on damage, and any instance will do then
        return Dataset()


_TELLING = ("00080008", "0008103E", "00200013", "00200032", "00200037", "00280010")
"""Image Type, Series Description, Instance Number, Image Position and Orientation (Patient), Rows."""
