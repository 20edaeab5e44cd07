"""Sentences cut into clauses, and which words in them are denied: Chinese radiologists deny far more than they affirm.

A negation reaches from its word to the end of its clause, over lists joined by 、 及 和 或, and into a clause that is nothing
but more words of the same list. It ends at 但, 可见, 伴 and the like. 不除外 and 待排 deny nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SENTENCE_END = r"[。；;！!？?\n]|\.(?!\d)"
_CLAUSE_END = r"[，,：:](?!\d)"
_ENDS = re.compile(f"({_SENTENCE_END})|({_CLAUSE_END})")

_DENIES = re.compile(
    r"未(?:见|发现|示|显示|探及|及(?!时)|检出|提示|闻)|没有|不伴|否认|并无|"
    r"无(?!回声|名|痛|移位|症状|强化|增强|气肺|功能|脉|肺纹理)|(?<![不能未待])(?:排除|除外)|"
    r"\b(?:no|without|not|negative for|absence of|free of|denies|nor|neither)\b",
    re.IGNORECASE,
)
_ENDS_DENIAL = re.compile(r"但|而|(?<!未)可?见(?!异常)|伴|考虑|提示|呈|\bbut\b|\bwith(?!out)\b", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"(?:征象|征|影|灶|表现|线|信号|改变|病变|样改变)*(?:均|已|亦|全部)?"
    r"(?:未见|未显示|未探及|未及|阴性|不明显|消失|(?<!不)(?:除外|排除)|[(（]\s*[-－—]\s*[)）]|\bis (?:not|absent)|\bexcluded)",
    re.IGNORECASE,
)
_LIST = re.compile(r"[\s、/]|或|及|和|与|以及|等|征象|影|灶|线|明显|\bor\b|\band\b", re.IGNORECASE)
_HANGS_ON = re.compile(r"\s*(?:以?及|或|和|与|or\b|nor\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A piece of a text between commas; `start` is its place there, `follows` whether a comma alone parts it from the one before."""

    text: str
    start: int
    follows: bool


@dataclass(frozen=True)
class Mention:
    """A word of a list in a text, and whether it is denied there."""

    word: str
    start: int
    end: int
    denied: bool
    clause: Clause


@lru_cache(maxsize=64)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, in order; a point between digits parts nothing."""
    found, at, follows = [], 0, False
    for end in _ENDS.finditer(text):
        if text[at : end.start()].strip():
            found.append(Clause(text[at : end.start()], at, follows))
        at, follows = end.end(), end.group(2) is not None
    if text[at:].strip():
        found.append(Clause(text[at:], at, follows))
    return tuple(found)


@lru_cache(maxsize=64)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of `words`, the longest first; words in Latin letters stand alone. Nothing matches an empty list."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    parts = [
        rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" if word.isascii() else re.escape(word) for word in longest_first
    ]
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def mentions(text: str, words: tuple[str, ...], beside: tuple[str, ...] = ()) -> Iterator[Mention]:
    """Every place where `text` has one of `words`. A list of them may have words of `beside` in it too."""
    pattern, listed, denied_before = any_of(words), any_of(words + beside), False
    for clause in clauses(text):
        inherits = clause.follows and denied_before and _goes_on(clause, listed)
        for match in pattern.finditer(clause.text):
            denied = inherits or _is_denied(clause.text, match)
            yield Mention(match.group(), clause.start + match.start(), clause.start + match.end(), denied, clause)
        denied_before = inherits or _DENIES.search(clause.text) is not None


def denies(clause: Clause) -> bool:
    """Whether something is denied in the clause."""
    return _DENIES.search(clause.text) is not None


def _is_denied(text: str, match: re.Match[str]) -> bool:
    before = [found for found in _DENIES.finditer(text, 0, match.start()) if found.end() <= match.start()]
    if before and _ENDS_DENIAL.search(text, before[-1].end(), match.start()) is None:
        return True
    return _DENIED_AFTER.match(text, match.end()) is not None


def _goes_on(clause: Clause, words: re.Pattern[str]) -> bool:
    return bool(_HANGS_ON.match(clause.text)) or not _LIST.sub("", words.sub("", clause.text))
