"""The county's rules for who gets which case, as data: what the chapter ASSIGNMENT of the rulebook holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from reading_queue.assignment.cases import Work
from storage.domain.errors import InvalidField
from storage.domain.reading import Priority

NEVER_FREE = (Priority.P0, Priority.P1)
"""Classes that are never picked from a list: a free choice delays them (workflow rules, fact 8)."""


@dataclass(frozen=True)
class Figure:
    """A figure of the chapter: what is shipped, and between which bounds a county may set it."""

    shipped: float
    least: float
    most: float


FIGURES: Mapping[str, Figure] = {
    "present_minutes": Figure(15, 1, 240),
    "leave_seconds": Figure(60, 0, 600),
    "given_back_minutes": Figure(30, 0, 1440),
    "same_patient_minutes": Figure(30, 0, 480),
    "prior_minutes": Figure(60, 0, 480),
    "subspecialty_minutes": Figure(30, 0, 480),
    "balance_minutes_per_rvu": Figure(20, 0, 240),
    "balance_limit_minutes": Figure(120, 0, 480),
    "deficit_limit_rvu": Figure(20, 1, 1000),
    "deficit_kept_percent": Figure(100, 0, 100),
    "audit_first_minutes": Figure(60, 0, 480),
    "audit_balance_minutes": Figure(60, 0, 480),
    "audit_share_percent": Figure(50, 0, 100),
    "audit_rvu_percent": Figure(40, 0, 100),
    "audit_time_percent": Figure(40, 0, 100),
}


@dataclass(frozen=True)
class Effort:
    """The weight (RVU; 1 is a plain chest film) and the expected minutes of one reading."""

    rvu: float
    minutes: float


@dataclass(frozen=True)
class Subspecialty:
    """A field of reading: what belongs to it, by modality and by words in the body part. A `reserved` one is for its readers."""

    name: str
    modalities: frozenset[str]
    body_parts: tuple[str, ...]
    reserved: bool

    def holds(self, modality: str, body_part: str) -> bool:
        """Whether a study belongs to it; `body_part` in capitals."""
        return modality in self.modalities and any(word in body_part for word in self.body_parts)


@dataclass(frozen=True)
class AssignmentRules:
    """The chapter as the product works with it. `figures` are those of `FIGURES`, times in minutes or seconds as named.

    `free_list` are the classes that readers may pick from a list. `groups` puts modalities (0008,0060) into groups; one
    that is not named belongs to `other`. `effort` is by group and word in the body part, "" for the rest of the group.
    """

    free_list: frozenset[Priority]
    only_on_duty: bool
    day_begins: time
    groups: Mapping[str, str]
    other: str
    effort: Mapping[str, tuple[tuple[str, Effort], ...]]
    subspecialties: tuple[Subspecialty, ...]
    figures: Mapping[str, float]
    _known: dict[tuple[str, str, Work], tuple[Effort, str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def reserved(self) -> frozenset[str]:
        """Subspecialties whose cases are for their readers."""
        return frozenset(one.name for one in self.subspecialties if one.reserved)

    def effort_of(self, modality: str, body_part: str, work: Work = Work.READ) -> Effort:
        """What reading, or auditing, such a study weighs and takes."""
        return self._of(modality, body_part, work)[0]

    def subspecialty_of(self, modality: str, body_part: str) -> str:
        """The field that such a study belongs to; empty for none."""
        return self._of(modality, body_part, Work.READ)[1]

    def _of(self, modality: str, body_part: str, work: Work) -> tuple[Effort, str]:
        # A county has few kinds of studies, and a choice weighs many cases.
        key = modality, body_part.upper(), work
        if key not in self._known:
            self._known[key] = self._effort(*key), self._subspecialty(*key[:2])
        return self._known[key]

    def _effort(self, modality: str, body_part: str, work: Work) -> Effort:
        lines = self.effort[self.groups.get(modality, self.other)]
        reading = next(effort for word, effort in lines if word in body_part)
        if work is Work.READ:
            return reading
        figures = self.figures
        return Effort(
            reading.rvu * figures["audit_rvu_percent"] / 100, reading.minutes * figures["audit_time_percent"] / 100
        )

    def _subspecialty(self, modality: str, body_part: str) -> str:
        return next((one.name for one in self.subspecialties if one.holds(modality, body_part)), "")


_HEAD = ("HEAD", "BRAIN", "SKULL", "头", "颅", "脑")

SHIPPED: Mapping[str, Any] = {
    "free_list": ["P2", "P3"],
    "only_on_duty": True,
    "day_begins": "08:00",
    "groups": {
        "XRAY": ["CR", "DR", "DX", "IO", "PX", "RG"],
        "MG": ["MG"],
        "FLUORO": ["RF", "XA"],
        "CT": ["CT"],
        "MR": ["MR"],
        "NM": ["NM", "PT"],
        "US": ["US", "IVUS"],
        "ECG": ["ECG"],
        "HOLTER": ["HD", "EPS"],
    },
    "other": "XRAY",
    "effort": [
        {"group": "XRAY", "body_part": "", "rvu": 1.0, "minutes": 3},
        {"group": "MG", "body_part": "", "rvu": 1.6, "minutes": 5},
        {"group": "FLUORO", "body_part": "", "rvu": 2.0, "minutes": 8},
        *({"group": "CT", "body_part": word, "rvu": 2.4, "minutes": 6} for word in _HEAD),
        {"group": "CT", "body_part": "", "rvu": 3.2, "minutes": 10},
        *({"group": "MR", "body_part": word, "rvu": 4.0, "minutes": 12} for word in _HEAD),
        {"group": "MR", "body_part": "", "rvu": 4.4, "minutes": 15},
        {"group": "NM", "body_part": "", "rvu": 5.0, "minutes": 20},
        {"group": "US", "body_part": "", "rvu": 2.0, "minutes": 6},
        {"group": "ECG", "body_part": "", "rvu": 0.5, "minutes": 2},
        {"group": "HOLTER", "body_part": "", "rvu": 2.5, "minutes": 12},
    ],
    "subspecialties": [
        {"name": "neuro", "modalities": ["CT", "MR"], "body_parts": [*_HEAD, "SPINE", "脊", "椎"], "reserved": False},
        {"name": "breast", "modalities": ["MG", "MR", "US"], "body_parts": ["BREAST", "乳"], "reserved": False},
        {
            "name": "msk",
            "modalities": ["CR", "CT", "DR", "DX", "MR"],
            "body_parts": ["KNEE", "SHOULDER", "HIP", "ANKLE", "WRIST", "膝", "肩", "髋", "踝", "腕"],
            "reserved": False,
        },
    ],
    "figures": {name: figure.shipped for name, figure in FIGURES.items()},
}
"""What the product ships; every figure is a default that a county may change."""


def parse(content: Mapping[str, Any]) -> AssignmentRules:
    """The rules out of JSON. Raises `InvalidField` naming the field that makes no sense."""
    groups = {modality: group for group, members in _table(content, "groups") for modality in _words(members, "groups")}
    effort = _effort(content)
    known = {group for group, _ in _table(content, "groups")}
    if content.get("other") not in known:
        raise InvalidField("other", "must be the name of a group.")
    for group in sorted(known):
        if not any(word == "" for word, _ in effort.get(group, ())):
            raise InvalidField("effort", f"needs a line for all other body parts of the group {group}.")
    return AssignmentRules(
        free_list=_free_list(content),
        only_on_duty=_switch(content, "only_on_duty"),
        day_begins=_time(content, "day_begins"),
        groups=groups,
        other=str(content["other"]),
        effort=effort,
        subspecialties=tuple(_subspecialties(content)),
        figures=_figures(content),
    )


def _free_list(content: Mapping[str, Any]) -> frozenset[Priority]:
    try:
        classes = frozenset(Priority(one) for one in content.get("free_list", ()))
    except (TypeError, ValueError) as error:
        raise InvalidField("free_list", "must be a list of classes out of P2 and P3.") from error
    if not classes.isdisjoint(NEVER_FREE):
        raise InvalidField("free_list", "must not name P0 or P1: urgent cases are never picked from a list.")
    return classes


def _figures(content: Mapping[str, Any]) -> Mapping[str, float]:
    given = content.get("figures") or {}
    if not isinstance(given, Mapping) or not given.keys() <= FIGURES.keys():
        raise InvalidField("figures", f"may name only: {', '.join(FIGURES)}.")
    return {
        name: _number(given.get(name, figure.shipped), f"figures.{name}", figure.least, figure.most)
        for name, figure in FIGURES.items()
    }


def _effort(content: Mapping[str, Any]) -> dict[str, tuple[tuple[str, Effort], ...]]:
    found: dict[str, list[tuple[str, Effort]]] = {}
    for line in _lines(content, "effort"):
        effort = Effort(
            _number(line.get("rvu"), "effort.rvu", 0.01, 100), _number(line.get("minutes"), "effort.minutes", 0.1, 480)
        )
        found.setdefault(str(line.get("group")), []).append((str(line.get("body_part", "")).upper(), effort))
    # The longest word is the most particular; "" holds for every body part and comes last.
    return {group: tuple(sorted(lines, key=lambda line: -len(line[0]))) for group, lines in found.items()}


def _subspecialties(content: Mapping[str, Any]) -> Iterator[Subspecialty]:
    for line in _lines(content, "subspecialties"):
        name = str(line.get("name") or "").strip()
        if not name:
            raise InvalidField("subspecialties", "each needs a name.")
        words = tuple(word.upper() for word in _words(line.get("body_parts"), "subspecialties.body_parts"))
        modalities = frozenset(_words(line.get("modalities"), "subspecialties.modalities"))
        yield Subspecialty(name, modalities, words, reserved=_switch(line, "reserved"))


def _table(content: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    value = content.get(name)
    if not isinstance(value, Mapping) or not value:
        raise InvalidField(name, "must be an object with at least one entry.")
    return list(value.items())


def _lines(content: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = content.get(name, [])
    if not isinstance(value, list) or not all(isinstance(line, Mapping) for line in value):
        raise InvalidField(name, "must be a list of objects.")
    return value


def _words(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise InvalidField(name, "must be a list of words.")
    return value


def _switch(content: Mapping[str, Any], name: str) -> bool:
    value = content.get(name, False)
    if not isinstance(value, bool):
        raise InvalidField(name, "must be true or false.")
    return value


def _time(content: Mapping[str, Any], name: str) -> time:
    try:
        return time.fromisoformat(str(content.get(name)))
    except ValueError as error:
        raise InvalidField(name, "must be a time of day such as 08:00.") from error


def _number(value: object, name: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise InvalidField(name, f"must be a number from {least:g} to {most:g}.")
    return float(value)
