"""What a study is searched by (PS3.4 C.6.2.1), taken from the DICOM JSON of one of its objects. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
_TIME = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(\.\d{1,6})?")
_BETWEEN_COMPONENTS = re.compile(r"[\s^]+")
_MAX = 256
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")

DicomJson = Mapping[str, Any]


def study_keys(model: DicomJson) -> dict[str, str]:
    """The columns of `Study` that C-FIND matches and returns beside those that everybody uses."""
    name = _first(model, "00100010")
    groups = name if isinstance(name, dict) else {}
    return {
        "study_date": date_key(_text(model, "00080020")),
        "study_time": time_key(_text(model, "00080030")),
        "dicom_study_id": _text(model, "00200010"),
        "referring_physician": person_name(_first(model, "00080090")),
        "patient_name": person_name(name),
        "name_alphabetic": name_key(str(groups.get("Alphabetic") or "")),
        "name_ideographic": name_key(str(groups.get("Ideographic") or "")),
    }


def name_key(text: str) -> str:
    """A component group of a person name as names are compared: without case, width and separators.

    Wildcards (PS3.4 C.2.2.2.4) stay. What is Chinese has no spaces at all, for some write them and some do not.
    """
    plain = unicodedata.normalize("NFKC", text[:_MAX]).casefold()
    between = "" if any(is_hanzi(letter) for letter in plain) else " "
    return _BETWEEN_COMPONENTS.sub(between, plain).strip()


def is_hanzi(letter: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"


def date_key(text: str) -> str:
    """A DA as YYYYMMDD, from ACR-NEMA's and other forms too; empty when it is none."""
    match = _DATE.fullmatch(text.strip())
    return "".join(match.groups()) if match else ""


def time_key(text: str) -> str:
    """A TM as HHMMSS.FFFFFF with what it tells, missing parts zero; empty when it is none."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return ""
    hours, minutes, seconds, fraction = match.groups()
    return f"{hours}{minutes or '00'}{seconds or '00'}{(fraction or '.').ljust(7, '0')}"


def person_name(value: object) -> str:
    """A PN of DICOM JSON (PS3.18 F.2.2) in the form of PS3.5 6.2.1."""
    if not isinstance(value, Mapping):
        return ""
    return "=".join(str(value.get(group) or "") for group in _GROUPS).rstrip("=")[:_MAX]


def _first(model: DicomJson, tag: str) -> Any:
    values = model.get(tag, {}).get("Value") or [None]
    return values[0]


def _text(model: DicomJson, tag: str) -> str:
    value = _first(model, tag)
    return "" if value is None or isinstance(value, dict) else str(value).strip()[:_MAX]
