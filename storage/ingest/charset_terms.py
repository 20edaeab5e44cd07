"""The names of character sets in Specific Character Set (0008,0005): as PS3.3 C.12.1.1.2 defines them, and as they are misspelt."""

import re

from pydicom.charset import python_encoding

from storage.domain.charsets import NOTHING

GB18030, UTF8, LATIN1 = "GB18030", "ISO_IR 192", "ISO_IR 100"
GB2312, CCITT_CHINESE, KOREAN, JAPANESE = "ISO 2022 IR 58", "ISO 2022 IR 165", "ISO 2022 IR 149", "ISO 2022 IR 87"
"""ISO-IR 165 is GB 2312 with a few characters more. DICOM does not know it; some equipment does."""

CODECS = {GB18030: "gb18030", UTF8: "utf-8", KOREAN: "euc_kr"}
"""Python's codecs of the sets whose bytes tell whether they fit."""

SAYS_NOTHING = frozenset(
    {"", "ISO_IR 6", "ISO 2022 IR 6", "ISO_IR 100", "ISO 2022 IR 100", "ISO_IR 101", "ISO_IR 13", "ISO 2022 IR 13"}
)
"""Declared by equipment that has never heard of character sets; believed only when the bytes agree."""

SILENT = frozenset({"", "ISO_IR 6", "ISO 2022 IR 6"})
"""Those that promise no letter beyond ASCII."""

_ALIASES = {
    "GBK": GB18030,
    "GB2312": GB18030,
    "GB231280": GB18030,
    "GB18030": GB18030,
    "GB180302000": GB18030,
    "GB180302005": GB18030,
    "CP936": GB18030,
    "MS936": GB18030,
    "WINDOWS936": GB18030,
    "EUCCN": GB18030,
    "CHINESE": GB18030,
    "ISO2022GBK": GB18030,
    "ISO202258": GB2312,
    "ISOIR58": GB2312,
    "ISO2022IR58": GB2312,
    "ISOIR165": CCITT_CHINESE,
    "ISO2022IR165": CCITT_CHINESE,
    "UTF8": UTF8,
    "UNICODE": UTF8,
    "ISO10646": UTF8,
    "ISOIR192": UTF8,
    "ISO2022IR192": UTF8,
    "ISOIR149": KOREAN,
    "ISOIR87": JAPANESE,
    "ISO88591": LATIN1,
    "LATIN1": LATIN1,
    "ASCII": "ISO_IR 6",
}
_KNOWN = {
    re.sub(r"[^A-Z0-9]", "", term): term for term in python_encoding if term and term not in ("GBK", "ISO 2022 58")
}
_NOT_SHOWN = re.compile(r"[^ -~]")
_LONGEST = 64


def standard_term(written: str) -> str:
    """The defined term that is meant; empty for what nobody knows."""
    stripped = written.strip("\x00 ").upper()
    plain = re.sub(r"[^A-Z0-9]", "", stripped)
    return _ALIASES.get(plain) or _KNOWN.get(plain, "")


def as_written(declared: str) -> str:
    """What an object declares, fit to be shown."""
    return _NOT_SHOWN.sub("?", declared)[:_LONGEST] or NOTHING
