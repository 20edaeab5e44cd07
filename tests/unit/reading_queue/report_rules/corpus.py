"""Invented reports in pairs: one with a fault, and the same as it should be."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reading_queue.report_rules import Exam, Lexicon, Rule, WrittenReport, parse_lexicon
from reading_queue.report_rules.shipped import SHIPPED

_FLAGS = {"+": True, "-": False, "?": None}


@dataclass(frozen=True)
class Pair:
    """A report in which `rule` must find something, and one in which no rule may."""

    line: int
    rule: Rule
    exam: Exam
    wrong: WrittenReport
    right: WrittenReport


@cache
def pairs(name: str = "corpus.txt") -> tuple[Pair, ...]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return tuple(_pair(at, line) for at, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))


@cache
def shipped() -> Lexicon:
    return parse_lexicon(SHIPPED)


def _pair(at: int, line: str) -> Pair:
    rule, exam, flags, *texts = (cell.strip() for cell in re.split(r" \| ", line + " "))
    wrong_findings, wrong_impression, findings, impression = texts
    first, second = (_FLAGS[flag] for flag in flags.split())
    wrong = WrittenReport(wrong_findings, wrong_impression, first)
    right = WrittenReport(
        wrong_findings if findings == "=" else findings,
        wrong_impression if impression == "=" else impression,
        second,
    )
    return Pair(at, Rule(rule), _exam(exam), wrong, right)


def _exam(text: str) -> Exam:
    modality, sex, age, *rest = text.split()
    side = next((word[1:] for word in rest if word.startswith("@")), "")
    words = " ".join(word for word in rest if not word.startswith("@"))
    return Exam(modality, "", words, side, sex, float(age))
