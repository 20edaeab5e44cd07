"""How many physicians must sign a report, and what is read twice: the county's chapter SIGNATURES.

Shipped: the reader of an ECG signs alone, everything else has two signatures, and so have residents' reports and
mammograms whatever the county allows besides. Nothing is read twice until the county names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reading_queue.rulebook import Chapter
from storage.domain.errors import Invalid
from storage.domain.reading import Priority
from storage.domain.rulebook import RuleKind

ONE, TWO = 1, 2


@dataclass(frozen=True)
class SignedCase:
    """What the number of signatures depends on; `title` is that of whoever wrote the report."""

    modality: str
    priority: Priority
    body_part: str
    description: str
    title: str
    at: datetime


@dataclass(frozen=True)
class Condition:
    """All that is given must hold. `words` are looked for in body part and description, `titles` in the author's title."""

    modalities: frozenset[str] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    words: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    night: bool | None = None

    @classmethod
    def parse(cls, told: object, where: str) -> Self:
        """Raise `Invalid` for a key that is not known, or a value of another shape."""
        given = _mapping(told, where)
        unknown = sorted(set(given) - {"modalities", "priorities", "words", "titles", "night", "signatures"})
        if unknown:
            raise Invalid(f"{where} has {unknown[0]}, which is not known.")
        night = given.get("night")
        if night is not None and not isinstance(night, bool):
            raise Invalid(f"{where}.night must be true or false.")
        condition = cls(
            modalities=frozenset(_texts(given, "modalities", where)),
            priorities=frozenset(_priority(one, where) for one in _texts(given, "priorities", where)),
            words=_texts(given, "words", where),
            titles=_texts(given, "titles", where),
            night=night,
        )
        if condition == cls():
            raise Invalid(f"{where} says nothing that could be looked at.")
        return condition

    def holds(self, case: SignedCase, *, is_night: bool) -> bool:
        """Whether the case is meant."""
        about = f"{case.body_part} {case.description}".lower()
        return (
            (not self.modalities or case.modality in self.modalities)
            and (not self.priorities or case.priority in self.priorities)
            and (not self.words or any(word.lower() in about for word in self.words))
            and (not self.titles or any(title.lower() in case.title.lower() for title in self.titles))
            and self.night in (None, is_night)
        )


@dataclass(frozen=True)
class Signatures:
    """The chapter. `always_two` comes before `rules`, of which the first that holds decides, and `default` after them."""

    zone: ZoneInfo
    night: tuple[time, time]
    default: int
    rules: tuple[tuple[Condition, int], ...]
    always_two: tuple[Condition, ...]
    double_reading: tuple[Condition, ...] = field(default=())

    def required(self, case: SignedCase) -> int:
        """One or two."""
        is_night = self.is_night(case.at)
        if any(condition.holds(case, is_night=is_night) for condition in self.always_two):
            return TWO
        named = (number for condition, number in self.rules if condition.holds(case, is_night=is_night))
        return next(named, self.default)

    def is_read_twice(self, case: SignedCase) -> bool:
        """Whether two readers who know nothing of each other read it, and a third decides over both."""
        is_night = self.is_night(case.at)
        return any(condition.holds(case, is_night=is_night) for condition in self.double_reading)

    def is_night(self, at: datetime) -> bool:
        """Whether it is night in the county."""
        begin, end = self.night
        now = at.astimezone(self.zone).time()
        return begin <= now < end if begin <= end else now >= begin or now < end


def parse(content: Mapping[str, Any]) -> Signatures:
    """Raise `Invalid` naming what is wrong."""
    rules = [_mapping(rule, f"rules[{n}]") for n, rule in enumerate(_list(content, "rules"))]
    return Signatures(
        zone=_zone(content.get("zone")),
        night=_night(content.get("night")),
        default=_number(content.get("default"), "default"),
        rules=tuple(
            (Condition.parse(rule, f"rules[{n}]"), _number(rule.get("signatures"), f"rules[{n}].signatures"))
            for n, rule in enumerate(rules)
        ),
        always_two=_conditions(content, "always_two"),
        double_reading=_conditions(content, "double_reading"),
    )


def _conditions(content: Mapping[str, Any], name: str) -> tuple[Condition, ...]:
    return tuple(Condition.parse(one, f"{name}[{n}]") for n, one in enumerate(_list(content, name)))


def _mapping(told: object, where: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise Invalid(f"{where} must be an object.")
    return told


def _list(content: Mapping[str, Any], name: str) -> Sequence[Any]:
    told = content.get(name, [])
    if not isinstance(told, list):
        raise Invalid(f"{name} must be a list.")
    return told


def _texts(given: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    told = given.get(name, [])
    if not isinstance(told, list) or not all(isinstance(one, str) and one for one in told):
        raise Invalid(f"{where}.{name} must be a list of words.")
    return tuple(told)


def _priority(text: str, where: str) -> Priority:
    if text not in list(Priority):
        raise Invalid(f"{where}.priorities may have {', '.join(Priority)}.")
    return Priority(text)


def _number(told: object, where: str) -> int:
    if told not in (ONE, TWO) or isinstance(told, bool):
        raise Invalid(f"{where} must be 1 or 2.")
    return ONE if told == ONE else TWO


def _zone(told: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(told))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("zone must be the name of a time zone, like Asia/Shanghai.") from error


def _night(told: object) -> tuple[time, time]:
    if not isinstance(told, list) or len(told) != TWO:
        raise Invalid("night must be two times, like 20:00 and 07:00.")
    try:
        return time.fromisoformat(str(told[0])), time.fromisoformat(str(told[1]))
    except ValueError as error:
        raise Invalid("night must be two times, like 20:00 and 07:00.") from error


SIGNATURES: Chapter[Signatures] = Chapter(
    RuleKind.SIGNATURES,
    {
        "zone": "Asia/Shanghai",
        "night": ["20:00", "07:00"],
        "default": 2,
        "rules": [{"modalities": ["ECG"], "signatures": 1}],
        "always_two": [
            {"titles": ["住院医师", "规培", "实习", "进修", "resident", "trainee", "intern"]},
            {"modalities": ["MG"]},
        ],
        "double_reading": [],
    },
    parse,
)
