"""Chinese line breaking after GB/T 15834-2011 5.1: what may not begin or end a line, and what stays together.

Runs of Latin letters and digits with their signs (3.5cm×2.0cm, L4/5, T2WI) are never divided unless one is longer than
a whole line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_NOT_FIRST = frozenset("、，。．；：？！）］｝〕〉》」』】〗”’·‧・％‰℃℉°′″～…" + ",.;:?!)]}%")
_NOT_LAST = frozenset("（［｛〔〈《「『【〖“‘￥＄≥≤＞＜＝≈" + "([{$<>=#")
_UNDIVIDED = frozenset("—…")
_JOINERS = frozenset("×±·∶～－–+-*/^~'’°")
_UNIT = re.compile(r"(?<=\d) (?=(?:mm|cm|m|ml|mL|L|mg|g|HU|Hu|s|ms|mV|uV|μV|bpm|Hz|kg|MHz|度|次)(?![A-Za-z]))")
_NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class WrappedLine:
    """A line of a paragraph; `is_last` when the paragraph ends with it."""

    text: str
    is_last: bool


def wrap(text: str, width: float, width_of: Callable[[str], float]) -> list[WrappedLine]:
    """Lines no wider than `width`, both in the unit of `width_of`. An empty paragraph is one empty line."""
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, width, width_of)]


def _wrap_paragraph(paragraph: str, width: float, width_of: Callable[[str], float]) -> list[WrappedLine]:
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _fitting_pieces(_UNIT.sub(_NO_BREAK_SPACE, paragraph.rstrip()), width, width_of):
        if line and used + width_of(piece.rstrip(" ")) > width:
            lines.append(line)
            line, used = "", 0.0
        line += piece
        used += width_of(piece)
    lines.append(line)
    return [
        WrappedLine(line.rstrip(" ").replace(_NO_BREAK_SPACE, " "), is_last=number == len(lines))
        for number, line in enumerate(lines, start=1)
    ]


def _fitting_pieces(paragraph: str, width: float, width_of: Callable[[str], float]) -> Iterator[str]:
    """Pieces that stay together, cut where even one alone is wider than a line."""
    for piece in unbreakable_pieces(paragraph):
        if width_of(piece.rstrip(" ")) <= width:
            yield piece
        else:
            yield from _cut(piece, width, width_of)


def _cut(piece: str, width: float, width_of: Callable[[str], float]) -> Iterator[str]:
    part, used = "", 0.0
    for character in piece:
        advance = width_of(character)
        if part and used + advance > width:
            yield part
            part, used = "", 0.0
        part += character
        used += advance
    yield part


def unbreakable_pieces(paragraph: str) -> Iterator[str]:
    """The paragraph, divided at every place where a line may end."""
    start = 0
    for place in range(1, len(paragraph)):
        if _may_break(paragraph, place):
            yield paragraph[start:place]
            start = place
    if paragraph:
        yield paragraph[start:]


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after == " " or after in _NOT_FIRST or unicodedata.combining(after):
        return False
    if before == " ":
        return True
    if before in _NOT_LAST or (before == after and before in _UNDIVIDED):
        return False
    return not (_joins(text, place - 1) and _joins(text, place))


def _joins(text: str, place: int) -> bool:
    """Whether the character belongs to a run of Latin text or digits."""
    character = text[place]
    if character in _JOINERS:
        neighbours = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        return any(_is_word(neighbour) for neighbour in neighbours)
    return _is_word(character)


def _is_word(character: str) -> bool:
    if character.isascii():
        return not character.isspace()
    return character == _NO_BREAK_SPACE or (character.isalnum() and ord(character) < _FIRST_CJK)


_FIRST_CJK = 0x1100
"""Below it are Latin, Greek, Cyrillic and their like, which keep words together; Hangul and Han above do not."""
