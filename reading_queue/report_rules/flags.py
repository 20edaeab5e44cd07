"""The positive flag and the critical value against what the words say."""

import re
from collections.abc import Iterator

from reading_queue.report_rules.clauses import Clause, Mention, any_of, clauses, denies, mentions
from reading_queue.report_rules.found import Found
from reading_queue.report_rules.lexicon import Lexicon, Words
from reading_queue.report_rules.report import FINDINGS, IMPRESSION, Exam, Field, Rule, WrittenReport

_NOT_NOW = re.compile(r"陈旧|慢性|术后|既往|病史|吸收期|后遗|\b(?:old|chronic|history|postoperative)\b", re.IGNORECASE)
_ADVICE = re.compile(r"建议|必要时|请结合|结合临床|复查|随访|以除外|以排除|\brecommend", re.IGNORECASE)
_HEALED = re.compile(r"(?:已|基本)(?:愈合|吸收|消失|治愈)")
_NUMBERING = re.compile(r"^[\s\d.、（）()①-⑨]+")


def flag_faults(report: WrittenReport, _exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """A positive flag without anything positive, and a negative one with something."""
    if report.positive is True and not report.critical.strip():
        yield from _positive_but_normal(report, lexicon)
    if report.positive is False:
        yield from _negative_but(report, lexicon)


def critical_faults(report: WrittenReport, exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """A critical value in the words of the impression that nobody reported as one, in the report or beside it."""
    if report.critical.strip() or exam.critical_told:
        return
    for one in _affirmed(report.impression, lexicon.critical, lexicon.abnormal):
        if not _NOT_NOW.search(one.clause.text):
            yield Found(Rule.CRITICAL_UNTOLD, IMPRESSION, one.start, one.end, one.word)
            return


def _negative_but(report: WrittenReport, lexicon: Lexicon) -> Iterator[Found]:
    """The gravest contradiction alone: a fracture or a mass in the impression, another illness there, or one in the findings."""
    looks: tuple[tuple[Rule, Field, str, Words], ...] = (
        (Rule.NEGATIVE_BUT_ABNORMAL, IMPRESSION, report.impression, lexicon.described + lexicon.critical),
        (Rule.NEGATIVE_BUT_DESCRIBED, IMPRESSION, report.impression, lexicon.abnormal),
        (Rule.NEGATIVE_BUT_DESCRIBED, FINDINGS, report.findings, lexicon.described),
    )
    for rule, field, text, words in looks:
        said = next(_affirmed(text, words, lexicon.abnormal), None)
        if said is not None:
            yield Found(rule, field, said.start, said.end, said.word)
            return


def _positive_but_normal(report: WrittenReport, lexicon: Lexicon) -> Iterator[Found]:
    said = report.impression
    spoken = _spoken(said)
    if not spoken or not all(_is_normal(clause.text, lexicon) or denies(clause) for clause in spoken):
        return
    if not any(True for _ in _affirmed(said, lexicon.abnormal, ())):
        first = spoken[0]
        yield Found(
            Rule.POSITIVE_BUT_NORMAL, IMPRESSION, first.start, first.start + len(first.text), first.text.strip()
        )


def _spoken(text: str) -> list[Clause]:
    return [clause for clause in clauses(text) if _NUMBERING.sub("", clause.text).strip()]


def _is_normal(text: str, lexicon: Lexicon) -> bool:
    return any_of(lexicon.normal).search(text) is not None


def _affirmed(text: str, words: Words, beside: Words) -> Iterator[Mention]:
    for one in mentions(text, words, beside):
        if not (one.denied or _ADVICE.search(one.clause.text) or _HEALED.search(one.clause.text)):
            yield one
