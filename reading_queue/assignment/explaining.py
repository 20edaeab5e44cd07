"""A choice in words: the figures that an event keeps, as sentences that a manager can read, in Chinese and in English."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from reading_queue.assignment.cases import Figure, Owed, Rule, Work

Language = Literal["zh", "en"]

_Words = Mapping[str, Mapping[str, str]]

_WORK: _Words = {
    "zh": {Work.READ: "阅片", Work.AUDIT: "审核"},
    "en": {Work.READ: "Reading", Work.AUDIT: "Audit"},
}
_NAMED = {"zh": "本人从列表中选取。", "en": "Chosen from the list by the reader."}
_OWED: _Words = {
    "zh": {
        Owed.ASSIGNED: "指派给本人。",
        Owed.ANSWERED: "卫生院已答复，退回提问者。",
        Owed.REWORK: "审核退回，优先给原报告医师。",
    },
    "en": {
        Owed.ASSIGNED: "Assigned to this reader.",
        Owed.ANSWERED: "The clinic has answered: back to the one who asked.",
        Owed.REWORK: "Sent back by the auditor: to its author first.",
    },
}
_RULES: _Words = {
    "zh": {
        Rule.GREEN_CHANNEL: "绿色通道（P0）最先。",
        Rule.EMERGENCY: "急诊（P1）先于常规。",
        Rule.SAME_PATIENT: "与刚取的检查为同一患者，一并阅读。",
        Rule.ROUTINE: "常规检查：按应完成时间和工作量均衡选取。",
    },
    "en": {
        Rule.GREEN_CHANNEL: "Green channel (P0) comes first.",
        Rule.EMERGENCY: "An emergency (P1) comes before routine.",
        Rule.SAME_PATIENT: "Same patient as the case taken before: read together.",
        Rule.ROUTINE: "Routine: by what is due first, and by the balance of work.",
    },
}


def explain(why: Mapping[str, Figure], language: Language) -> list[str]:
    """The choice in sentences, the most important first; empty when nothing is known of it."""
    return [*_SENTENCES[language](why)] if "rule" in why else []


def _zh(why: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_WORK['zh'][why['work']]}：{why['priority']} {why['modality']}，{_due_zh(why['due_in'])}。"
    yield from _reasons("zh", why)
    load = f"本人手上 {why['in_hand']} 例"
    others = "为当班最少" if not why["less_loaded"] else f"当班有 {why['less_loaded']} 人更少"
    yield f"{load}，{others}（当班 {why['on_duty']} 人）；预计用时 {why['minutes']:g} 分钟，{_in_time_zh(why)}。"
    if why.get("prior"):
        yield "既往检查由本人报告。"
    if why.get("subspecialty"):
        yield f"属于本人的亚专业（{why['subspecialty']}）。"
    if "rvu" in why:
        yield (
            f"工作量：本例 {why['rvu']:g} RVU，今日已做 {why['done_rvu']:g}，应做 {why['part_rvu']:g}，"
            f"{_owed_zh(why['owed_rvu'])}。"
        )
    if "audit_share" in why:
        yield f"今日审核占 {why['audit_share']}%（目标 {why['audit_aim']}%）。"
    if why.get("given_back"):
        yield "本人刚退回过，没有别的可选。"
    if why.get("off_duty"):
        yield "本人不当班；此例已对全员开放、属于本人，或无人当班。"


def _en(why: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_WORK['en'][why['work']]}: {why['priority']} {why['modality']}, {_due_en(why['due_in'])}."
    yield from _reasons("en", why)
    others = "least" if not why["less_loaded"] else f"{why['less_loaded']} have less,"
    yield (
        f"{_cases(why['in_hand'])} in hand, {others} of {why['on_duty']} on duty; expected to take "
        f"{why['minutes']:g} minutes, {_in_time_en(why)}."
    )
    if why.get("prior"):
        yield "The same reader reported the prior."
    if why.get("subspecialty"):
        yield f"It belongs to the reader's subspecialty ({why['subspecialty']})."
    if "rvu" in why:
        yield (
            f"Work: {why['rvu']:g} RVU for this case, {why['done_rvu']:g} done today of a part of {why['part_rvu']:g}, "
            f"{_owed_en(why['owed_rvu'])}."
        )
    if "audit_share" in why:
        yield f"{why['audit_share']}% of today's work was auditing (aim {why['audit_aim']}%)."
    if why.get("given_back"):
        yield "The reader gave it back lately; there was nothing else."
    if why.get("off_duty"):
        yield "The reader is off duty: the case was open to all, kept for this reader, or nobody was on duty for it."


def _reasons(language: Language, why: Mapping[str, Any]) -> Iterator[str]:
    if why.get("asked") == "named":
        yield _NAMED[language]
    if "owed" in why:
        yield _OWED[language][why["owed"]]
    elif why.get("asked") != "named":
        yield _RULES[language][why["rule"]]


def _due_zh(minutes: int) -> str:
    return f"{minutes} 分钟后到时" if minutes >= 0 else f"已超过目标 {-minutes} 分钟"


def _due_en(minutes: int) -> str:
    unit = "minute" if abs(minutes) == 1 else "minutes"
    return f"due in {minutes} {unit}" if minutes >= 0 else f"{-minutes} {unit} past its target"


def _in_time_zh(why: Mapping[str, Any]) -> str:
    return "可按时完成" if why["in_time"] else "不能按时完成"


def _in_time_en(why: Mapping[str, Any]) -> str:
    return "in time" if why["in_time"] else "not in time"


def _owed_zh(rvu: float) -> str:
    if not rvu:
        return "与应做相当"
    return f"尚欠 {rvu:g}（含以前）" if rvu > 0 else f"多做 {-rvu:g}（含以前）"


def _owed_en(rvu: float) -> str:
    if not rvu:
        return "even with the others"
    return f"{rvu:g} behind, days before included" if rvu > 0 else f"{-rvu:g} ahead, days before included"


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


_SENTENCES: Mapping[Language, Callable[[Mapping[str, Any]], Iterator[str]]] = {"zh": _zh, "en": _en}
