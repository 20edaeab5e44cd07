"""The structured part of a report: which template, which edition, and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from reading_queue.ecg.catalogue import stated
from reading_queue.templates.model import Language, Template
from reading_queue.templates.parsing import parse_template
from reading_queue.templates.rendering import render
from reading_queue.templates.shipped import shipped_templates
from storage.db.queries import templates as queries
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound


@dataclass(frozen=True)
class Structure:
    """Values of a template over its defaults. `template` is a number, or the key of a shipped template."""

    template: str
    version: int
    language: Language = "zh"
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """What a draft keeps; None when it was not made from a template."""
        if not stored:
            return None
        language: Language = "en" if stored["language"] == "en" else "zh"
        return cls(stored["template"], stored["version"], language, stored["values"])

    def as_json(self) -> dict[str, Any]:
        return {
            "template": self.template,
            "version": self.version,
            "language": self.language,
            "values": dict(self.values),
        }


@dataclass(frozen=True)
class Named:
    """A template as reports name it."""

    key: str
    template: Template


def named(work: UnitOfWork, template: str, version: int) -> Named:
    """That edition of a template, also when it is not in use any more. Raises `NotFound`."""
    if template.isdecimal():
        row = queries.template_row(work, int(template))
        edition = queries.template_edition(work, row.id, version)
        return Named(row.key, parse_template(edition.content))
    shipped = shipped_templates().get(template)
    if shipped is None:
        raise NotFound(f"There is no template {template}.")
    return Named(shipped.key, shipped.template)


def check(work: UnitOfWork, structure: Structure | None) -> None:
    """Raise `NotFound` for a template or an edition that is none, and `Invalid` for values that it cannot hold."""
    if structure is not None:
        render(named(work, structure.template, structure.version).template, structure.values, structure.language)


def sealed(work: UnitOfWork, structure: Structure | None) -> dict[str, Any] | None:
    """The structured part as it is signed: all values, defaults included, null for what was emptied, the classifications by their names,
    and the statements with their codes.
    """
    if structure is None:
        return None
    found = named(work, structure.template, structure.version)
    said = render(found.template, structure.values, structure.language)
    return {
        "template": structure.template,
        "key": found.key,
        "version": structure.version,
        "title": {"zh": found.template.title.zh, "en": found.template.title.en},
        "language": structure.language,
        "values": {**said.values, **{name: None for name in structure.values if name not in said.values}},
        "classes": dict(said.classes),
        **({"statements": stated(said.statements)} if said.statements else {}),
    }
