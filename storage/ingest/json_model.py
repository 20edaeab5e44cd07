"""The DICOM JSON model (PS3.18 annex F) of a data set without its bulk data, from raw elements as pydicom reads them.

Tolerant: a value that breaks the rules of its VR is kept as text or left out, and never stops the rest. Strings carry
no NUL, which databases refuse.
"""

import base64
import math
import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from pydicom import Dataset
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.filereader import read_sequence
from pydicom.tag import BaseTag

from storage.ingest.charset import Decode, choose_reading

MAX_INLINE = 4 << 10
MAX_PALETTE = 64 << 10
MAX_SEQUENCE_DEPTH = 16
LARGE_VALUE = 64 << 10
"""Values beyond this stay in the file unless they are sequences or palettes."""

_MAX_SEQUENCE = 64 << 20
_SPECIFIC_CHARACTER_SET, _PIXEL_REPRESENTATION = 0x00080005, 0x00280103
_LEFT_OUT = frozenset({0x00080001, 0x00880200, 0x54001010, 0xFFFCFFFC, 0xFFFAFFFA})
"""Length to end, icon image, waveform data, padding and digital signatures."""

_OVERLAY_DATA = 0x3000
_PALETTE = range(0x00281201, 0x00281224)
_LUT_DESCRIPTORS = frozenset({0x00281101, 0x00281102, 0x00281103, 0x00283002})
_REPEATING_OVERLAYS, _REPEATING_CURVES = range(0x6000, 0x6100), range(0x5000, 0x5100)
_TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_ONE_VALUE_VRS = frozenset({"LT", "ST", "UT", "UR"})
_PLAIN_VRS = frozenset({"AE", "AS", "CS", "DA", "DT", "TM", "UI", "UR"})
_BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_NUMBERS = {"FL": "f", "FD": "d", "SL": "i", "SS": "h", "SV": "q", "UL": "I", "US": "H", "UV": "Q"}
_VRS = _TEXT_VRS | _PLAIN_VRS | _BINARY_VRS | _NUMBERS.keys() | {"SQ", "AT", "IS", "DS"}
_AMBIGUOUS_VRS = {"US or SS": "US", "OB or OW": "OW", "US or OW": "OW", "US or SS or OW": "US", "None": "UN"}

DicomJson = dict[str, Any]
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


