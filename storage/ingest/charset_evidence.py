"""What bytes tell of their character set: GBK, UTF-8 and Latin letters are written in different ways."""

import re
from collections.abc import Iterable, Sequence

from storage.ingest.charset_terms import CCITT_CHINESE, CODECS, GB2312, GB18030, JAPANESE, KOREAN, UTF8

_PADDING = b" \x00"
_MOST_CUT = 3
_TOKENS = re.compile(
    rb"(?P<four>[\x81-\xfe][0-9][\x81-\xfe][0-9])"
    rb"|(?P<latin>(?<=[A-Za-z])[\xdf-\xfe]{2}(?![\x80-\xff])|(?<![\x80-\xff])[\xc0-\xde][\xdf-\xfe](?=[a-z]))"
    rb"|(?P<hanzi>[\xb0-\xf7][\xa1-\xfe])"
    rb"|(?P<mark>[\xa1-\xa9][\xa1-\xfe])"
    rb"|(?P<own>[\xaa-\xaf\xf8-\xfe][\xa1-\xfe])"
    rb"|(?P<rare>[\x81-\xfe][\x80-\xfe])"
    rb"|(?P<mixed>[\x81-\xfe][\x40-\x7e])"
    rb"|(?P<alone>[\x80-\xff])"
)
"""Text as GB 18030 would read it: a four-byte character, hanzi of GB 2312, punctuation, the user's own characters, hanzi that
only GBK has, such whose second byte is an ASCII letter; and what only Latin letters make: accented ones in a word, or alone."""

_WEIGHTS = {"four": 1, "latin": -2, "hanzi": 3, "mark": 0, "own": -1, "rare": 1, "mixed": -1, "alone": -1}
_HIGH = re.compile(rb"[\x80-\xff]+")
_BEYOND_TWO_BYTES = "\u0800"
_ENOUGH = 64 << 10
"""Bytes that are looked at: more of a text tells no more."""

_ESCAPES = (
    (re.compile(rb"\x1b\$\(?[)]?A"), GB2312),
    (re.compile(rb"\x1b\$\)?E"), CCITT_CHINESE),
    (re.compile(rb"\x1b\$\)C"), KOREAN),
    (re.compile(rb"\x1b\$B|\x1b\(J"), JAPANESE),
)


def fits(texts: Iterable[bytes], term: str) -> bool:
    """Whether `texts` can be of this character set; a last character that a short field has cut is forgiven."""
    codec = CODECS.get(term)
    return codec is None or all(_decodes(text.rstrip(_PADDING), codec) for text in texts)


def _decodes(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeDecodeError as error:
        is_cut = error.end >= len(text) and len(text) - error.start <= _MOST_CUT
        return is_cut and not text[: error.start].isascii()
    return True


def chinese_score(texts: Sequence[bytes]) -> int:
    """Above 0 for GBK, below for Latin letters with accents; the more of the text says so, the further from 0."""
    joined = b"\n".join(texts)[:_ENOUGH]
    return sum(_WEIGHTS[match.lastgroup or "alone"] for match in _TOKENS.finditer(joined))


def is_utf8(texts: Sequence[bytes]) -> bool:
    """Whether it is UTF-8 rather than GBK whose pairs happen to look like it.

    Hanzi take three bytes in UTF-8; shorter ones are letters, which stand in words.
    """
    if not fits(texts, UTF8):
        return False
    if has_wide_utf8(texts) or not fits(texts, GB18030):
        return True
    joined = b"\n".join(texts)[:_ENOUGH]
    in_words = [_is_in_word(joined, *run.span()) for run in _HIGH.finditer(joined)]
    return sum(in_words) * 2 > len(in_words)


def _is_in_word(text: bytes, start: int, end: int) -> bool:
    """Whether a run of bytes stands beside a small letter, or between two capital ones."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    beside_small = (before.isalpha() and before.islower()) or (after.isalpha() and after.islower())
    return beside_small or (before.isalpha() and after.isalpha())


def has_wide_utf8(texts: Sequence[bytes]) -> bool:
    """Whether it is UTF-8 with characters of three bytes, which other character sets hardly ever make by chance."""
    widest = (max(text.decode("utf-8", "ignore"), default="") for text in texts)
    return fits(texts, UTF8) and any(letter >= _BEYOND_TWO_BYTES for letter in widest)


def term_of_escapes(texts: Sequence[bytes]) -> str:
    """The character set that escape sequences (PS3.5 6.1.2.5) switch to; empty where there are none that are known."""
    return next((term for pattern, term in _ESCAPES if any(map(pattern.search, texts))), "")
