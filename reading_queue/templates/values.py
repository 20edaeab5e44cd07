"""What a reader fills in: checked against the fields, with defaults, and in words."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reading_queue.templates.conditions import OF_THE_REPORT, holds
from reading_queue.templates.model import Field, FieldKind, Language, Template, Value, Words
from storage.domain.errors import Invalid, InvalidField

SIDES: Mapping[str, Words] = {
    "left": Words("左", "left"),
    "right": Words("右", "right"),
    "bilateral": Words("双", "bilateral"),
}
_LONGEST_TEXT = 500
_BETWEEN: Mapping[Language, str] = {"zh": "、", "en": ", "}
_UNSAID = re.compile(r"[\x00-\x1f\x7f]+")
_BRACES = str.maketrans({"{": "（", "}": "）"})
_CLOSE_UNITS = ("%", "°", "℃")


@dataclass(frozen=True)
class Filled:
    """The values that count: defaults put in, what is not asked for left out. In the order of the fields."""

    template: Template
    values: Mapping[str, Value]

    def chosen(self, field: str) -> frozenset[str]:
        value = self.values.get(field)
        if isinstance(value, list):
            return frozenset(value)
        return frozenset({value}) if isinstance(value, str) else frozenset()

    def number(self, field: str) -> float | None:
        value = self.values.get(field)
        return float(value) if isinstance(value, int | float) else None

    def is_filled(self, field: str) -> bool:
        return field in self.values

    def is_abnormal(self, field: str) -> bool:
        if field == OF_THE_REPORT:
            return any(self._is_abnormal(one) for one in self.template.fields)
        found = self.template.field(field)
        return found is not None and self._is_abnormal(found)

    def _is_abnormal(self, field: Field) -> bool:
        number = self.number(field.id)
        if number is not None:
            below = field.normal_least is not None and number < field.normal_least
            return below or (field.normal_most is not None and number > field.normal_most)
        chosen = self.chosen(field.id)
        return any(option.abnormal and option.value in chosen for option in field.options)


def filled(template: Template, values: Mapping[str, Any]) -> Filled:
    """What was given, over the defaults; null empties a field. Raises `InvalidField` for what a field cannot hold."""
    for name in values:
        if template.field(name) is None:
            raise Invalid(f"The template has no field {name}.")
    found: dict[str, Value] = {}
    facts = Filled(template, found)
    for field in template.fields:
        if not holds(field.when, facts):
            continue
        given = values.get(field.id, field.default)
        if given is not None and given not in ("", []):
            found[field.id] = checked_value(field, given)
    return facts


def checked_value(field: Field, value: Any) -> Value:
    """The value as the field holds it. Raises `InvalidField`."""
    if field.kind is FieldKind.NUMBER:
        return _checked_number(field, value)
    if field.kind is FieldKind.SEVERAL:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise InvalidField(field.id, "is a list of values.")
        return [one for one in (option.value for option in field.options) if one in _known(field, value)]
    if not isinstance(value, str):
        raise InvalidField(field.id, "is a text.")
    if field.kind is FieldKind.TEXT:
        if len(value) > _LONGEST_TEXT:
            raise InvalidField(field.id, f"has at most {_LONGEST_TEXT} characters.")
        return value
    return _known(field, [value])[0]


def _known(field: Field, values: list[str]) -> list[str]:
    choices = tuple(SIDES) if field.kind is FieldKind.SIDE else tuple(option.value for option in field.options)
    for value in values:
        if value not in choices:
            raise InvalidField(field.id, f"is one of {', '.join(choices)}.")
    return values


def _checked_number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidField(field.id, "is a number.")
    least, most = field.least, field.most
    if (least is not None and value < least) or (most is not None and value > most):
        raise InvalidField(field.id, f"lies between {_bound(least)} and {_bound(most)}.")
    return value


def _bound(number: float | None) -> str:
    return "any number" if number is None else f"{number:g}"


def plain_word(field: Field, value: Value, language: Language) -> str:
    """The value in words, without the sentences of options: what stands in the place of a field inside them."""
    if isinstance(value, list):
        labels = [option.label.said(language) for option in field.options if option.value in value]
        return _BETWEEN[language].join(labels)
    if isinstance(value, int | float):
        return number_word(field, value, language)
    if field.kind is FieldKind.SIDE:
        return SIDES[value].said(language)
    option = field.option(value)
    return clean(value) if option is None else option.label.said(language)


def number_word(field: Field, value: float, language: Language) -> str:
    """The number with its unit, as 12mm and 12 mm."""
    unit = field.unit.said(language)
    apart = " " if language == "en" and unit and not unit.startswith(_CLOSE_UNITS) else ""
    return f"{rounded(value, field.decimals)}{apart}{unit}"


def rounded(value: float, decimals: int) -> str:
    """Half away from zero, as people do it: 2.5 is 3. The web application reckons the same way."""
    scale = 10**decimals
    whole = math.floor(abs(value) * scale + 0.5 + 1e-9)
    sign = "-" if value < 0 and whole else ""
    digits = str(int(whole)).zfill(decimals + 1)
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def clean(text: str) -> str:
    """Text of a person inside a sentence: one line, and no brace that looks like something still to be filled in."""
    return _UNSAID.sub(" ", text).translate(_BRACES).strip()
