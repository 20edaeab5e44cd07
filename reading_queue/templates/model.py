"""A template as data: typed fields, and sentences in Chinese and English that are said about their values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from reading_queue.templates.conditions import Condition
from reading_queue.templates.patterns import Parts

Language = Literal["zh", "en"]
Section = Literal["findings", "impression"]
Value = str | float | list[str]


class FieldKind(StrEnum):
    """What a field holds."""

    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    SIDE = "side"
    TEXT = "text"


@dataclass(frozen=True)
class Words:
    """A name or a unit in both languages."""

    zh: str
    en: str

    def said(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Pattern:
    """A sentence pattern in both languages."""

    zh: Parts
    en: Parts

    def said(self, language: Language) -> Parts:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Option:
    """What can be chosen: its name, what it says in a sentence, and the line that it puts into the impression.

    `code` is the statement that choosing it makes (`reading_queue.ecg.catalogue`); empty where it makes none.
    """

    value: str
    label: Words
    text: Pattern
    impression: Pattern | None
    abnormal: bool
    code: str = ""


@dataclass(frozen=True)
class Field:
    """What a reader fills in. `when` decides whether it is asked for; `coding` names a classification (BI-RADS).

    `measure` names the measurement that a field takes its first value from (`hr`, `pr_ms`, ...). Of a number `least` and `most` are what is possible, `normal_least` and `normal_most` what is normal.
    """

    id: str
    kind: FieldKind
    label: Words
    section: Section
    when: Condition
    default: Value | None
    options: tuple[Option, ...] = ()
    unit: Words = Words("", "")
    least: float | None = None
    most: float | None = None
    normal_least: float | None = None
    normal_most: float | None = None
    decimals: int = 0
    coding: str = ""
    measure: str = ""

    def option(self, value: str) -> Option | None:
        return next((one for one in self.options if one.value == value), None)


@dataclass(frozen=True)
class Sentence:
    """Something that is said when its condition holds and its values are there; `paragraph` begins a new line.

    `code` is the statement that saying it makes.
    """

    id: str
    pattern: Pattern
    when: Condition
    paragraph: bool
    code: str = ""


@dataclass(frozen=True)
class Template:
    """A template, checked. Empty tuples and None mean no limit; ages are in years."""

    title: Words
    modalities: tuple[str, ...]
    body_parts: tuple[str, ...]
    terms: tuple[str, ...]
    """Words of an exam's description that tell that this template is meant."""
    is_general: bool
    """Fits when the description and the body part tell nothing."""
    sex: str
    youngest: float | None
    oldest: float | None
    fields: tuple[Field, ...]
    findings: tuple[Sentence, ...]
    impression: tuple[Sentence, ...]

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.id == name), None)
