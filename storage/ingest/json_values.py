"""Values as the DICOM JSON model writes them (PS3.18 annex F), from the bytes that encode them (PS3.5 6.2).

Tolerant: a value that breaks the rules of its VR is kept as text or left out. Strings carry no NUL, which databases
refuse.
"""

import base64
import math
import struct
from array import array
from functools import lru_cache
from typing import Any

from pydicom.datadict import dictionary_VR

from storage.ingest.charset import Decode

MAX_INLINE = 4 << 10
MAX_PALETTE = 64 << 10
MAX_SEQUENCE_DEPTH = 16
LARGE_VALUE = 64 << 10
"""Values beyond this stay in the file unless they are sequences or palettes."""

PIXEL_GROUP = 0x7FE0
SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION = 0x00080005, 0x00280103
PALETTE = range(0x00281201, 0x00281224)
_LUT_DATA = 0x00283006
TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
"""Those whose bytes mean what Specific Character Set says."""

_LEFT_OUT = frozenset({0x00080001, 0x00880200, 0x54001010, 0xFFFCFFFC, 0xFFFAFFFA})
"""Length to end, icon image, waveform data, padding and digital signatures."""

_OVERLAY_DATA = 0x3000
_LUT_DESCRIPTORS = frozenset({0x00281101, 0x00281102, 0x00281103, 0x00283002})
_REPEATING_OVERLAYS, _REPEATING_CURVES = range(0x6000, 0x6100), range(0x5000, 0x5100)
_ONE_VALUE_VRS = frozenset({"LT", "ST", "UT", "UR"})
_PLAIN_VRS = frozenset({"AE", "AS", "CS", "DA", "DT", "TM", "UI", "UR"})
_BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_NUMBERS = {"FL": "f", "FD": "d", "SL": "i", "SS": "h", "SV": "q", "UL": "I", "US": "H", "UV": "Q"}
_VRS = TEXT_VRS | _PLAIN_VRS | _BINARY_VRS | _NUMBERS.keys() | {"SQ", "AT", "IS", "DS"}
_AMBIGUOUS_VRS = {"US or SS": "US", "OB or OW": "OW", "US or OW": "OW", "US or SS or OW": "US", "None": "UN"}

DicomJson = dict[str, Any]


def is_left_out(tag: int) -> bool:
    """Whether the model never has this element: private, group length, bulk data."""
    group, element = tag >> 16, tag & 0xFFFF
    overlay_or_curve = group in _REPEATING_OVERLAYS or group in _REPEATING_CURVES
    return (
        group % 2 == 1
        or element == 0
        or group in (0x0002, PIXEL_GROUP)
        or tag in _LEFT_OUT
        or (overlay_or_curve and element == _OVERLAY_DATA)
    )


def value_representation(tag: int, told: str | None, *, signed: bool) -> str:
    """The VR to read an element by: the one it is `told` to have, or the dictionary's; `signed` says what pixels are."""
    if told is None or told == "UN":
        return _of_dictionary(tag)[1 if signed else 0]
    return told if told in _VRS else "UN"


def depends_on_pixels(tag: int, told: str | None) -> bool:
    """Whether the VR of the element is US or SS, as pixel data are (PS3.6, PS3.5 A.1)."""
    return (told is None or told == "UN") and len(set(_of_dictionary(tag))) > 1


@lru_cache(maxsize=1 << 13)
def _of_dictionary(tag: int) -> tuple[str, str]:
    """Where pixels are unsigned, and where they are signed."""
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "UN", "UN"
    plain = _AMBIGUOUS_VRS.get(vr, vr)
    plain = plain if plain in _VRS else "UN"
    return plain, "SS" if vr == "US or SS" and tag not in _LUT_DESCRIPTORS else plain


def element_json(tag: int, vr: str, value: bytes, decode: Decode, *, little_endian: bool = True) -> DicomJson | None:
    """One element that is no sequence; None when it stays outside of the model.

    JSON is UTF-8, in items too, whatever the object declares (PS3.18 F.2).
    """
    if not value:
        return {"vr": vr}
    if tag == SPECIFIC_CHARACTER_SET:
        return {"vr": "CS", "Value": ["ISO_IR 192"]}
    if vr in _BINARY_VRS:
        limit = MAX_PALETTE if tag in PALETTE or tag == _LUT_DATA else MAX_INLINE
        return {"vr": vr, "InlineBinary": _base64(vr, value, little_endian)} if len(value) <= limit else None
    values = _values(vr, value, decode, "<" if little_endian else ">")
    return {"vr": vr, "Value": values} if any(one is not None for one in values) else {"vr": vr}


def _base64(vr: str, value: bytes, little_endian: bool) -> str:  # noqa: FBT001
    if vr != "OW" or little_endian:
        return base64.b64encode(value).decode("ascii")
    words = array("H", value[: len(value) // 2 * 2])
    words.byteswap()
    return base64.b64encode(words).decode("ascii")


def _values(vr: str, value: bytes, decode: Decode, order: str) -> list[Any]:
    if vr in _NUMBERS:
        return _numbers(order + _NUMBERS[vr], value)
    if vr == "AT":
        halves = _numbers(order + "H", value)
        return [f"{group:04X}{item:04X}" for group, item in zip(halves[::2], halves[1::2], strict=False)]
    text = (decode(value) if vr in TEXT_VRS else value.decode("latin-1")).replace("\x00", "")
    if vr in _ONE_VALUE_VRS:
        return [text.rstrip()]
    parts = [part.strip() for part in text.split("\\")]
    if vr == "PN":
        return [_person_name(part) for part in parts]
    if vr in ("IS", "DS"):
        return [_decimal(part, vr) for part in parts]
    return [part or None for part in parts]


def _numbers(code: str, value: bytes) -> list[Any]:
    count = len(value) // struct.calcsize(code)
    numbers = struct.unpack_from(f"{code[0]}{count}{code[1]}", value)
    return [_json_number(number) for number in numbers]


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
