"""One frame of a stored object as an image of its own, whatever the size of the object."""

import io
from collections.abc import Iterator

from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian

from reading_queue.preprocessing.decoding import UndecodableImage, decode_frame, read_dataset
from storage.domain.errors import NotFound, UnreadableObject
from viewer_api.dicomweb.encoding import Pixels
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.metadata import DicomJson
from viewer_api.dicomweb.objects import ObjectReader
from viewer_api.dicomweb.transfer_syntaxes import RAW

_READ_WHOLE = frozenset({str(ExplicitVRBigEndian), str(DeflatedExplicitVRLittleEndian)})
"""Their frames have no place in the file as they are sent."""

_PIXELS = (0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0xFFFCFFFC, 0xFFFAFFFA)
"""Offset tables, pixels of all kinds, padding, and signatures that another encoding breaks."""


class FrameReader:
    """The frames of one object; its header is read once, its pixels frame by frame."""

    def __init__(self, reader: ObjectReader, source: FrameSource, image: StoredImage) -> None:
        self._source = source
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
        made.file_meta = FileMetaDataset()
        if self._whole is not None:
            pixels = self.pixels(number)
            made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            _describe_plain(made, pixels)
            made.PixelData = _even(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes())
            return
        syntax, data = self._source.frame(self.image, number)
        made.file_meta.TransferSyntaxUID = (
            UID(self.image.transfer_syntax_uid) if syntax != RAW else ExplicitVRLittleEndian
        )
        if syntax == RAW:
            stored = made.get("BitsStored")
            if stored:
                made.HighBit = stored - 1
            keyword = _float_keyword(made)
            setattr(made, keyword, _even(data))
        else:
            made.PixelData = encapsulate([data])
            made["PixelData"].is_undefined_length = True


def _describe_plain(made: Dataset, pixels: Pixels) -> None:
    made.BitsAllocated = pixels.dtype.itemsize * 8
    made.BitsStored = min(made.get("BitsStored") or made.BitsAllocated, made.BitsAllocated)
    made.HighBit = made.BitsStored - 1
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns and samples
        made.PhotometricInterpretation, made.PlanarConfiguration = "RGB", 0


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
