"""Reading what clients send: DICOM JSON, by tags or keywords, or the Native DICOM Model in XML (PS3.19 A.1)."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import Request
from pydicom.datadict import tag_for_keyword
from starlette.exceptions import HTTPException

from storage.domain.errors import BadRequest, BrokenMultipart, UnreadableObject
from storage.ingest.opening import Readable
from viewer_api.dicomweb.media_types import JSON, RELATED, XML
from viewer_api.dicomweb.multipart_reader import MediaType, read_parts
from viewer_api.dicomweb.native_xml import from_xml
from viewer_api.json_bodies import read_json

_CHUNK = 64 << 10

_JSON = frozenset({JSON, "application/json"})
_XML = frozenset({XML, "application/xml", "text/xml"})
_TAG_LENGTH = 8


async def sent_dataset(request: Request, *, optional: bool = False) -> dict[str, Any]:
    """The one data set of the body. 415 for neither DICOM JSON nor the Native DICOM Model; raises `BadRequest` for what is none."""
    body = await request.body()
    if optional and not body.strip():
        return {}
    kind = MediaType.parse(request.headers.get("content-type", ""))
    if kind.type == RELATED:
        kind, body = _only_part(body, kind)
    if kind.type in _JSON:
        return _of_json(body)
    if kind.type in _XML:
        return _of_xml(body)
    raise HTTPException(415, f"Workitems are taken as {JSON} or {XML}, alone or as the only part of a {RELATED}.")


def _only_part(body: bytes, kind: MediaType) -> tuple[MediaType, bytes]:
    try:
        parts = [
            (part.media_type, _all_of(part.content))
            for part in read_parts(io.BytesIO(body), kind.parameters.get("boundary", ""))
        ]
    except BrokenMultipart as error:
        raise BadRequest(error.message) from None
    if len(parts) != 1:
        raise BadRequest("A workitem is one part.")
    return parts[0]


def _all_of(content: Readable) -> bytes:
    return b"".join(iter(lambda: content.read(_CHUNK), b""))


def _of_json(body: bytes) -> dict[str, Any]:
    found = read_json(body)
    one = found[0] if isinstance(found, list) and len(found) == 1 else found
    if not isinstance(one, dict) or not all(isinstance(element, dict) for element in one.values()):
        raise BadRequest("The body is not one data set in DICOM JSON.")
    return {tag_of(name) or name: element for name, element in one.items()}


def _of_xml(body: bytes) -> dict[str, Any]:
    try:
        return from_xml(body)
    except UnreadableObject as error:
        raise BadRequest(error.message) from None


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
