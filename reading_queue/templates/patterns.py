r"""Sentence patterns: text with `{field}` for a value and `[...]` for what is left out when a value in it is missing.

`{a|b}` is no expression: there are none. A backslash takes the meaning from the sign that follows it. Braces, brackets
and patterns inside values are never read as patterns. The web application has the same reader (`templates/patterns.ts`);
`tests/unit/reading_queue/templates/rendering_cases.json` holds both to the same answers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from storage.domain.errors import Invalid

FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TOKEN = re.compile(r"\\.|\{[^{}\[\]]*\}|[\[\]{}]|[^\\\[\]{}]+|\\$", re.DOTALL)
_DEEPEST = 4


@dataclass(frozen=True)
class Slot:
    """The place of a field's value."""

    field: str


@dataclass(frozen=True)
class Group:
    """A part that is left out when a value in it is missing."""

    parts: "Parts"


Parts = tuple["str | Slot | Group", ...]


def parse_pattern(pattern: str) -> Parts:
    """The parts of a pattern. Raises `Invalid` for brackets that do not pair and braces that name no field."""
    tokens = _TOKEN.findall(pattern)
    parts, rest = _parts(tokens, 0, 0, pattern)
    if rest != len(tokens):
        raise Invalid(f"A bracket is closed that was not opened: {pattern}")
    return parts


def _parts(tokens: list[str], at: int, depth: int, pattern: str) -> tuple[Parts, int]:
    found: list[str | Slot | Group] = []
    while at < len(tokens) and tokens[at] != "]":
        if tokens[at] == "[":
            inner, at = _group(tokens, at + 1, depth + 1, pattern)
            found.append(inner)
        else:
            found.append(_plain(tokens[at], pattern))
            at += 1
    return tuple(found), at


def _group(tokens: list[str], at: int, depth: int, pattern: str) -> tuple[Group, int]:
    if depth > _DEEPEST:
        raise Invalid(f"Brackets are nested too deep: {pattern}")
    parts, end = _parts(tokens, at, depth, pattern)
    if end >= len(tokens):
        raise Invalid(f"A bracket is not closed: {pattern}")
    return Group(parts), end + 1


def _plain(token: str, pattern: str) -> str | Slot:
    if token.startswith("\\"):
        return token[1:]
    if not token.startswith(("{", "}")):
        return token
    name = token[1:-1]
    if not FIELD_NAME.fullmatch(name):
        raise Invalid(f"{token} names no field: {pattern}")
    return Slot(name)


def fields_in(parts: Parts) -> frozenset[str]:
    """Every field that the pattern names."""
    return frozenset().union(*(_fields(part) for part in parts))


def _fields(part: str | Slot | Group) -> frozenset[str]:
    if isinstance(part, Slot):
        return frozenset({part.field})
    return fields_in(part.parts) if isinstance(part, Group) else frozenset()


def fill(parts: Parts, word: Callable[[str], str]) -> str:
    """The sentence; empty when a value outside all brackets is missing (`word` gives an empty text)."""
    said: list[str] = []
    for part in parts:
        if isinstance(part, Group):
            said.append(fill(part.parts, word))
        elif isinstance(part, Slot):
            value = word(part.field)
            if not value:
                return ""
            said.append(value)
        else:
            said.append(part)
    return "".join(said)
