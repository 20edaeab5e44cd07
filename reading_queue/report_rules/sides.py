"""Left and right: the impression against the findings, and both against the side that was examined."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reading_queue.report_rules.clauses import Clause, any_of, clauses, denies
from reading_queue.report_rules.found import Found
from reading_queue.report_rules.lexicon import Lexicon
from reading_queue.report_rules.report import FINDINGS, IMPRESSION, Exam, Field, Rule, WrittenReport

LEFT, RIGHT, BOTH = "left", "right", "both"
_OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT}
_NAMES = {LEFT: ("左", "left"), RIGHT: ("右", "right")}

_SIDE = re.compile(
    r"左\s*[、/及和与]?\s*右|[双两](?=侧|肺|肾|下肢|上肢|膝|髋|肩|手|足|眼|耳|乳|踝|腕|侧|胸|颈|肋|额|顶|颞|枕|输尿管|附件|卵巢|睾丸|上颌窦|基底节)|左|右|"
    r"\b(?:left|right|bilateral|both)\b",
    re.IGNORECASE,
)
_ONE_PLACE = {"胸腔": "胸", "胸膜": "胸", "乳腺": "乳", "肾盂": "肾", "renal": "kidney", "肺门": "肺"}
"""Names of organs that stand for the same place when sides are compared."""

_LOBE = re.compile(r"(?:侧)?[内外前后上中下]?叶")
_REACH = 9
"""How far behind its side an organ may stand: 左侧第5、6前肋."""

_EXAM_SIDE = (
    (LEFT, re.compile(r"左|\bleft\b|\bL(?:T|E|F)?\b", re.IGNORECASE)),
    (RIGHT, re.compile(r"右|\bright\b|\bR(?:T|I)?\b", re.IGNORECASE)),
)
_COMPARED = re.compile(r"对照|对侧|对比|健侧|较前|既往|前片|compar|contralateral", re.IGNORECASE)


@dataclass(frozen=True)
class Sided:
    """An organ of one side, or a side alone; `healthy` when its clause says nothing is wrong there."""

    side: str
    organ: str
    start: int
    end: int
    word: str
    healthy: bool


def side_faults(report: WrittenReport, exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """The sides that contradict each other."""
    findings, impression = (list(_sided(text, lexicon)) for _, text in report.texts())
    yield from _against_findings(findings, impression)
    side = examined_side(exam)
    if side is not None:
        yield from _against_exam(side, FINDINGS, findings, impression)
        yield from _against_exam(side, IMPRESSION, impression, findings)


def examined_side(exam: Exam) -> str | None:
    """The one side that was examined; None when it was both, or nobody said so. The object's own word goes first."""
    told = {"L": LEFT, "R": RIGHT}.get(exam.laterality.strip().upper()[:1])
    if told or exam.laterality.strip():
        return told
    text = f"{exam.body_part} {exam.description}"
    named = [side for side, pattern in _EXAM_SIDE if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def _against_findings(findings: list[Sided], impression: list[Sided]) -> Iterator[Found]:
    ill = [one for one in findings if not one.healthy]
    for said in impression:
        other = _contradiction(said, ill) if not said.healthy and said.side in _OPPOSITE else None
        if other is not None:
            yield Found(Rule.SIDE_DIFFERS, IMPRESSION, said.start, said.end, said.word, (other.word, other.word))


def _contradiction(said: Sided, ill: list[Sided]) -> Sided | None:
    """What the findings say instead: the same organ on the other side alone, or nothing but the other side."""
    same_organ = [one for one in ill if one.organ == said.organ] if said.organ else []
    compared = same_organ or ([] if said.organ and any(one.organ for one in ill) else ill)
    if not compared or any(one.side in (said.side, BOTH) for one in compared):
        return None
    return compared[0]


def _against_exam(side: str, field: Field, here: list[Sided], there: list[Sided]) -> Iterator[Found]:
    sides = {one.side for one in (*here, *there)}
    if sides == {_OPPOSITE[side]}:
        wrong = here[:1]
        yield from (Found(Rule.SIDE_OF_EXAM, field, one.start, one.end, one.word, _NAMES[side]) for one in wrong)


def _sided(text: str, lexicon: Lexicon) -> Iterator[Sided]:
    masked = any_of(lexicon.not_a_side).sub(lambda match: "\0" * len(match.group()), text)
    organs = any_of(lexicon.organs)
    normal = any_of(lexicon.normal)
    for clause in clauses(text):
        hidden = masked[clause.start : clause.start + len(clause.text)]
        if _COMPARED.search(clause.text):
            continue
        healthy = _is_healthy(clause, normal, lexicon)
        for match in _SIDE.finditer(hidden):
            yield _with_organ(clause, hidden, match, organs, healthy=healthy)


def _is_healthy(clause: Clause, normal: re.Pattern[str], lexicon: Lexicon) -> bool:
    if not denies(clause) and not normal.search(clause.text):
        return False
    return not any_of(lexicon.described).search(clause.text) or denies(clause)


def _with_organ(clause: Clause, hidden: str, match: re.Match[str], organs: re.Pattern[str], *, healthy: bool) -> Sided:
    end = match.end()
    lobe = _LOBE.match(hidden, end)
    if lobe is not None:
        before = list(organs.finditer(hidden, 0, match.start()))
        organ, first = (before[-1].group(), before[-1].start()) if before else ("", match.start())
        last = lobe.end()
    else:
        found = organs.search(hidden, end, min(len(hidden), end + _REACH + (6 if match.group().isascii() else 0)))
        organ, first, last = (found.group(), match.start(), found.end()) if found else ("", match.start(), end)
    place = clause.start + first, clause.start + last
    return Sided(
        _side_of(match.group()), _ONE_PLACE.get(organ.lower(), organ.lower()), *place, clause.text[first:last], healthy
    )


def _side_of(word: str) -> str:
    lowered = word.lower()
    if lowered in ("左", LEFT):
        return LEFT
    return RIGHT if lowered in ("右", RIGHT) else BOTH
