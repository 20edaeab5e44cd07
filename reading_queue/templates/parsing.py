"""JSON into a template, with every fault told in one sentence that names its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from reading_queue.templates.conditions import OF_THE_REPORT, Condition, parse_condition
from reading_queue.templates.model import Field, FieldKind, Option, Pattern, Section, Sentence, Template, Words
from reading_queue.templates.patterns import FIELD_NAME, Parts, fields_in, parse_pattern
from reading_queue.templates.values import checked_value
from storage.domain.errors import Invalid

T = TypeVar("T")
_MOST_FIELDS = 120
_MOST_OPTIONS = 200
_MOST_SENTENCES = 200
_LONGEST = 2_000
_MOST_DECIMALS = 3
_NOTHING: Mapping[str, Any] = {}


def parse_template(content: Mapping[str, Any]) -> Template:
    """The template that `content` is. Raises `Invalid`."""
    age = _mapping(content, "age", "the template")
    template = Template(
        title=_words(content, "title", "the template"),
        modalities=_texts(content, "modalities"),
        body_parts=_texts(content, "body_parts"),
        terms=_texts(content, "terms"),
        is_general=bool(content.get("general", False)),
        sex=_one_of(content.get("sex", ""), ("", "M", "F"), "sex"),
        youngest=_number(age, "least", "age"),
        oldest=_number(age, "most", "age"),
        fields=tuple(_each(content, "fields", _MOST_FIELDS, _field)),
        findings=tuple(_each(content, "findings", _MOST_SENTENCES, _sentence)),
        impression=tuple(_each(content, "impression", _MOST_SENTENCES, _sentence)),
    )
    _check(template)
    return template


def _check(template: Template) -> None:
    if not template.title.zh or not template.title.en:
        raise Invalid("A template needs its title in Chinese and English.")
    if not template.findings or not template.impression:
        raise Invalid("A template needs sentences for the findings and for the impression.")
    _require_unique("field", [field.id for field in template.fields])
    _require_unique("sentence", [one.id for one in (*template.findings, *template.impression)])
    known: set[str] = set()
    for field in template.fields:
        _require_known(_asked_in(field.when), known, f"the condition of {field.id}")
        known.add(field.id)
    for sentence in (*template.findings, *template.impression):
        _require_known(_asked_in(sentence.when), known, f"the condition of {sentence.id}")
        _require_known(_named_in(sentence.pattern), known, sentence.id)
    for field in template.fields:
        _check_options(field, known)


def _check_options(field: Field, known: set[str]) -> None:
    for option in field.options:
        for pattern in (option.text, option.impression):
            if pattern is not None:
                _require_known(_named_in(pattern), known, f"{field.id}.{option.value}")


def _asked_in(condition: Condition) -> frozenset[str]:
    return frozenset(term.field for term in condition) - {OF_THE_REPORT}


def _named_in(pattern: Pattern) -> frozenset[str]:
    return fields_in(pattern.zh) | fields_in(pattern.en)


def _require_known(named: frozenset[str], known: set[str], place: str) -> None:
    if unknown := sorted(named - known):
        raise Invalid(f"In {place} there is no field {unknown[0]} (a condition of a field names fields before it).")


def _require_unique(what: str, ids: Sequence[str]) -> None:
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise Invalid(f"There are two of {what} {twice}.")


def _field(raw: Mapping[str, Any]) -> Field:
    name = _name(raw, "field")
    try:
        kind = FieldKind(str(raw.get("type")))
    except ValueError as error:
        raise Invalid(f"{name}: type is one of {', '.join(FieldKind)}.") from error
    normal = _mapping(raw, "normal", name)
    section: Section = "impression" if raw.get("section") == "impression" else "findings"
    field = Field(
        id=name,
        kind=kind,
        label=_words(raw, "label", name),
        section=section,
        when=parse_condition(_text(raw, "when", name)),
        default=None,
        options=tuple(_each(raw, "options", _MOST_OPTIONS, _option)),
        unit=_words(raw, "unit", name, is_needed=False),
        least=_number(raw, "min", name),
        most=_number(raw, "max", name),
        normal_least=_number(normal, "min", name),
        normal_most=_number(normal, "max", name),
        decimals=min(max(int(_number(raw, "decimals", name) or 0), 0), _MOST_DECIMALS),
        coding=_text(raw, "coding", name),
        measure=_text(raw, "measure", name),
    )
    if kind in (FieldKind.CHOICE, FieldKind.SEVERAL) and not field.options:
        raise Invalid(f"{name}: there is nothing to choose from.")
    _require_unique(f"option of {name}", [option.value for option in field.options])
    return _with_default(field, raw.get("default"))


def _with_default(field: Field, default: Any) -> Field:
    if default is None or default == "":
        return field
    return Field(**{**field.__dict__, "default": checked_value(field, default)})


def _option(raw: Mapping[str, Any]) -> Option:
    value = _text(raw, "value", "an option")
    if not value:
        raise Invalid("An option needs a value.")
    label = _words(raw, "label", value)
    impression = raw.get("impression")
    return Option(
        value=value,
        label=label,
        text=_pattern(raw["text"], value) if raw.get("text") else Pattern((label.zh,), (label.en,)),
        impression=_pattern(impression, value) if impression else None,
        abnormal=bool(raw.get("abnormal", False)),
        code=_text(raw, "code", value),
    )


def _sentence(raw: Mapping[str, Any]) -> Sentence:
    name = _name(raw, "sentence")
    return Sentence(
        id=name,
        pattern=_pattern(raw, name),
        when=parse_condition(_text(raw, "when", name)),
        paragraph=bool(raw.get("paragraph", False)),
        code=_text(raw, "code", name),
    )


def _pattern(raw: Any, place: str) -> Pattern:
    if not isinstance(raw, Mapping):
        raise Invalid(f"{place}: a sentence is an object with zh and en.")
    words = Words(_text(raw, "zh", place), _text(raw, "en", place))
    if not words.zh or not words.en:
        raise Invalid(f"{place}: a sentence needs its Chinese and its English.")
    return Pattern(_parsed(words.zh), _parsed(words.en))


def _parsed(pattern: str) -> Parts:
    return parse_pattern(pattern)


def _words(raw: Mapping[str, Any], key: str, place: str, *, is_needed: bool = True) -> Words:
    part = _mapping(raw, key, place)
    words = Words(_text(part, "zh", place).strip(), _text(part, "en", place).strip())
    if is_needed and not (words.zh and words.en):
        raise Invalid(f"{place}: {key} is needed in Chinese and English.")
    return words


def _name(raw: Mapping[str, Any], what: str) -> str:
    name = _text(raw, "id", f"a {what}")
    if not FIELD_NAME.fullmatch(name):
        raise Invalid(f"{name!r} cannot name a {what}: small letters, digits and _, at most 40.")
    return name


def _mapping(raw: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    part = raw.get(key)
    if part is None:
        return _NOTHING
    if not isinstance(part, Mapping):
        raise Invalid(f"{place}: {key} is an object.")
    return part


def _each(raw: Mapping[str, Any], key: str, most: int, read: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
    rows = raw.get(key) or []
    if not isinstance(rows, list) or len(rows) > most or not all(isinstance(row, Mapping) for row in rows):
        raise Invalid(f"{key} is a list of at most {most} objects.")
    return (read(row) for row in rows)


def _texts(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    rows = raw.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, str) and 0 < len(row) <= _LONGEST for row in rows):
        raise Invalid(f"{key} is a list of words.")
    return tuple(rows)


def _text(raw: Mapping[str, Any], key: str, place: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Invalid(f"{place}: {key} is a text of at most {_LONGEST} characters.")
    return value


def _number(raw: Mapping[str, Any], key: str, place: str) -> float | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(f"{place}: {key} is a number.")
    return float(value)


def _one_of(value: Any, choices: tuple[str, ...], place: str) -> str:
    if value not in choices:
        raise Invalid(f"{place} is one of {', '.join(repr(one) for one in choices)}.")
    return str(value)
