"""Which character set the text of an object is really in (PS3.3 C.12.1.1.2, PS3.5 6.1), and the repair where it lies.

Much Chinese equipment writes GBK and declares ISO_IR 100 or nothing. The object keeps its bytes; what is repaired is
what the catalogue and the viewers read, and the repair is recorded.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pydicom.charset import convert_encodings, decode_bytes, python_encoding

Decode = Callable[[bytes], str]

_ASCII_LIMIT = 0x80
_ESCAPE = 0x1B
_GB18030, _UTF8 = "GB18030", "ISO_IR 192"
_CODECS = {_GB18030: "gb18030", _UTF8: "utf-8", "ISO 2022 IR 149": "euc_kr"}
_SAYS_NOTHING = frozenset(
    {"", "ISO_IR 6", "ISO 2022 IR 6", "ISO_IR 100", "ISO 2022 IR 100", "ISO_IR 101", "ISO_IR 13", "ISO 2022 IR 13"}
)
"""Declared by equipment that has never heard of character sets; believed only when the bytes agree."""

_ALIASES = {
    "GBK": _GB18030,
    "GB2312": _GB18030,
    "GB231280": _GB18030,
    "GB18030": _GB18030,
    "GB180302000": _GB18030,
    "CP936": _GB18030,
    "WINDOWS936": _GB18030,
    "EUCCN": _GB18030,
    "ISOIR58": "ISO 2022 IR 58",
    "ISO2022IR58": "ISO 2022 IR 58",
    "ISO2022IR165": _GB18030,
    "ISOIR165": _GB18030,
    "UTF8": _UTF8,
    "ISOIR192": _UTF8,
    "ISO2022IR192": _UTF8,
    "ISOIR149": "ISO 2022 IR 149",
    "ISOIR87": "ISO 2022 IR 87",
    "ISO88591": "ISO_IR 100",
    "LATIN1": "ISO_IR 100",
}
_WITH_ESCAPES = {"ISO 2022 IR 58": _GB18030, "ISO 2022 IR 149": "ISO 2022 IR 149"}
"""Sets that need escape sequences, and what the bytes are when equipment leaves those out."""

_HIGH_PAIR = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]")
_ESCAPE_SEQUENCE = re.compile(r"\x1b(\$[()]?|[()-])[@-Z]")
_PN_DELIMITERS = {0x5E, 0x3D, 0x5C}


@dataclass(frozen=True)
class TextReading:
    """How to read text: `decode` gives a whole value, delimiters included; `repair` is empty where nothing was wrong.

    `terms` are the character sets that `decode` goes by: equal terms, equal reading.
    """

    decode: Decode
    repair: str
    terms: tuple[str, ...]


ChooseReading = Callable[[bytes, Sequence[bytes]], TextReading]
"""How to read an object's texts, from the bytes of its Specific Character Set (0008,0005) and of the texts."""


def choose_reading(declared: Sequence[str], texts: Iterable[bytes], assumed: str = "") -> TextReading:
    """How to read `texts`, all the text values of one object.

    `declared` is its Specific Character Set (0008,0005). `assumed` is the defined term of the sending device's
    settings, for objects that declare nothing or what cannot be true.
    """
    high = [text for text in texts if not text.isascii() or _ESCAPE in text]
    terms = [_standard_term(term) for term in declared] or [""]
    chosen = _chosen_terms(terms, high, _standard_term(assumed))
    written = "\\".join(term.strip() for term in declared)
    repair = "" if "\\".join(chosen) == written or not high else f"{written or 'none'} -> {'/'.join(chosen)}"
    return TextReading(_decoder(chosen), repair, tuple(chosen))


def _standard_term(term: str) -> str:
    stripped = term.strip().strip("\x00").upper()
    known = _ALIASES.get(re.sub(r"[^A-Z0-9]", "", stripped), stripped)
    return known if known in python_encoding else ""


def _chosen_terms(terms: list[str], high: list[bytes], assumed: str) -> list[str]:
    if not any(_HIGH.search(text) for text in high):
        return terms
    for term in terms:
        if term in _WITH_ESCAPES and not any(_ESCAPE in text for text in high):
            return [_WITH_ESCAPES[term]]
    if all(term in _SAYS_NOTHING for term in terms):
        return _guess(high, assumed) or terms
    if terms[0] in _CODECS and len(terms) == 1 and not _all_decode(high, terms[0]):
        return _guess(high, assumed) or terms
    return terms


def _guess(high: list[bytes], assumed: str) -> list[str] | None:
    if _all_decode(high, _UTF8):
        return [_UTF8]
    if assumed and assumed not in _SAYS_NOTHING and (assumed not in _CODECS or _all_decode(high, assumed)):
        return [assumed]
    return [_GB18030] if _all_decode(high, _GB18030) and _looks_chinese(high) else None


def _all_decode(texts: list[bytes], term: str) -> bool:
    try:
        for text in texts:
            text.decode(_CODECS[term])
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(texts: list[bytes]) -> bool:
    """Whether most high bytes stand in pairs of GB 2312 hanzi; single accented letters of Latin 1 do not."""
    joined = b" ".join(texts)
    in_pairs = 2 * len(_HIGH_PAIR.findall(joined))
    return in_pairs * 2 > len(_HIGH.findall(joined))


def _decoder(terms: list[str]) -> Decode:
    if len(terms) == 1 and terms[0] in _CODECS:
        codec = _CODECS[terms[0]]
        return lambda text: text.decode(codec, "replace")
    encodings = convert_encodings(terms)
    return lambda text: _with_escapes(text, encodings)


def _with_escapes(text: bytes, encodings: Sequence[str]) -> str:
    try:
        decoded = decode_bytes(text, encodings, _PN_DELIMITERS)
    except (UnicodeError, LookupError, ValueError, Warning):
        decoded = _latin1(text)
    return _ESCAPE_SEQUENCE.sub("", decoded)


def _latin1(text: bytes) -> str:
    return text.decode("latin-1")
