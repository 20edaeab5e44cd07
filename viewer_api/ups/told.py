"""Reading what clients send: DICOM JSON, by tags or keywords."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import Request
from pydicom.datadict import tag_for_keyword
from starlette.exceptions import HTTPException

from storage.domain.errors import BadRequest
from viewer_api.json_bodies import read_json

_JSON = frozenset({"application/dicom+json", "application/json"})
_TAG_LENGTH = 8


async def sent_dataset(request: Request, *, optional: bool = False) -> dict[str, Any]:
    """The one data set of the body. 415 for another form than DICOM JSON; raises `BadRequest` for what is none."""
    body = await request.body()
    if optional and not body.strip():
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise HTTPException(415, "Workitems are taken as application/dicom+json.")
    found = read_json(body)
    one = found[0] if isinstance(found, list) and len(found) == 1 else found
    if not isinstance(one, dict) or not all(isinstance(element, dict) for element in one.values()):
        raise BadRequest("The body is not one data set in DICOM JSON.")
    return {tag_of(name) or name: element for name, element in one.items()}


def tag_of(name: str) -> str | None:
    """`PatientID` or `00100020` as the tag; None for what is neither."""
    if len(name) == _TAG_LENGTH and all(letter in "0123456789abcdefABCDEF" for letter in name):
        return name.upper()
    number = tag_for_keyword(name)
    return None if number is None else f"{number:08X}"


def text(dataset: Mapping[str, Any], tag: str) -> str:
    """The first value of an attribute as text, empty where there is none; a name by its first group that says something."""
    for one in values(dataset, tag):
        if isinstance(one, Mapping):
            return next(
                (str(one[name]) for name in ("Ideographic", "Alphabetic", "Phonetic") if one.get(name)), ""
            ).strip()
        return str(one).strip() if one is not None else ""
    return ""


def items(dataset: Mapping[str, Any], tag: str) -> Iterator[Mapping[str, Any]]:
    """The items of a sequence."""
    return (one for one in values(dataset, tag) if isinstance(one, Mapping))


def values(dataset: Mapping[str, Any], tag: str) -> list[Any]:
    element = dataset.get(tag)
    found = element.get("Value") if isinstance(element, Mapping) else None
    return found if isinstance(found, list) else []
