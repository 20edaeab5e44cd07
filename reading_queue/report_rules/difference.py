"""What changed between two texts, by words and Chinese characters, and how much it matters."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from reading_queue.report_rules.report import WrittenReport
from storage.domain.quality import Discrepancy

_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_LIGHT = re.compile(r"[\s，。；、,.;:：！!？?（）()]")
_WEIGHTY = re.compile(r"左|右|双|两|未|无|不|没|除外|排除|\b(?:left|right|bilateral|no|not|without)\b", re.IGNORECASE)
_REWRITTEN = 0.6
"""Below this likeness (`SequenceMatcher.ratio`) the impression has become another one."""


class Kept(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, went, or came."""

    kind: Kept
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces that make `before` (same and gone) and `after` (same and new), in the order of reading."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Kept.SAME, "".join(old[i:j])))
            continue
        if j > i:
            pieces.append(Piece(Kept.GONE, "".join(old[i:j])))
        if m > k:
            pieces.append(Piece(Kept.NEW, "".join(new[k:m])))
    return pieces


def suggested(before: WrittenReport, after: WrittenReport) -> Discrepancy:
    """What the difference suggests, for a person to judge.

    Major: the flag or the critical value changed, a side or a negation did in the impression, or much of it is another.
    None: nothing but points and spaces.
    """
    if before.positive != after.positive or bool(before.critical.strip()) != bool(after.critical.strip()):
        return Discrepancy.MAJOR
    old, new = _LIGHT.sub("", before.impression), _LIGHT.sub("", after.impression)
    if _WEIGHTY.findall(before.impression) != _WEIGHTY.findall(after.impression):
        return Discrepancy.MAJOR
    if SequenceMatcher(None, old, new, autojunk=False).ratio() < _REWRITTEN:
        return Discrepancy.MAJOR
    same_words = old == new and _LIGHT.sub("", before.findings) == _LIGHT.sub("", after.findings)
    return Discrepancy.NONE if same_words else Discrepancy.MINOR
