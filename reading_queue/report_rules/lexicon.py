"""The word lists of the writing rules and how strict each rule is: part of the chapter QUALITY."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reading_queue.report_rules.report import Rule, Severity
from storage.domain.errors import Invalid

Words = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """What the rules look for. `foreign` is by modality: words of another kind of exam; `longest_cm` by the part measured."""

    severity: Mapping[Rule, Severity]
    male_only: Words
    female_only: Words
    child_only: Words
    adult_only: Words
    normal: Words
    abnormal: Words
    described: Words
    critical: Words
    organs: Words
    not_a_side: Words
    foreign: Mapping[str, Words]
    longest_cm: Mapping[str, float]
    placeholders: Words

    def strictness(self, rule: Rule) -> Severity:
        """How strict the rule is; one that the county does not name warns."""
        return self.severity.get(rule, Severity.WARNS)


_LISTS = (
    "male_only",
    "female_only",
    "child_only",
    "adult_only",
    "normal",
    "abnormal",
    "described",
    "critical",
    "organs",
    "not_a_side",
    "placeholders",
)


def parse_lexicon(content: Mapping[str, Any]) -> Lexicon:
    """The lists out of JSON. Raises `Invalid` naming what is wrong."""
    words = content.get("words")
    if not isinstance(words, Mapping):
        raise Invalid("report_rules.words must hold the word lists.")
    lists = {name: _words(words.get(name), f"words.{name}") for name in _LISTS}
    foreign = _mapping(words.get("foreign"), "words.foreign")
    longest = _mapping(content.get("longest_cm"), "longest_cm")
    return Lexicon(
        severity=_severity(_mapping(content.get("severity"), "severity")),
        foreign={modality: _words(value, f"words.foreign.{modality}") for modality, value in foreign.items()},
        longest_cm={part: _positive(value, f"longest_cm.{part}") for part, value in longest.items()},
        **lists,
    )


def _severity(content: Mapping[str, Any]) -> dict[Rule, Severity]:
    try:
        return {Rule(code): Severity(how) for code, how in content.items()}
    except ValueError as error:
        rules, ways = ", ".join(Rule), ", ".join(Severity)
        raise Invalid(f"report_rules.severity: the rules are {rules}; each is one of {ways}.") from error


def _words(value: object, where: str) -> Words:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise Invalid(f"report_rules.{where} must be a list of words, none of them empty.")
    return tuple(word.strip() for word in value)


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid(f"report_rules.{where} must be an object.")
    return value


def _positive(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Invalid(f"report_rules.{where} must be a number above 0.")
    return float(value)
