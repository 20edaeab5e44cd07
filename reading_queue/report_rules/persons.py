"""Organs and words that do not go with the patient's sex or age."""

import re
from collections.abc import Iterator

from reading_queue.report_rules.clauses import mentions
from reading_queue.report_rules.found import Found
from reading_queue.report_rules.lexicon import Lexicon
from reading_queue.report_rules.report import Exam, Rule, WrittenReport

_ADULT, _CHILD = 18.0, 12.0
_STATED_SEX = re.compile(r"(?:患者|性别[:：]?)\s*(男|女)")
_SEXES = {"M": ("男", "male"), "F": ("女", "female")}


def sex_faults(report: WrittenReport, exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """Organs of the other sex, healthy or not, and a sex that is stated otherwise."""
    known = _SEXES.get(exam.sex)
    if known is None:
        return
    foreign = lexicon.female_only if exam.sex == "M" else lexicon.male_only
    for field, text in report.texts():
        for one in mentions(text, foreign):
            yield Found(Rule.SEX, field, one.start, one.end, one.word, known)
        for stated in _STATED_SEX.finditer(text):
            if stated.group(1) != known[0]:
                yield Found(Rule.SEX, field, stated.start(), stated.end(), stated.group(), known)


def age_faults(report: WrittenReport, exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """Words of childhood about an adult, and of old age about a child."""
    if exam.age is None:
        return
    foreign = lexicon.child_only if exam.age >= _ADULT else lexicon.adult_only if exam.age < _CHILD else ()
    years = f"{exam.age:.0f}"
    for field, text in report.texts():
        for one in mentions(text, foreign):
            if not one.denied:
                yield Found(Rule.AGE, field, one.start, one.end, one.word, (years, years))
