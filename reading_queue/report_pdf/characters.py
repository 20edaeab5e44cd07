"""Every character that goes to paper has a glyph: what the font lacks is written another way or shown as 〓."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from reading_queue.report_pdf.printed import Physician, PrintedReport

GETA = "〓"
"""The printer's mark for a character that is not in the type case."""

_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_COMBINED = re.compile("[^\\s\u0300-\u036f][\u0300-\u036f]+")
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070\u2071\u2074-\u207f]+")
_SEVERAL_LINES = frozenset({"findings", "impression", "critical", "reason", "opinions"})


@dataclass(frozen=True)
class Printable:
    """A report whose text the font can show, and the characters that it could not."""

    report: PrintedReport
    missing: tuple[str, ...]


def printable(report: PrintedReport, covers: Callable[[str], bool]) -> Printable:
    """Replace what the font lacks in every text of `report`; `missing` is sorted and without repeats."""
    missing: set[str] = set()

    def shown(value: Any, name: str) -> Any:
        if isinstance(value, str):
            text = printable_text(value, covers, missing)
            return text if name in _SEVERAL_LINES else " ".join(text.split())
        if isinstance(value, Physician):
            return replace(value, **{f.name: shown(getattr(value, f.name), f.name) for f in fields(value)})
        return value

    named = {f.name: shown(getattr(report, f.name), f.name) for f in fields(report) if f.name != "kind"}
    return Printable(replace(report, **named), tuple(sorted(missing)))


def printable_text(text: str, covers: Callable[[str], bool], missing: set[str]) -> str:
    """The same text in characters that have glyphs, lines ended by LF; adds to `missing` what became 〓."""
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))).replace("\t", "    ")
    text = _COMBINED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    text = _RAISED.sub(lambda found: _raised(found[0], covers), text)
    return "".join(_shown(character, covers, missing) for character in text)


def _raised(run: str, covers: Callable[[str], bool]) -> str:
    """10⁹ must never be printed as 109."""
    return run if all(map(covers, run)) else "^" + unicodedata.normalize("NFKC", run)


def _shown(character: str, covers: Callable[[str], bool], missing: set[str]) -> str:
    if character == "\n" or (covers(character) and unicodedata.category(character) != "Cc"):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.strip() and all(map(covers, plain)):
        return plain
    missing.add(character)
    return GETA
