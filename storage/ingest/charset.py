"""Which character set the text of an object is really in (PS3.3 C.12.1.1.2, PS3.5 6.1), and the repair where it lies.

Much Chinese equipment writes GBK and declares ISO_IR 100 or nothing. The object keeps its bytes; what is repaired is
what the catalogue and the viewers read, and the repair is recorded.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pydicom.charset import convert_encodings, decode_bytes

from storage.domain.charsets import NOTHING, CharsetReason, CharsetRepair
from storage.domain.devices import CharsetRule
from storage.ingest.charset_evidence import chinese_score, fits, has_wide_utf8, is_utf8, term_of_escapes
from storage.ingest.charset_terms import (
    CCITT_CHINESE,
    CODECS,
    GB2312,
    GB18030,
    KOREAN,
    LATIN1,
    SAYS_NOTHING,
    SILENT,
    UTF8,
    as_written,
    standard_term,
)

Decode = Callable[[bytes], str]

_ESCAPE = 0x1B
_HIGH = re.compile(rb"[\x80-\xff]")
_WITH_ESCAPES = {GB2312: GB18030, CCITT_CHINESE: GB18030, KOREAN: KOREAN}
"""Sets that need escape sequences, and what the bytes are when equipment leaves those out."""

_CHINESE = frozenset({GB2312, CCITT_CHINESE})
_ESCAPE_SEQUENCE = re.compile(r"\x1b(\$[()]?|[()-])[@-Z]")
_CHINESE_ESCAPE = re.compile(rb"\x1b(\$\)|\$\(|\$|\(|\)|-)([@-Z])")
_ANY_ESCAPE = re.compile(rb"\x1b(?:(\(B|\(J|\)I|-[ABCDFGHLMT]|\$B|\$\(D|\$\)[AC])|(?:\$[()]?|[()-])[@-Z])?")
"""Those of PS3.3 table C.12-3 and C.12-4 are in the first group."""

_MOST_ESCAPES = 4096
_SHIFTED = bytes(byte | 0x80 if 0x20 < byte < 0x7F else byte for byte in range(256))  # noqa: PLR2004
"""From seven bits to eight: space, delete and what controls stay."""

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

_Choice = tuple[list[str], CharsetReason]


def choose_reading(
    declared: Sequence[str],
    texts: Iterable[bytes],
    assumed: str = "",
    rule: CharsetRule = CharsetRule.UNDECLARED,
) -> TextReading:
    """How to read `texts`, all the text values of one object.

    `declared` is its Specific Character Set (0008,0005). `assumed` is the defined term of the sending device's
    settings, for objects that declare nothing or what cannot be true, or for all, as `rule` says.
    """
    telling = [text for text in texts if not text.isascii() or _ESCAPE in text]
    terms = [standard_term(term) for term in declared] or [""]
    if not telling:
        return TextReading(_decoder(terms), "", tuple(terms))
    chosen, reason = _choice(terms, telling, standard_term(assumed), rule)
    said, read_as = "\\".join(term.strip("\x00 ") for term in declared), "\\".join(chosen)
    repair = "" if said == read_as else str(CharsetRepair(as_written(said), read_as or LATIN1, reason))
    return TextReading(_decoder(chosen), repair, tuple(chosen))


def countable(repair: str) -> str:
    """The repair with a declaration of which there are only so many, for counting: equipment may write anything there."""
    told = CharsetRepair.parse(repair)
    if told is None:
        return ""
    known = told.declared == NOTHING or all(not term or standard_term(term) for term in told.declared.split("\\"))
    return repair if known else str(replace(told, declared="an unknown name"))


def _choice(terms: list[str], telling: list[bytes], assumed: str, rule: CharsetRule) -> _Choice:
    high = [text for text in telling if _HIGH.search(text)]
    if rule is CharsetRule.ALWAYS and assumed and fits(high, assumed):
        return [assumed], CharsetReason.DEVICE
    if all(term in SAYS_NOTHING for term in terms):
        return _of_nothing_said(terms, telling, high, assumed)
    if not high:
        return terms, CharsetReason.SPELLING
    return _of_what_was_said(terms, high, assumed)


def _of_nothing_said(terms: list[str], telling: list[bytes], high: list[bytes], assumed: str) -> _Choice:
    escaped = term_of_escapes(telling)
    if escaped:
        return ["", escaped], CharsetReason.BYTES
    return _guess(terms, high, assumed) or (terms, CharsetReason.SPELLING)


def _of_what_was_said(terms: list[str], high: list[bytes], assumed: str) -> _Choice:
    if any(_ESCAPE in text for text in high):
        return terms, CharsetReason.SPELLING
    bare = next((_WITH_ESCAPES[term] for term in terms if term in _WITH_ESCAPES), "")
    meant = bare or (terms[0] if len(terms) == 1 else "")
    if meant not in CODECS:
        return terms, CharsetReason.SPELLING
    if meant != UTF8 and has_wide_utf8(high):
        return [UTF8], CharsetReason.BYTES
    if not fits(high, meant):
        return _guess([""], high, assumed) or ([meant], CharsetReason.SPELLING)
    return [meant], CharsetReason.ESCAPES if bare else CharsetReason.SPELLING


def _guess(terms: list[str], high: list[bytes], assumed: str) -> _Choice | None:
    """For bytes of which nothing believable is said. `terms` are what an object declares that may be Latin."""
    if not high:
        return None
    if is_utf8(high):
        return [UTF8], CharsetReason.BYTES
    score = chinese_score(high)
    may_be_latin = any(term not in SILENT for term in terms) and score < 0
    if assumed and assumed not in SAYS_NOTHING and fits(high, assumed) and not (may_be_latin and assumed in CODECS):
        return [assumed], CharsetReason.DEVICE
    return ([GB18030], CharsetReason.BYTES) if score > 0 and fits(high, GB18030) else None


def _decoder(terms: list[str]) -> Decode:
    if len(terms) == 1 and terms[0] in CODECS:
        codec = CODECS[terms[0]]
        return lambda text: _ESCAPE_SEQUENCE.sub("", text.decode(codec, "replace"))
    if _CHINESE & {*terms} and {*terms} <= _CHINESE | SAYS_NOTHING:
        return _with_chinese_escapes
    encodings = convert_encodings(terms)
    return lambda text: _with_escapes(text, encodings)


def _with_chinese_escapes(text: bytes) -> str:
    """GB 2312 as PS3.5 K.2 writes it (in G1), as e-mail does (in G0, seven bits), and with the escapes left out."""
    parts, start, shifted = [], 0, False
    for escape in _CHINESE_ESCAPE.finditer(text):
        parts.append(_chinese(text[start : escape.start()], shifted=shifted))
        if escape[1] in (b"$", b"$(", b"("):
            shifted = escape[1] != b"(" and escape[2] in (b"A", b"E")
        start = escape.end()
    parts.append(_chinese(text[start:], shifted=shifted))
    return "".join(parts)


def _chinese(text: bytes, *, shifted: bool) -> str:
    return (text.translate(_SHIFTED) if shifted else text).decode("gb18030", "replace")


def _with_escapes(text: bytes, encodings: Sequence[str]) -> str:
    if text.count(_ESCAPE) > _MOST_ESCAPES:
        text = text.replace(b"\x1b", b"")
    try:
        decoded = decode_bytes(_ANY_ESCAPE.sub(_only_known, text), encodings, _PN_DELIMITERS)
    except (UnicodeError, LookupError, ValueError, Warning):
        decoded = text.decode("latin-1")
    return _ESCAPE_SEQUENCE.sub("", decoded)


def _only_known(escape: re.Match[bytes]) -> bytes:
    return escape[0] if escape[1] else b""
