"""ECG statements by code, in Chinese and English: what suggestions, templates and reports name.

There is no national code list in China: the consensus on ECG terms (心电图诊断术语规范化中国专家共识, 2019) names terms without
codes. The codes are therefore ours and stable; `aha` is the number of the primary statement list of AHA/ACC/HRS 2007
(Mason et al., Recommendations part II, table 1), None where that list has no such statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from reading_queue.ecg.statement_rows import ROWS
from reading_queue.pinyin import sound_of_words

Group = Literal[
    "overall",
    "technical",
    "sinus",
    "supraventricular",
    "ventricular",
    "av",
    "intraventricular",
    "axis_voltage",
    "hypertrophy",
    "repolarisation",
    "infarction",
    "pacing",
]

_EXACT, _CODE, _INITIALS, _PINYIN, _TEXT = range(5)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `initials` and `pinyin` are how its Chinese name is typed."""

    code: str
    group: Group
    zh: str
    en: str
    abnormal: bool
    aha: int | None
    pinyin: str
    initials: str


@cache
def statements() -> Mapping[str, Statement]:
    """All by code, in the order in which an ECG is described."""
    found = {}
    for group, rows in ROWS.items():
        for code, zh, en, aha, *normal in rows:
            sound = sound_of_words(zh)
            found[code] = Statement(code, group, zh, en, not normal, aha, sound.full, sound.initials)
    return found


def stated(codes: Iterable[str]) -> list[dict[str, Any]]:
    """Codes as a signed report keeps them, with their names of the day; one that a county has made itself has none."""
    known = statements()
    return [
        {
            "code": code,
            **({"zh": known[code].zh, "en": known[code].en, "aha": known[code].aha} if code in known else {}),
        }
        for code in codes
    ]


def find_statements(letters: str, limit: int = 20) -> list[Statement]:
    """What the letters may mean: a code or an AHA number, then initials, pinyin, and words of either language."""
    wanted = letters.strip().casefold()
    ranked = [
        (rank, place, one)
        for place, one in enumerate(statements().values())
        if (rank := _rank(one, wanted)) is not None
    ]
    return [one for _, _, one in sorted(ranked, key=lambda row: row[:2])[:limit]]


def _rank(one: Statement, letters: str) -> int | None:
    if letters in (one.code, str(one.aha)):
        return _EXACT
    if one.code.startswith(letters):
        return _CODE
    if one.initials.startswith(letters):
        return _INITIALS
    if one.pinyin.startswith(letters):
        return _PINYIN
    return _TEXT if letters in one.zh or letters in one.en.casefold() else None
