"""What the product ships: one JSON file a template, and the phrases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from reading_queue.ecg.catalogue import Statement, statements
from reading_queue.templates.model import Template
from reading_queue.templates.parsing import parse_template

FORMAT: Final = "countyread-template-1"
_FOLDER = Path(__file__).parent
_PHRASES = "phrases.json"
_ECG_STATEMENTS = "ecg_statements"


@dataclass(frozen=True)
class ShippedTemplate:
    """A template of the product; `version` grows when the product changes what it says."""

    key: str
    version: int
    content: Mapping[str, Any]
    template: Template


@cache
def shipped_templates() -> Mapping[str, ShippedTemplate]:
    """By key."""
    files = sorted(path for path in _FOLDER.glob("*.json") if path.name != _PHRASES)
    return {one.key: one for one in map(_read, files)}


@cache
def shipped_phrases() -> tuple[Mapping[str, Any], ...]:
    """As their file has them."""
    return tuple(json.loads((_FOLDER / _PHRASES).read_text(encoding="utf-8")))


def _read(path: Path) -> ShippedTemplate:
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["content"]["fields"] = [_with_options(field) for field in raw["content"]["fields"]]
    return ShippedTemplate(raw["key"], raw["version"], raw["content"], parse_template(raw["content"]))


def _with_options(field: dict[str, Any]) -> dict[str, Any]:
    """A field that offers a catalogue has its entries as options."""
    if field.get("options_from") != _ECG_STATEMENTS:
        return field
    options = [_option(one) for one in statements().values() if one.group != "overall"]
    return {**{name: value for name, value in field.items() if name != "options_from"}, "options": options}


def _option(one: Statement) -> dict[str, Any]:
    return {
        "value": one.code,
        "code": one.code,
        "initials": one.initials,
        "label": {"zh": one.zh, "en": one.en},
        "impression": {"zh": f"{one.zh}。", "en": f"{one.en}."},
        "abnormal": one.abnormal,
    }
