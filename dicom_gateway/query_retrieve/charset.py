"""In which character set a device is answered (PS3.3 C.12.1.1.2)."""

from collections.abc import Iterable, Sequence

_CODECS = {
    "ISO_IR 192": "utf-8",
    "GB18030": "gb18030",
    "GBK": "gbk",
    "ISO 2022 IR 58": "gb2312",
    "ISO_IR 100": "latin-1",
    "ISO 2022 IR 100": "latin-1",
}
"""Character sets that answers are written in; a request in another one is answered in GB 18030."""

_NEEDS_ASCII_FIRST = frozenset({"ISO 2022 IR 58"})
FALLBACK = "GB18030"
"""It has every character, and what is common in it is GBK, which equipment here reads."""


def answer_charset(texts: Iterable[str], *wanted: Sequence[str]) -> list[str]:
    """Values of Specific Character Set for `texts`: of the first of `wanted` that has all their characters.

    None are needed for ASCII alone.
    """
    joined = "".join(texts)
    if joined.isascii():
        return []
    for terms in wanted:
        for term in terms:
            if term in _CODECS and _has_all(term, joined):
                return ["", term] if term in _NEEDS_ASCII_FIRST else [term]
    return [FALLBACK]


def _has_all(term: str, text: str) -> bool:
    try:
        text.encode(_CODECS[term])
    except UnicodeEncodeError:
        return False
    return True
