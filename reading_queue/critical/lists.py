"""Lists of critical findings: by modality and province, each item with its source. What comes shipped is in `shipped`."""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pypinyin import Style, lazy_pinyin

from storage.domain.critical import Basis
from storage.domain.errors import Invalid

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


_BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")


@dataclass(frozen=True)
class Threshold:
    """A number that must be reached: `measure` in `unit`."""

    measure: str
    compare: str
    value: float
    unit: str

    def is_met(self, measured: Mapping[str, float]) -> bool:
        return self.measure in measured and _COMPARE[self.compare](measured[self.measure], self.value)


@dataclass(frozen=True)
class Finding:
    """One finding of a list. With `statements` a machine must make one of them; without either only people judge."""

    code: str
    name: str
    name_en: str
    source: str
    thresholds: tuple[Threshold, ...] = ()
    statements: tuple[str, ...] = ()

    @cached_property
    def spoken_names(self) -> tuple[str, ...]:
        """The names as people write them in a report: without what stands in brackets."""
        return tuple(name for name in (_BRACKETS.sub("", one).strip() for one in (self.name, self.name_en)) if name)

    @cached_property
    def pinyin(self) -> str:
        """How the name sounds, without tones."""
        return _letters(self.spoken_names[0], Style.NORMAL)

    @cached_property
    def initials(self) -> str:
        """First letters of the name's syllables, as people type them: jxncx for 急性脑出血."""
        return _letters(self.spoken_names[0], Style.FIRST_LETTER)

    def is_measured(self, measured: Mapping[str, float], stated: Collection[str]) -> bool:
        """Whether what a machine measured and stated makes this finding by itself."""
        if not self.thresholds and not self.statements:
            return False
        named = not self.statements or not set(self.statements).isdisjoint(stated)
        return named and all(threshold.is_met(measured) for threshold in self.thresholds)


def _letters(name: str, style: Style) -> str:
    # Physicians say xuè for blood where everyday words say xiě.
    sound = "".join(lazy_pinyin(name.replace("血", "雪"), style=style, errors="default")).lower()
    return "".join(letter for letter in sound if letter.isascii() and letter.isalnum())


@dataclass(frozen=True)
class FindingList:
    """A list as one authority gives it. `modalities` are DICOM's; `province` is empty for a national list."""

    key: str
    version: str
    name: str
    name_en: str
    province: str
    modalities: frozenset[str]
    basis: Basis
    source: str
    findings: tuple[Finding, ...]


def findings_for(lists: Iterable[FindingList], modality: str) -> Iterator[tuple[FindingList, Finding]]:
    """What the lists name for this modality; a code that two lists share is the first one's."""
    seen: set[str] = set()
    for one in lists:
        if modality not in one.modalities:
            continue
        for finding in one.findings:
            if finding.code not in seen:
                seen.add(finding.code)
                yield one, finding


def named_in(lists: Iterable[FindingList], modality: str, words: str) -> tuple[FindingList, Finding] | None:
    """The finding whose name stands in these words; of several the longest name."""
    text = words.casefold()
    found = [
        (len(name), one, finding)
        for one, finding in findings_for(lists, modality)
        for name in finding.spoken_names
        if name.casefold() in text
    ]
    return max(found, key=lambda entry: entry[0])[1:] if found else None


def require_known(content: Mapping[str, Any], *names: str) -> None:
    """Raise `Invalid` for a field that is not known: a misspelt one would be silently without effect."""
    unknown = sorted(set(content) - set(names))
    if unknown:
        raise Invalid(f"The rules for critical values know no field {unknown[0]}.")


def parse_list(content: Mapping[str, Any]) -> FindingList:
    """A list out of JSON. Raises `Invalid` naming what is wrong."""
    try:
        require_known(content, *_LIST_FIELDS)
        return FindingList(
            key=_word(content, "key"),
            version=_word(content, "version"),
            name=_word(content, "name"),
            name_en=str(content.get("name_en", "")),
            province=str(content.get("province", "")),
            modalities=frozenset(map(str, content["modalities"])),
            basis=Basis(content.get("basis", Basis.DISCOVERED)),
            source=_word(content, "source"),
            findings=_findings(content),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"A list of critical values cannot be read: {error}.") from error


_LIST_FIELDS = ("key", "version", "name", "name_en", "province", "modalities", "basis", "source", "findings")


def _findings(content: Mapping[str, Any]) -> tuple[Finding, ...]:
    found = tuple(_finding(one, _word(content, "source")) for one in content["findings"])
    codes = [one.code for one in found]
    if not found or len(codes) != len(set(codes)):
        raise Invalid(f"The list {content['key']} is empty, or has a code twice.")
    return found


def _finding(content: Mapping[str, Any], source: str) -> Finding:
    require_known(content, "code", "name", "name_en", "source", "thresholds", "statements")
    return Finding(
        code=_word(content, "code"),
        name=_word(content, "name"),
        name_en=str(content.get("name_en", "")),
        source=str(content.get("source") or source),
        thresholds=tuple(_threshold(one) for one in content.get("thresholds", ())),
        statements=tuple(map(str, content.get("statements", ()))),
    )


def _threshold(content: Mapping[str, Any]) -> Threshold:
    require_known(content, "measure", "compare", "value", "unit")
    compare = str(content["compare"])
    if compare not in _COMPARE:
        raise Invalid(f"A threshold compares with one of {', '.join(_COMPARE)}, not {compare}.")
    return Threshold(_word(content, "measure"), compare, float(content["value"]), str(content.get("unit", "")))


def _word(content: Mapping[str, Any], field: str) -> str:
    value = content[field]
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f"A list of critical values lacks a {field}.")
    return value.strip()
