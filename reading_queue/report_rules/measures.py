"""Numbers: sizes without a unit, and values that no patient has."""

import re
from collections.abc import Iterator, Mapping

from reading_queue.report_rules.clauses import clauses
from reading_queue.report_rules.found import Found
from reading_queue.report_rules.lexicon import Lexicon
from reading_queue.report_rules.report import Exam, Rule, WrittenReport

_NUMBER = r"\d+(?:\.\d+)?"
_BY = r"\s*[x×X*＊]\s*"
_LENGTH_UNIT = r"(?:mm|cm|毫米|厘米|㎜|㎝)"
_SIZE = re.compile(
    rf"(?<![\d.]){_NUMBER}(?:{_BY}{_NUMBER}){{1,2}}(?!\d|\.\d|{_BY}\d)(?!\s*(?:{_LENGTH_UNIT}|m\b|px|像素))",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"({_NUMBER})(?:\s*{_LENGTH_UNIT})?(?:{_BY}({_NUMBER})(?:\s*{_LENGTH_UNIT})?)?(?:{_BY}({_NUMBER}))?\s*({_LENGTH_UNIT})(?![²2³3/])",
    re.IGNORECASE,
)
_CENTIMETRES: Mapping[str, float] = {"mm": 0.1, "毫米": 0.1, "㎜": 0.1, "cm": 1.0, "厘米": 1.0, "㎝": 1.0}
_BOUNDED = (
    (re.compile(rf"(?:心率|HR|heart rate)[^\d，。；]{{0,8}}({_NUMBER})\s*(?:次/分|bpm|/min)", re.IGNORECASE), 15, 400),
    (re.compile(rf"QTc?(?:间期)?[^\d，。；]{{0,6}}({_NUMBER})\s*ms", re.IGNORECASE), 150, 1000),
    (re.compile(rf"(?:LV)?EF[^\d，。；]{{0,8}}({_NUMBER})\s*[%％]", re.IGNORECASE), 3, 95),
    (re.compile(rf"狭窄[^\d，。；]{{0,8}}({_NUMBER})\s*[%％]"), 0, 100),
    (re.compile(rf"CT值[^\d，。；-]{{0,6}}(-?{_NUMBER})\s*HU", re.IGNORECASE), -1100, 4000),
)
"""Values and the range outside which nobody lives or nothing is measured."""

_ANYTHING = ""


def measure_faults(report: WrittenReport, _exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """Sizes without a unit, impossible sizes and values."""
    for field, text in report.texts():
        for match in _SIZE.finditer(text):
            yield Found(Rule.UNIT_MISSING, field, match.start(), match.end(), match.group().strip())
        for start, end in (*_impossible_lengths(text, lexicon), *_out_of_bounds(text)):
            yield Found(Rule.IMPLAUSIBLE, field, start, end, text[start:end])


def _impossible_lengths(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    begin = 0
    for clause in clauses(text):
        begin = begin if clause.follows else clause.start
        for match in _LENGTH.finditer(clause.text):
            sizes = [float(number) for number in match.group(1, 2, 3) if number]
            longest = max(sizes) * _CENTIMETRES[match.group(4).lower()]
            if longest == 0 or longest > _limit(text[begin : clause.start + match.start()], lexicon):
                yield clause.start + match.start(), clause.start + match.end()


def _limit(before: str, lexicon: Lexicon) -> float:
    """The limit of the part named last before the number; of anything when none is."""
    named = [
        (before.rfind(part), len(part), limit) for part, limit in lexicon.longest_cm.items() if part and part in before
    ]
    return max(named)[2] if named else lexicon.longest_cm.get(_ANYTHING, float("inf"))


def _out_of_bounds(text: str) -> Iterator[tuple[int, int]]:
    for pattern, low, high in _BOUNDED:
        for match in pattern.finditer(text):
            if not low <= float(match.group(1)) <= high:
                yield match.start(), match.end()
