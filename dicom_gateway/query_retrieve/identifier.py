"""The identifier of a request (PS3.4 C.4.1.1.3, C.4.2.1.4): from outside bytes to what is asked of the catalogue. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from pydicom.filereader import read_dataset
from pydicom.uid import UID

from dicom_gateway.query_retrieve.keys import (
    ALWAYS_GIVEN,
    ISSUER,
    KEYS,
    LEVEL,
    UNIQUE_KEYS,
    Kind,
    QueryKey,
    is_within,
    levels_above,
)
from storage.domain.errors import CountyReadError
from storage.domain.identifiers import is_usable_uid
from storage.domain.matching import Between, Level, Match, OneOf, Query, Wildcard
from storage.ingest.charset import TextReading, choose_reading
from storage.ingest.json_model import dicom_json
from storage.ingest.json_values import SPECIFIC_CHARACTER_SET, DicomJson
from storage.ingest.study_keys import date_key, name_key, time_key

_LARGEST = 4 << 20
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_MOST_VALUES = 10_000
_END_OF_TIME = "235959.999999"


class BadIdentifier(CountyReadError):
    """It breaks the rules of the information model; the message is an Error Comment (at most 64 characters)."""

    code = "bad_identifier"


@dataclass(frozen=True)
class Identifier:
    """A request's identifier: VR by tag of what it asks for, and what it asks of the catalogue.

    `charset` are the defined terms that it declares. `is_partly_matched` says that some keys have values that are not matched.
    """

    query: Query
    vrs: Mapping[str, str]
    charset: tuple[str, ...]
    is_partly_matched: bool


def read_query(encoded: bytes, syntax: UID, *, top: Level, assumed_charset: str) -> Identifier:
    """For C-FIND, in the information model whose highest level is `top`. Raises `BadIdentifier`."""
    model, charset = _decode(encoded, syntax, assumed_charset)
    level = _level(model, top)
    matches = dict(_above(model, level, top))
    passed_over = False
    for tag, element in model.items():
        values = _values(element)
        key = KEYS.get(tag)
        if tag in ALWAYS_GIVEN or not values:
            continue
        if key is None or not is_within(key.level, level):
            passed_over = True
        elif key.keyword not in matches:
            match = _match(key, values)
            if match is not None:
                matches[key.keyword] = match
    query = Query(level, matches, frozenset(model))
    return Identifier(query, {tag: str(element["vr"]) for tag, element in model.items()}, charset, passed_over)


def read_selection(encoded: bytes, syntax: UID, *, top: Level) -> Query:
    """For C-MOVE and C-GET: unique keys only, a single one above the level (PS3.4 C.4.2.1.4.1), and who issued a Patient ID.

    Raises `BadIdentifier`.
    """
    model, _ = _decode(encoded, syntax, "")
    level = _level(model, top)
    matches = dict(_above(model, level, top))
    key = KEYS[UNIQUE_KEYS[level]]
    match = _match(key, _values(model.get(UNIQUE_KEYS[level], {})))
    if not isinstance(match, OneOf):
        raise BadIdentifier(f"{key.keyword} must be given at this level.")
    matches[key.keyword] = match
    issuer = _match(KEYS[ISSUER], _values(model.get(ISSUER, {})))
    return Query(level, matches | ({KEYS[ISSUER].keyword: issuer} if isinstance(issuer, OneOf) else {}))


def _decode(encoded: bytes, syntax: UID, assumed_charset: str) -> tuple[DicomJson, tuple[str, ...]]:
    if len(encoded) > _LARGEST:
        raise BadIdentifier("The identifier is too long.")
    try:
        data_set = read_dataset(BytesIO(encoded), syntax.is_implicit_VR, syntax.is_little_endian)
        raw: Any = data_set.get_item(SPECIFIC_CHARACTER_SET)
        charset = _terms(raw.value if raw is not None and isinstance(raw.value, bytes) else b"")
        model, _ = dicom_json(data_set, lambda element: element.value, partial(_choose, assumed_charset))
    except Exception as error:  # a parser of outside bytes: pydicom raises many types on damage
        raise BadIdentifier("The identifier cannot be read.") from error
    return model, charset


def _choose(assumed: str, declared: bytes, texts: Sequence[bytes]) -> TextReading:
    return choose_reading(_terms(declared), texts, assumed)


def _terms(declared: bytes) -> tuple[str, ...]:
    terms = tuple(term.strip("\x00 ") for term in declared.decode("ascii", "replace").split("\\"))
    return terms if any(terms) else ()


def _level(model: DicomJson, top: Level) -> Level:
    values = _values(model.get(LEVEL, {}))
    allowed = [level for level in Level if is_within(top, level)]
    found = next((level for level in allowed if values and str(values[0]).upper() == level), None)
    if found is None:
        raise BadIdentifier(f"Query/Retrieve Level must be {', '.join(allowed)}.")
    return found


def _above(model: DicomJson, level: Level, top: Level) -> Iterator[tuple[str, Match]]:
    """The single value in the unique key of each level above (PS3.4 C.4.1.2.1)."""
    for upper in levels_above(level):
        if is_within(top, upper):
            key = KEYS[UNIQUE_KEYS[upper]]
            match = _match(key, _values(model.get(UNIQUE_KEYS[upper], {})))
            if not isinstance(match, OneOf) or len(match.values) != 1:
                raise BadIdentifier(f"{key.keyword} must have a single value below its level.")
            yield key.keyword, match


def _values(element: Mapping[str, Any]) -> list[Any]:
    values = [value for value in element.get("Value", []) if value not in (None, "", {})]
    if len(values) > _MOST_VALUES:
        raise BadIdentifier("A key has too many values.")
    return [element["InlineBinary"]] if element.get("InlineBinary") else values


def _match(key: QueryKey, values: list[Any]) -> Match | None:
    """None for universal matching: no value, or an asterisk alone."""
    if key.kind in (Kind.NAME, Kind.PHYSICIAN):
        texts = [_name(key.kind, value) for value in values]
    else:
        texts = [str(value).strip() for value in values if not isinstance(value, dict)]
    texts = [text for text in texts if text.strip("*")]
    if not texts:
        return None
    if key.kind is Kind.DATE:
        return _range(key, texts[0], date_key, date_key)
    if key.kind is Kind.TIME:
        return _range(key, texts[0], time_key, _end_of)
    return _plain(key, texts)


def _plain(key: QueryKey, texts: list[str]) -> Match:
    if key.kind is Kind.UID and not all(map(is_usable_uid, texts)):
        raise BadIdentifier(f"{key.keyword} is not a UID or a list of them.")
    if key.kind is Kind.NUMBER and not all(map(_NUMBER.fullmatch, texts)):
        raise BadIdentifier(f"{key.keyword} is not a number.")
    if key.kind is Kind.CODE:
        texts = [text.upper() for text in texts]
    if len(texts) == 1 and ("*" in texts[0] or "?" in texts[0]):
        return Wildcard(texts[0])
    return OneOf(tuple(dict.fromkeys(texts)))


def _name(kind: Kind, value: Any) -> str:
    groups = value if isinstance(value, dict) else {"Alphabetic": str(value)}
    told = [text for group in ("Ideographic", "Alphabetic") if (text := str(groups.get(group) or "").strip("*"))]
    if not told:
        return ""
    text = str(groups.get("Ideographic") if str(groups.get("Ideographic") or "").strip("*") else groups["Alphabetic"])
    return name_key(text) if kind is Kind.NAME else text.casefold()


def _range(key: QueryKey, text: str, begin: Any, end: Any) -> Match:
    if key.kind is Kind.DATE and begin(text):
        return OneOf((begin(text),))
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not dash:
        last = first
    low, high = begin(first) if first else "", end(last) if last else ""
    if (first and not low) or (last and not high) or not (low or high):
        raise BadIdentifier(f"{key.keyword} is neither a value nor a range.")
    return Between(low, high)


def _end_of(text: str) -> str:
    """The last moment that a TM of less than full precision means."""
    told = text.replace(":", "")
    key = time_key(text)
    return told + _END_OF_TIME[len(told) :] if key and len(told) < len(_END_OF_TIME) else key
