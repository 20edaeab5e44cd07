"""When a sentence is said or a field is asked for, in a small language without arithmetic.

`heart = large|globular & size filled`: all terms must hold. Terms: `field = a|b`, `field != a|b`, `field < 50`,
`field <= 50`, `field > 50`, `field >= 50`, `field filled`, `field empty`, `field abnormal`, and of the whole report
`normal` and `abnormal`. The web application has the same reader (`templates/conditions.ts`).
"""

import re
from dataclasses import dataclass
from typing import Protocol

from storage.domain.errors import Invalid

_COMPARED = re.compile(r"([a-z][a-z0-9_]*)\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)")
_CHOSEN = re.compile(r"([a-z][a-z0-9_]*)\s*(!?=)\s*([A-Za-z0-9_.+-]+(?:\s*\|\s*[A-Za-z0-9_.+-]+)*)")
_STATED = re.compile(r"([a-z][a-z0-9_]*)\s+(filled|empty|abnormal)")
_WHOLE = ("normal", "abnormal")
OF_THE_REPORT = ""
"""In place of a field's name: the whole report."""


class Facts(Protocol):
    """What conditions ask about the values."""

    def chosen(self, field: str) -> frozenset[str]: ...

    def number(self, field: str) -> float | None: ...

    def is_filled(self, field: str) -> bool: ...

    def is_abnormal(self, field: str) -> bool:
        """Of the field; of any field with `OF_THE_REPORT`."""


@dataclass(frozen=True)
class Term:
    """One thing that must hold. `what` is a sign or a word of the language."""

    field: str
    what: str
    values: frozenset[str] = frozenset()
    bound: float = 0.0

    def holds(self, facts: Facts) -> bool:
        if self.what in ("=", "!="):
            return bool(facts.chosen(self.field) & self.values) == (self.what == "=")
        if self.what in ("filled", "empty"):
            return facts.is_filled(self.field) == (self.what == "filled")
        if self.what in _WHOLE:
            return facts.is_abnormal(self.field) == (self.what == "abnormal")
        number = facts.number(self.field)
        return number is not None and _compare(number, self.what, self.bound)


Condition = tuple[Term, ...]


def parse_condition(text: str) -> Condition:
    """The terms; none for an empty text, which always holds. Raises `Invalid` for what is not in the language."""
    if not text.strip():
        return ()
    return tuple(_term(one.strip()) for one in text.split("&"))


def holds(condition: Condition, facts: Facts) -> bool:
    return all(term.holds(facts) for term in condition)


def _term(text: str) -> Term:
    if text in _WHOLE:
        return Term(OF_THE_REPORT, text)
    if found := _COMPARED.fullmatch(text):
        return Term(found[1], found[2], bound=float(found[3]))
    if found := _CHOSEN.fullmatch(text):
        return Term(found[1], found[2], frozenset(one.strip() for one in found[3].split("|")))
    if found := _STATED.fullmatch(text):
        return Term(found[1], found[2])
    raise Invalid(f"This condition cannot be read: {text}")


def _compare(number: float, sign: str, bound: float) -> bool:
    if sign.startswith("<"):
        return number < bound or (sign == "<=" and number == bound)
    return number > bound or (sign == ">=" and number == bound)
