"""Words that should not be there: left over from a template or the keyboard, missing, or of another kind of exam."""

import re
from collections.abc import Iterator

from reading_queue.report_rules.clauses import clauses, mentions
from reading_queue.report_rules.found import Found
from reading_queue.report_rules.lexicon import Lexicon
from reading_queue.report_rules.report import Exam, Rule, WrittenReport

_TEMPLATE = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|\[\[[^\[\]\n]{0,80}\]\]|\$\{[^{}\n]{0,80}\}|_{2,}|＿{2,}|\*{3,}|"
    r"[【\[](?:\s*|(?:请|待|填|选|此处)[^】\]\n]{0,40})[】\]]|[（(]\s*[）)]|(?:[XxＸ×]{2,})(?=\s*(?:mm|cm|岁|次|级|度|叶|段|处|枚|个|年|月|日))"
)
_CHOICE = re.compile(r"(?:左/右|右/左|有/无|是/否|单/双|增大/缩小|阳性/阴性|增多/减少)(?!径|比)")
_ELSEWHERE = re.compile(
    r"建议|结合|进一步|必要时|对照|对比|较前|参考|随访|复查|外院|既往|前片|病史|同日|当日|recommend|correlat|compar|prior|previous",
    re.IGNORECASE,
)
_SLIPS = re.compile(
    r"[，,、；;：:]{2,}|。{2,}|[？?]{2,}|[，、；：]。|。[，、；]|"
    r"的的|了了|见见|影影|未未|为为|可可见|未见未见|"
    r"([\u4e00-\u9fff]{2,6})\1(?![\u4e00-\u9fff]?\1)|"
    r"(?<=[\u4e00-\u9fff])(?!(?:mm|cm|ml|ms|bpm|mv|hu|ct|mr|mri|us|ecg|dr|cdfi|flair|dwi|wi|vs|et|al)(?![a-z]))[a-z]{3,}(?=[\u4e00-\u9fff，。；、]|$)|"
    r"[\ufffd\u25a1]+"
)
_CUT_OFF = re.compile(r"[，,、：:及和与的](?=\s*$)")
_NOT_DOUBLED = frozenset({"淋巴", "上下", "左右", "前后", "点状", "隐隐", "多发"})


def missing_faults(report: WrittenReport, _exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """Nothing written, or something that stands for nothing."""
    nothing = {word.lower() for word in lexicon.placeholders}
    for field, text in report.texts():
        said = text.strip()
        if not said:
            yield Found(Rule.EMPTY, field, 0, 0)
        elif said.rstrip("。.").lower() in nothing or said.lower() in nothing:
            yield Found(Rule.PLACEHOLDER, field, 0, len(text), said)


def template_faults(report: WrittenReport, _exam: Exam, _lexicon: Lexicon) -> Iterator[Found]:
    """Gaps of a template that nobody filled in, and choices that nobody made."""
    for field, text in report.texts():
        for rule, pattern in ((Rule.TEMPLATE_LEFT, _TEMPLATE), (Rule.CHOICE_LEFT, _CHOICE)):
            for match in pattern.finditer(text):
                yield Found(rule, field, match.start(), match.end(), match.group())


def modality_faults(report: WrittenReport, exam: Exam, lexicon: Lexicon) -> Iterator[Found]:
    """Words of another kind of exam, unless the sentence speaks of one."""
    foreign = lexicon.foreign.get(exam.modality, ())
    for field, text in report.texts():
        for one in mentions(text, foreign):
            if not _ELSEWHERE.search(one.clause.text):
                yield Found(Rule.MODALITY_WORDS, field, one.start, one.end, one.word, (exam.modality, exam.modality))


def typing_faults(report: WrittenReport, _exam: Exam, _lexicon: Lexicon) -> Iterator[Found]:
    """Doubled words and points, letters of an input method, brackets without their other half, an end that is none."""
    for field, text in report.texts():
        for match in _SLIPS.finditer(text):
            if match.group(1) is None or match.group(1) not in _NOT_DOUBLED:
                yield Found(Rule.TYPING, field, match.start(), match.end(), match.group())
        for start, end in (*_cut_off(text), *_unbalanced(text)):
            yield Found(Rule.TYPING, field, start, end, text[start:end])


def _cut_off(text: str) -> Iterator[tuple[int, int]]:
    match = _CUT_OFF.search(text)
    if match is not None and clauses(text):
        yield match.start(), match.end()


def _unbalanced(text: str) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign in "（(":
            opened.append(at)
        elif sign in "）)":
            if opened:
                opened.pop()
            elif not re.search(r"(?:^|\s)\d{1,2}$", text[:at]):
                yield at, at + 1
    yield from ((at, at + 1) for at in opened)
