"""Keys that no column holds, matched against headers in DICOM JSON (PS3.4 C.2.2.2, PS3.18 annex F)."""

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import lru_cache
from typing import Any

from storage.domain.matching import Match, OneOf, Wildcard
from viewer_api.dicomweb.query import HeaderKey, Path

DicomJson = dict[str, Any]


def fits_header(key: HeaderKey, header: DicomJson) -> bool:
    """Whether one of the values under the path is what the key wants, in any item of the sequences on the way."""
    return any(_fits(key.match, text) for text in _texts(key.path, header))


def _texts(path: Path, header: DicomJson) -> Iterator[str]:
    values = header.get(path[0], {}).get("Value") or []
    if len(path) > 1:
        for item in values:
            if isinstance(item, dict):
                yield from _texts(path[1:], item)
        return
    for value in values:
        if isinstance(value, dict):
            yield from (str(part) for part in value.values())
        elif value is not None:
            yield str(value)


def _fits(match: Match, text: str) -> bool:
    if isinstance(match, OneOf):
        return text.casefold() in {value.casefold() for value in match.values}
    if isinstance(match, Wildcard):
        return _pattern(match.pattern).fullmatch(text) is not None
    return (not match.first or text >= match.first) and (not match.last or text <= match.last)


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    """Of PS3.4 C.2.2.2.4. `translate` writes each `*` so that no part of the text is tried twice, whatever somebody asks."""
    return re.compile(translate(text.replace("[", "[[]")), re.IGNORECASE)


def selected(path: Path, header: DicomJson) -> DicomJson:
    """The attribute under the path with nothing else in the sequences on the way; empty when it is not there."""
    found = header.get(path[0])
    if found is None:
        return {}
    if len(path) == 1:
        return {path[0]: found}
    items = [selected(path[1:], item) for item in found.get("Value") or [] if isinstance(item, dict)]
    return {path[0]: {"vr": "SQ", "Value": items}}


def merged(one: DicomJson, other: DicomJson) -> DicomJson:
    """Both, item by item where they share a sequence."""
    result = dict(one)
    for tag, attribute in other.items():
        known = result.get(tag)
        if known is not None and known.get("vr") == "SQ" and attribute.get("vr") == "SQ":
            pairs = zip(known.get("Value", []), attribute.get("Value", []), strict=False)
            result[tag] = {"vr": "SQ", "Value": [merged(first, second) for first, second in pairs]}
        else:
            result[tag] = attribute
    return result
