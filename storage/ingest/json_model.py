"""The DICOM JSON model (PS3.18 annex F) of a data set without its bulk data, from raw elements as pydicom reads them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import cast

from pydicom import Dataset
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.filereader import read_sequence
from pydicom.tag import BaseTag

from storage.ingest.charset import ChooseReading, Decode
from storage.ingest.json_values import (
    MAX_SEQUENCE_DEPTH,
    PALETTE,
    PIXEL_REPRESENTATION,
    SPECIFIC_CHARACTER_SET,
    TEXT_VRS,
    DicomJson,
    element_json,
    is_left_out,
    value_representation,
)

_MAX_SEQUENCE = 64 << 20

AnyElement = DataElement | RawDataElement
ReadLarge = Callable[[RawDataElement], bytes | None]


@dataclass(frozen=True)
class _Element:
    """One element: `items` of a sequence, or else the `value` as encoded."""

    tag: BaseTag
    vr: str
    value: bytes
    little_endian: bool
    items: "list[list[_Element]] | None" = None


def dicom_json(data_set: Dataset, read_large: ReadLarge, choose: ChooseReading) -> tuple[DicomJson, str]:
    """The model of `data_set`, and the repair of its character set (empty where none was needed).

    `read_large` fetches values that were left in the file; `choose` says how to read the text values, from the declared
    character set.
    """
    elements = list(_Reader(read_large, signed=_pixels_are_signed(data_set)).elements(data_set, 0))
    declared = next((e.value for e in elements if e.tag == SPECIFIC_CHARACTER_SET), b"")
    reading = choose(declared, list(_texts(elements)))
    model = _model(elements, reading.decode)
    if model:
        model["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    return model, reading.repair


def _pixels_are_signed(data_set: Dataset) -> bool:
    if PIXEL_REPRESENTATION not in data_set:
        return False
    value = cast(AnyElement, data_set.get_item(PIXEL_REPRESENTATION, keep_deferred=True)).value
    return value in (b"\x01\x00", b"\x00\x01")


@dataclass(frozen=True)
class _Reader:
    read_large: ReadLarge
    signed: bool

    def elements(self, data_set: Dataset, depth: int) -> Iterator[_Element]:
        for tag in sorted(data_set.keys()):
            if not is_left_out(tag):
                read = self._element(cast(AnyElement, data_set.get_item(tag, keep_deferred=True)), depth)
                if read is not None:
                    yield read

    def _element(self, element: AnyElement, depth: int) -> _Element | None:
        if isinstance(element, RawDataElement):
            return self._raw_element(element, depth)
        return self._sequence(element.tag, element.value, depth) if element.VR == "SQ" else None

    def _raw_element(self, raw: RawDataElement, depth: int) -> _Element | None:
        vr = value_representation(raw.tag, raw.VR, signed=self.signed)
        value = self._value(raw, vr)
        if value is None:
            return None
        if vr != "SQ":
            return _Element(raw.tag, vr, value, raw.is_little_endian)
        stream = BytesIO(value)
        items = read_sequence(stream, raw.is_implicit_VR, raw.is_little_endian, len(value), "iso8859", 0)
        return self._sequence(raw.tag, items, depth)

    def _sequence(self, tag: BaseTag, items: Sequence[Dataset], depth: int) -> _Element | None:
        if depth >= MAX_SEQUENCE_DEPTH:
            return None
        read = [list(self.elements(item, depth + 1)) for item in items]
        return _Element(tag, "SQ", b"", little_endian=True, items=read)

    def _value(self, raw: RawDataElement, vr: str) -> bytes | None:
        if raw.value is not None or raw.length == 0:
            return raw.value or b""
        wanted = (vr == "SQ" or raw.tag in PALETTE) and raw.length <= _MAX_SEQUENCE
        return self.read_large(raw) if wanted else None


def _texts(elements: Sequence[_Element]) -> Iterator[bytes]:
    for element in elements:
        if element.vr in TEXT_VRS:
            yield element.value
        for item in element.items or ():
            yield from _texts(item)


def _model(elements: Sequence[_Element], decode: Decode) -> DicomJson:
    written = ((element.tag, _written(element, decode)) for element in elements)
    return {f"{tag:08X}": value for tag, value in written if value is not None}


def _written(element: _Element, decode: Decode) -> DicomJson | None:
    if element.items is None:
        return element_json(element.tag, element.vr, element.value, decode, little_endian=element.little_endian)
    return {"vr": "SQ", "Value": [_model(item, decode) for item in element.items]} if element.items else {"vr": "SQ"}
