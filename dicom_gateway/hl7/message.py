"""An HL7 v2 message as its segments and values (HL7 v2.5 chapter 2)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import hl7  # type: ignore[import-untyped]

from storage.domain.errors import Invalid

_MAX_SEPARATORS = 20_000
"""Every value between two of them becomes an object: a quarter of a megabyte of separators would become a hundred."""

_NULL = '""'
_ESCAPED = re.compile(r"\\([^\\]{0,40})\\")
_ESCAPES: Mapping[str, str] = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", ".br": "\n", ".sp": "\n"}


@dataclass(frozen=True)
class Segment:
    """One segment. Fields, components and repetitions count from 1; what is not there is empty."""

    name: str
    _fields: Any

    def value(self, field: int, component: int = 1, repetition: int = 1) -> str:
        """The first subcomponent of a component, its escape sequences resolved; empty for HL7's null too."""
        part = self._fields[field] if field < len(self._fields) else ""
        for index in (repetition, component, 1):
            if isinstance(part, str):
                part = part if index == 1 else ""
            else:
                part = part[index - 1] if index <= len(part) else ""
        text = str(part).strip()
        return "" if text == _NULL else _ESCAPED.sub(_resolved, text)

    def repetitions(self, field: int) -> int:
        """How often the field is repeated."""
        part = self._fields[field] if field < len(self._fields) else ""
        return 1 if isinstance(part, str) else len(part)


@dataclass(frozen=True)
class Message:
    """The segments of a message in their order; the first is MSH."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def first(self, name: str) -> Segment:
        """The first segment of that name; an empty one where there is none."""
        return next((segment for segment in self.segments if segment.name == name), Segment(name, [name]))


def parse_message(text: str) -> Message:
    """Raise `Invalid` for what is no HL7 v2 message."""
    unified = text.lstrip("\ufeff").replace("\r\n", "\r").replace("\n", "\r").strip("\r \x00")
    ordinary = "\x00" not in unified and sum(map(unified.count, "|^~&\r")) <= _MAX_SEPARATORS
    if not unified.startswith("MSH") or not ordinary:
        raise Invalid("This is no HL7 v2 message: it must begin with MSH, and be ordinary text of ordinary length.")
    try:
        segments = tuple(_segments(hl7.parse(unified)))
    except Exception as error:
        raise Invalid("The message cannot be parsed: check its separators in MSH-1 and MSH-2.") from error
    return Message(segments)


def _segments(message: Any) -> Iterator[Segment]:
    for segment in message:
        yield Segment(str(segment[0]).strip(), segment)


def _resolved(match: re.Match[str]) -> str:
    code = match[1]
    return _ESCAPES.get(code, "" if code[:1] in ("H", "N", ".", "X", "Z", "C", "M") else match[0])
