"""Which form of FHIR a client wants, and what it sends (R4 3.1.0.1.8): JSON alone is spoken here."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from storage.domain.canonical import sha256_hex
from storage.domain.errors import BadRequest
from viewer_api.fhir.outcomes import FHIR_JSON
from viewer_api.fhir.terms import Resource
from viewer_api.http import matches, not_modified
from viewer_api.json_bodies import read_json

_TAKEN = frozenset({"application/fhir+json", "application/json", "text/json", "application/*", "*/*", "json", ""})
_SENT = frozenset({"application/fhir+json", "application/json", "text/json"})
FORM = "application/x-www-form-urlencoded"


def require_json(request: Request) -> None:
    """406 unless the client takes JSON; `_format` comes before Accept."""
    asked = request.query_params.get("_format")
    accepted = [asked] if asked is not None else request.headers.get("accept", "").split(",")
    if not any(_is_taken(one) for one in accepted):
        raise HTTPException(406, "Resources are sent as application/fhir+json.")


def _is_taken(text: str) -> bool:
    kind, _, parameters = text.replace(" ", "+", 1).partition(";")
    refused = any(part.strip().replace(" ", "") in ("q=0", "q=0.0") for part in parameters.split(";"))
    return kind.strip("+ ").lower() in _TAKEN and not refused


async def sent_resource(request: Request) -> Resource:
    """The resource in the body. 415 for another form than JSON; raises `BadRequest` for JSON that is broken."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _SENT:
        raise HTTPException(415, "Resources are taken as application/fhir+json.")
    found = read_json(await request.body())
    if not isinstance(found, dict):
        raise BadRequest("The body is not a resource.")
    return found


def resource_answer(request: Request, resource: Resource, status: int = 200, location: str = "") -> Response:
    """A resource with its ETag and Last-Modified; 304 to a reader who has it already."""
    etag, headers = etag_of(resource), {"Cache-Control": "private, no-cache"}
    headers["ETag"] = etag
    if updated := resource.get("meta", {}).get("lastUpdated"):
        moment = datetime.fromisoformat(updated).astimezone(UTC)
        headers["Last-Modified"] = format_datetime(moment, usegmt=True)
    if location:
        headers["Location"] = location
    if request.method == "GET" and matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    minimal = request.method != "GET" and "return=minimal" in request.headers.get("prefer", "")
    return json_answer(None if minimal else resource, status, headers)


def etag_of(resource: Resource) -> str:
    """Of the version where resources have versions, of what it says where they have none."""
    version = resource.get("meta", {}).get("versionId")
    if version is not None and resource["resourceType"] == "ServiceRequest":
        return f'W/"{version}"'
    return f'W/"{sha256_hex(json.dumps(resource, sort_keys=True).encode())[:24]}"'


def json_answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = b"" if content is None else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, headers, FHIR_JSON)
