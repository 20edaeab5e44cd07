"""Text in ISO 2022 IR 58 with its escape sequences (PS3.5 6.1.2.5 and annex K), which pydicom leaves out."""

import re

from pydicom import Dataset
from pydicom.charset import convert_encodings
from pydicom.config import IGNORE
from pydicom.dataelem import DataElement
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

_TO_GB2312 = b"\x1b$)A"
_ENCODINGS = convert_encodings(["", "ISO 2022 IR 58"])
_TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_RESET_IN_NAMES = re.compile(r"([\r\n\f\\^=])")
_RESET = re.compile(r"([\r\n\f\\])")
"""What takes the reader back to the initial character set."""


def encode_gb2312(text: str, *, is_name: bool) -> bytes:
    """`text` with the designation of GB 2312 in front of every stretch that needs it."""
    parts = (_RESET_IN_NAMES if is_name else _RESET).split(text)
    return b"".join(part.encode() if part.isascii() else _TO_GB2312 + part.encode("gb2312") for part in parts)


def with_escapes(data_set: Dataset) -> Dataset:
    """`data_set` with its Chinese text encoded, ready to be written as it is."""
    for element in list(data_set):
        if element.VR == "SQ":
            for item in element.value:
                with_escapes(item)
        elif element.VR in _TEXT_VRS and not (text := _written(element)).isascii():
            data_set[element.tag] = _encoded(element, encode_gb2312(text, is_name=element.VR == "PN"))
    return data_set


def _written(element: DataElement) -> str:
    value = element.value
    return "\\".join(map(str, value)) if isinstance(value, MultiValue) else str(value or "")


def _encoded(element: DataElement, encoded: bytes) -> DataElement:
    """What is bytes already is written as it is; the limits of a VR count characters, not escape sequences."""
    value = PersonName(encoded, _ENCODINGS) if element.VR == "PN" else encoded
    return DataElement(element.tag, element.VR, value, validation_mode=IGNORE)