def dicom_json(data_set: Dataset, read_large: ReadLarge, assumed_charset: str) -> tuple[DicomJson, str]:
    """The model of `data_set`, and the repair of its character set (empty where none was needed).

    `read_large` fetches values that were left in the file.
    """
    elements = list(_Reader(read_large, signed=_pixels_are_signed(data_set)).elements(data_set, 0))
    declared = next((e.value for e in elements if e.tag == _SPECIFIC_CHARACTER_SET), b"").decode("ascii", "replace")
    reading = choose_reading(declared.split("\\") if declared else [], list(_texts(elements)), assumed_charset)
    model = _model(elements, reading.decode)
    if model:
        model["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    return model, reading.repair


def _pixels_are_signed(data_set: Dataset) -> bool:
    if _PIXEL_REPRESENTATION not in data_set:
        return False
    value = cast(AnyElement, data_set.get_item(_PIXEL_REPRESENTATION, keep_deferred=True)).value
    return value in (b"\x01\x00", b"\x00\x01")


@dataclass(frozen=True)
class _Reader:
    read_large: ReadLarge
    signed: bool

    def elements(self, data_set: Dataset, depth: int) -> Iterator[_Element]:
        for tag in sorted(data_set.keys()):
            if not _is_left_out(tag):
                read = self._element(cast(AnyElement, data_set.get_item(tag, keep_deferred=True)), depth)
                if read is not None:
                    yield read

    def _element(self, element: AnyElement, depth: int) -> _Element | None:
        if isinstance(element, RawDataElement):
            return self._raw_element(element, depth)
        return self._sequence(element.tag, element.value, depth) if element.VR == "SQ" else None

    def _raw_element(self, raw: RawDataElement, depth: int) -> _Element | None:
        vr = self._vr(raw)
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
        wanted = (vr == "SQ" and raw.length <= _MAX_SEQUENCE) or raw.tag in _PALETTE
        return self.read_large(raw) if wanted else None

    def _vr(self, raw: RawDataElement) -> str:
        vr = raw.VR
        if vr is None or vr == "UN":
            try:
                vr = dictionary_VR(raw.tag)
            except KeyError:
                vr = "UN"
        if vr == "US or SS" and self.signed and raw.tag not in _LUT_DESCRIPTORS:
            return "SS"
        vr = _AMBIGUOUS_VRS.get(vr, vr)
        return vr if vr in _VRS else "UN"


def _texts(elements: Sequence[_Element]) -> Iterator[bytes]:
    for element in elements:
        if element.vr in _TEXT_VRS:
            yield element.value
        for item in element.items or ():
            yield from _texts(item)


def _is_left_out(tag: BaseTag) -> bool:
    group, element = tag.group, tag.element
    overlay_or_curve = group in _REPEATING_OVERLAYS or group in _REPEATING_CURVES
    return (
        group % 2 == 1
        or element == 0
        or group in (0x0002, 0x7FE0)
        or tag in _LEFT_OUT
        or (overlay_or_curve and element == _OVERLAY_DATA)
    )


def _model(elements: Sequence[_Element], decode: Decode) -> DicomJson:
    written = ((element.tag, _written(element, decode)) for element in elements)
    return {f"{tag:08X}": value for tag, value in written if value is not None}


def _written(element: _Element, decode: Decode) -> DicomJson | None:
    if element.items is None:
        return _value(element, decode)
    return {"vr": "SQ", "Value": [_model(item, decode) for item in element.items]} if element.items else {"vr": "SQ"}


def _value(element: _Element, decode: Decode) -> DicomJson | None:
    vr, value = element.vr, element.value
    if not value:
        return {"vr": vr}
    if vr in _BINARY_VRS:
        limit = MAX_PALETTE if element.tag in _PALETTE else MAX_INLINE
        return {"vr": vr, "InlineBinary": _base64(element)} if len(value) <= limit else None
    values = _values(element, decode)
    return {"vr": vr, "Value": values} if any(one is not None for one in values) else {"vr": vr}


def _base64(element: _Element) -> str:
    if element.vr != "OW" or element.little_endian:
        return base64.b64encode(element.value).decode("ascii")
    words = array("H", element.value[: len(element.value) // 2 * 2])
    words.byteswap()
    return base64.b64encode(words).decode("ascii")


def _values(element: _Element, decode: Decode) -> list[Any]:
    vr, value = element.vr, element.value
    if vr in _NUMBERS:
        return _numbers(_NUMBERS[vr], element)
    if vr == "AT":
        halves = _numbers("H", element)
        return [f"{group:04X}{item:04X}" for group, item in zip(halves[::2], halves[1::2], strict=False)]
    text = _clean(decode(value) if vr in _TEXT_VRS else value.decode("latin-1"))
    if vr in _ONE_VALUE_VRS:
        return [text.rstrip()]
    parts = [part.strip() for part in text.split("\\")]
    if vr == "PN":
        return [_person_name(part) for part in parts]
    if vr in ("IS", "DS"):
        return [_decimal(part, vr) for part in parts]
    return [part or None for part in parts]


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _numbers(code: str, element: _Element) -> list[Any]:
    order = "<" if element.little_endian else ">"
    size = struct.calcsize(order + code)
    count = len(element.value) // size
    return [_json_number(n) for n in struct.unpack(f"{order}{count}{code}", element.value[: count * size])]


def _json_number(number: float) -> float | str:
    return number if isinstance(number, int) or math.isfinite(number) else str(number)


def _decimal(text: str, vr: str) -> float | str | None:
    if not text:
        return None
    try:
        return int(text) if vr == "IS" else _json_number(float(text))
    except ValueError:
        return text


def _person_name(text: str) -> DicomJson | None:
    groups = ("Alphabetic", "Ideographic", "Phonetic")
    named = {group: part.strip(" ^") for group, part in zip(groups, text.split("="), strict=False)}
    return {group: part for group, part in named.items() if part} or None
