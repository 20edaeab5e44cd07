"""Values into the words of a report. Never evaluates anything, and gives plain text, never markup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reading_queue.templates.conditions import holds
from reading_queue.templates.model import Field, Language, Option, Pattern, Sentence, Template
from reading_queue.templates.patterns import fill
from reading_queue.templates.values import Filled, filled, plain_word

_BETWEEN_SENTENCES: Mapping[Language, str] = {"zh": "", "en": " "}


@dataclass(frozen=True)
class Said:
    """One sentence of a report; `id` is that of the template's sentence, or `field.option` for an option's own line."""

    id: str
    text: str
    paragraph: bool = False
    code: str = ""


@dataclass(frozen=True)
class Rendered:
    """A report in words. `positive` is whether any value is abnormal; `classes` are the classifications in it,
    `statements` the codes of what was chosen and said, each once.
    """

    findings: tuple[Said, ...]
    impression: tuple[Said, ...]
    positive: bool
    values: Mapping[str, Any]
    classes: Mapping[str, str]
    statements: tuple[str, ...]
    language: Language

    @property
    def findings_text(self) -> str:
        lines: list[str] = []
        for said in self.findings:
            if said.paragraph or not lines:
                lines.append(said.text)
            else:
                lines[-1] += _BETWEEN_SENTENCES[self.language] + said.text
        return "\n".join(lines)

    @property
    def impression_text(self) -> str:
        """Line by line, numbered when there are several."""
        lines = [said.text for said in self.impression]
        return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) if len(lines) > 1 else "".join(lines)


def render(template: Template, values: Mapping[str, Any], language: Language) -> Rendered:
    """What the template says about `values` over its defaults. Raises `Invalid` for values that it cannot hold."""
    facts = filled(template, values)
    impression = (*_option_lines(facts, language), *_sentences(template.impression, facts, language))
    return Rendered(
        findings=tuple(_sentences(template.findings, facts, language)),
        impression=impression,
        positive=facts.is_abnormal(""),
        values=dict(facts.values),
        classes={
            field.coding: str(facts.values[field.id])
            for field in template.fields
            if field.coding and field.id in facts.values
        },
        statements=tuple(dict.fromkeys((*_chosen_codes(facts), *(said.code for said in impression if said.code)))),
        language=language,
    )


def _chosen_codes(facts: Filled) -> Iterator[str]:
    """In the order of the fields."""
    for field in facts.template.fields:
        yield from (option.code for option in _chosen(field, facts) if option.code)


def _sentences(sentences: tuple[Sentence, ...], facts: Filled, language: Language) -> Iterator[Said]:
    for sentence in sentences:
        if holds(sentence.when, facts):
            text = fill(sentence.pattern.said(language), lambda name: _word(facts, name, language)).strip()
            if text:
                yield Said(sentence.id, text, sentence.paragraph, sentence.code)


def _option_lines(facts: Filled, language: Language) -> Iterator[Said]:
    """The lines of chosen options, in the order of the fields."""
    for field in facts.template.fields:
        for option in _chosen(field, facts):
            if option.impression is not None:
                text = _inside(option.impression, facts, language).strip()
                if text:
                    yield Said(f"{field.id}.{option.value}", text)


def _chosen(field: Field, facts: Filled) -> list[Option]:
    chosen = facts.chosen(field.id)
    return [option for option in field.options if option.value in chosen]


def _word(facts: Filled, name: str, language: Language) -> str:
    field, value = facts.template.field(name), facts.values.get(name)
    if field is None or value is None:
        return ""
    options = _chosen(field, facts)
    if not options:
        return plain_word(field, value, language)
    said = [text for option in options if (text := _inside(option.text, facts, language))]
    return {"zh": "、", "en": ", "}[language].join(said)


def _inside(pattern: Pattern, facts: Filled, language: Language) -> str:
    """An option's sentence: the fields in it are told by their names, so that no sentence goes round in a circle."""

    def word(name: str) -> str:
        field, value = facts.template.field(name), facts.values.get(name)
        return "" if field is None or value is None else plain_word(field, value, language)

    return fill(pattern.said(language), word)
