"""The query of a search (PS3.18 8.3.4, 10.6.1.2): keys, ranges, names, paging, and what is to be returned."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.tag import Tag

from reading_queue.pinyin import sound_of
from storage.db.queries.web_search_keys import COLUMNS
from storage.domain.errors import BadQuery
from storage.domain.identifiers import is_usable_uid
from storage.domain.matching import Between, Level, Match, OneOf, Wildcard
from storage.domain.web_search import NameKey, WebSearch
from storage.ingest.study_keys import is_hanzi, name_key

MOST, USUAL = 1000, 100
"""The most answers of one page, and how many when nobody says."""

_FARTHEST = 1_000_000
_LONGEST = 4096
_ALL = "all"
_DEEPEST = 8
_DATE = re.compile(r"(\d{8})?(-)?(\d{8})?")
_TIME = re.compile(r"([01]\d|2[0-3])(?:([0-5]\d)(?:([0-5]\d|60)(?:\.(\d{1,6}))?)?)?")
_WHOLE_TIME = "000000000000", "235959999999"
_HEX_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_WITHOUT_TEXT = ("SQ", "O", "UN")
_TEXT_LISTS = frozenset({"CS", "SH", "LO", "AE"})
_UPPER = frozenset({"Modality", "ModalitiesInStudy", "PatientSex", "Laterality"})
_LETTERS = re.compile(r"[^a-z*?]+")

Path = tuple[str, ...]
"""Tags of sequences and of the attribute in the last of them, as in DICOM JSON."""


@dataclass(frozen=True)
class HeaderKey:
    """A key that no column holds: it is looked for in the headers of objects."""

    path: Path
    match: Match


@dataclass(frozen=True)
class WebQuery:
    """A search as it was asked. `include_all`: every attribute that there is; `included`: these as well."""

    search: WebSearch
    in_headers: tuple[HeaderKey, ...] = ()
    included: frozenset[Path] = frozenset()
    include_all: bool = False
    limit: int = USUAL
    offset: int = 0


@dataclass
class _Asked:
    matches: dict[str, Match] = field(default_factory=dict)
    names: tuple[NameKey, ...] = ()
    in_headers: list[HeaderKey] = field(default_factory=list)
    included: set[Path] = field(default_factory=set)
    include_all: bool = False


def parse_query(parameters: Iterable[tuple[str, str]], level: Level, fixed: Mapping[str, str]) -> WebQuery:
    """A query of the resource that `fixed` names by UIDs. Raises `BadQuery`, which names the parameter and no value."""
    several: dict[str, list[str]] = {}
    for name, text in parameters:
        several.setdefault(name, []).append(text)
    fuzzy = _boolean(several.pop("fuzzymatching", []), "fuzzymatching")
    _boolean(several.pop("emptyvaluematching", []), "emptyvaluematching")
    _boolean(several.pop("multiplevaluematching", []), "multiplevaluematching")
    limit = min(_number(several.pop("limit", []), "limit", USUAL), MOST)
    offset = min(_number(several.pop("offset", []), "offset", 0), _FARTHEST)
    for name in ("accept", "charset"):
        several.pop(name, None)
    asked = _Asked()
    _include(several.pop("includefield", []), asked)
    for name, texts in several.items():
        _add_key(name, texts, asked, fuzzy=fuzzy)
    for keyword, uid in fixed.items():
        if asked.matches.get(keyword, OneOf((uid,))) != OneOf((uid,)):
            raise BadQuery(f"{keyword} is part of the address already.")
        asked.matches[keyword] = OneOf((uid,))
    search = WebSearch(level, asked.matches, asked.names)
    return WebQuery(search, tuple(asked.in_headers), frozenset(asked.included), asked.include_all, limit, offset)


def _boolean(texts: list[str], name: str) -> bool:
    if any(text not in ("true", "false") for text in texts) or len(texts) > 1:
        raise BadQuery(f"{name} is true or false, once.")
    return texts == ["true"]


def _number(texts: list[str], name: str, default: int) -> int:
    if not texts:
        return default
    if len(texts) > 1 or not re.fullmatch(r"[0-9]{1,9}", texts[0]):
        raise BadQuery(f"{name} is one whole number, 0 or more.")
    return int(texts[0])


def _include(texts: list[str], asked: _Asked) -> None:
    for text in ",".join(texts).split(","):
        if text.strip() == _ALL:
            asked.include_all = True
        elif text.strip():
            asked.included.add(path_of(text.strip(), "includefield"))


def path_of(text: str, where: str) -> Path:
    """`PatientID`, `00100020`, `RequestAttributesSequence.ScheduledProcedureStepID`. Raises `BadQuery`."""
    path = tuple(_tag(part, where) for part in text.split("."))
    if len(path) > _DEEPEST or any(_vr(tag) != "SQ" for tag in path[:-1]):
        raise BadQuery(f"{where}: only sequences have attributes within.")
    return path


def _tag(text: str, where: str) -> str:
    tag = int(text, 16) if _HEX_TAG.fullmatch(text) else tag_for_keyword(text)
    if tag is None or Tag(tag).is_private or _vr(f"{tag:08X}") is None:
        known = text if text.isalnum() and text.isascii() and len(text) <= 64 else "a name"  # noqa: PLR2004
        raise BadQuery(f"{where}: {known} is no keyword or tag of a standard attribute (PS3.6).")
    return f"{tag:08X}"


def _vr(tag: str) -> str | None:
    try:
        return dictionary_VR(int(tag, 16))
    except KeyError:
        return None


def _add_key(name: str, texts: list[str], asked: _Asked, *, fuzzy: bool) -> None:
    path = path_of(name, "The query")
    vr = _vr(path[-1]) or "UN"
    asked.included.add(path)
    text = _one_text(name, texts, vr)
    if text in ("", "*", '""'):
        return
    if path == ("00100010",):
        asked.names = _names(text, fuzzy=fuzzy)
        return
    keyword = name if not _HEX_TAG.fullmatch(name) else _keyword(path)
    match = _match(name, keyword, vr, text)
    if len(path) == 1 and keyword in COLUMNS:
        asked.matches[keyword] = match
    else:
        asked.in_headers.append(HeaderKey(path, match))


def _one_text(name: str, texts: list[str], vr: str) -> str:
    if vr == "UI":
        return ",".join(text for text in texts if text)
    if len(texts) > 1:
        raise BadQuery(f"{name} stands in the query more than once.")
    if len(texts[0]) > _LONGEST or "\0" in texts[0]:
        raise BadQuery(f"{name} has a value that is too long, or no text.")
    return texts[0].strip()


def _keyword(path: Path) -> str:
    return next((keyword for keyword in COLUMNS if f"{tag_for_keyword(keyword):08X}" == path[-1]), "")


def _match(name: str, keyword: str, vr: str, text: str) -> Match:
    if vr in _BY_VR:
        return _BY_VR[vr](name, text)
    if vr.startswith(_WITHOUT_TEXT):
        raise BadQuery(f"{name} has no value that can be searched for.")
    return _text(text.upper() if keyword in _UPPER else text, vr)


def _text(text: str, vr: str) -> Match:
    values = tuple(part.strip() for part in text.split("\\") if part.strip()) if vr in _TEXT_LISTS else (text,)
    if len(values) == 1 and set(text) & set("*?"):
        return Wildcard(values[0])
    return OneOf(values)


def _uids(name: str, text: str) -> Match:
    values = tuple(part.strip() for part in re.split(r"[,\\]", text) if part.strip())
    if not values or len(values) > MOST or not all(map(is_usable_uid, values)):
        raise BadQuery(f"{name} is a UID, or up to {MOST} of them with commas between.")
    return OneOf(values)


def _integer(name: str, text: str) -> Match:
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise BadQuery(f"{name} is a whole number.")
    return OneOf((str(int(text)),))


def _dates(name: str, text: str) -> Match:
    found = _DATE.fullmatch(text)
    if found is None or not all(_is_date(day) for day in (found[1], found[3]) if day) or not (found[1] or found[3]):
        raise BadQuery(f"{name} is YYYYMMDD, or a range of two such dates with '-' between (PS3.4 C.2.2.2.5).")
    if found[2] is None:
        if found[3]:
            raise BadQuery(f"{name}: two dates have '-' between.")
        return OneOf((found[1],))
    return Between(found[1] or "", found[3] or "")


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _times(name: str, text: str) -> Match:
    first, dash, last = text.partition("-")
    bounds = [_TIME.fullmatch(part.replace(":", "")) if part else None for part in (first, last if dash else first)]
    if any(part and bound is None for part, bound in zip((first, last), bounds, strict=True)) or not any(bounds):
        raise BadQuery(f"{name} is HHMMSS.FFFFFF or the beginning of it, or a range of two with '-' between.")
    return Between(_filled(bounds[0], _WHOLE_TIME[0]), _filled(bounds[1], _WHOLE_TIME[1]))


def _filled(found: re.Match[str] | None, rest: str) -> str:
    """A time of less than full precision stands for all that begins with it; as `study_time` is kept."""
    if found is None:
        return ""
    digits = "".join(part for part in found.groups() if part)
    digits += rest[len(digits) :]
    return f"{digits[:6]}.{digits[6:]}"


_BY_VR: Mapping[str, Callable[[str, str], Match]] = {
    "DA": _dates,
    "TM": _times,
    "UI": _uids,
    "IS": _integer,
    "US": _integer,
    "UL": _integer,
    "SS": _integer,
    "SL": _integer,
}


def _names(text: str, *, fuzzy: bool) -> tuple[NameKey, ...]:
    """Characters are compared as characters, letters also as pinyin: zhangsan, zhāng sān, Zhang^San, zs.

    Fuzzy: every word for itself, at any place of the name, and characters by their sound too.
    """
    if not fuzzy:
        return (NameKey(name_key(text), _sound(text)),)
    words = [word for word in re.split(r"[\s^=,]+", text) if word.strip("*?")]
    if not words:
        return ()
    return tuple(_anywhere(word) for word in words)


def _anywhere(word: str) -> NameKey:
    sound = sound_of(word).full if any(map(is_hanzi, word)) else _sound(word)
    return NameKey(f"*{name_key(word)}*", f"*{sound}*" if sound else "")


def _sound(text: str) -> str:
    """Pinyin as it is kept, with the wildcards: without tones, spaces and case; empty where there are characters."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    if any(map(is_hanzi, plain)):
        return ""
    plain = plain.replace("u\u0308", "v").replace("u:", "v").replace("lyu", "lv").replace("nyu", "nv")
    letters = _LETTERS.sub("", "".join(one for one in plain if not unicodedata.combining(one)))
    return letters if letters.strip("*?") else ""
