"""Retrieve Capabilities (PS3.18 8.9): what this service has, in WADL or as JSON, made from the description of the routes."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, FastAPI, Request, Response

from storage.db.queries.web_search_keys import COLUMNS
from storage.domain.errors import NotAcceptable
from viewer_api.dependencies import CallerDep
from viewer_api.dicomweb.answers import root_of
from viewer_api.dicomweb.encoding import ENCODED
from viewer_api.dicomweb.media_types import accepted, first_of
from viewer_api.dicomweb.transfer_syntaxes import RAW
from viewer_api.openapi import Responses, refusals

router = APIRouter(prefix="/dicomweb", tags=["dicomweb"])

WADL, _JSON = "application/vnd.sun.wadl+xml", "application/json"
_OFFERED = (WADL, "application/xml", "text/xml", _JSON, "application/dicom+json")
_NAMESPACE = "http://wadl.dev.java.net/2009/02"
_SEARCH = ("limit", "offset", "fuzzymatching", "includefield")
_RENDER = ("window", "viewport", "quality", "annotation", "iccprofile")
_ANSWERS: Responses = {
    200: {"content": {WADL: {}, _JSON: {}}, "description": "Resources, methods, parameters and media types."},
    **refusals(401, 403, 406),
}


@router.get("/", response_class=Response, responses=_ANSWERS)
def show_capabilities(request: Request, _caller: CallerDep) -> Response:
    """What this service offers."""
    return _described(request)


@router.options("/", response_class=Response, responses=_ANSWERS)
def retrieve_capabilities(request: Request, _caller: CallerDep) -> Response:
    """What this service offers, by the method of the standard."""
    return _described(request)


def _described(request: Request) -> Response:
    chosen = first_of(accepted(request), _OFFERED)
    if chosen is None:
        raise NotAcceptable("Capabilities are application/vnd.sun.wadl+xml or application/json.")
    resources = list(_resources(request.app))
    headers = {"Allow": "GET, HEAD, OPTIONS", "Vary": "Accept"}
    if "xml" in chosen:
        return Response(_wadl(resources, root_of(request)), 200, headers, chosen)
    document = {"base": root_of(request), "transferSyntaxes": sorted({RAW, *ENCODED}), "resources": resources}
    return Response(json.dumps(document, ensure_ascii=False), 200, headers, _JSON)


def _resources(app: FastAPI) -> Iterator[dict[str, Any]]:
    for path, methods in app.openapi()["paths"].items():
        if path.startswith(("/dicomweb/", "/wado")):
            short = path.removeprefix("/dicomweb")
            yield {"path": short, "methods": [_method(name, path, told) for name, told in sorted(methods.items())]}


def _method(name: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name.upper(),
        "id": told["operationId"],
        "description": told.get("description", "").partition("\n")[0],
        "parameters": list(_parameters(name, path, told)),
        "mediaTypes": sorted(told["responses"].get("200", {}).get("content", {})),
    }


def _parameters(name: str, path: str, told: dict[str, Any]) -> Iterator[str]:
    last = path.rpartition("/")[2]
    known = [one["name"] for one in told.get("parameters", []) if one["in"] == "query"]
    if name == "get":
        known.append("accept")
    if name == "get" and last in ("studies", "series", "instances"):
        known += [*_SEARCH, "PatientName", *COLUMNS]
    if last in ("rendered", "thumbnail"):
        known += _RENDER
    yield from dict.fromkeys(known)


def _wadl(resources: list[dict[str, Any]], base: str) -> bytes:
    root = Element("application", {"xmlns": _NAMESPACE})
    parent = SubElement(root, "resources", {"base": base})
    for resource in resources:
        place = SubElement(parent, "resource", {"path": resource["path"]})
        for method in resource["methods"]:
            _add_method(place, method)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_method(place: Element, method: dict[str, Any]) -> None:
    described = SubElement(place, "method", {"name": method["name"], "id": method["id"]})
    SubElement(described, "doc").text = method["description"]
    asked = SubElement(described, "request")
    for name in method["parameters"]:
        SubElement(asked, "param", {"name": name, "style": "query"})
    answer = SubElement(described, "response", {"status": "200"})
    for media_type in method["mediaTypes"]:
        SubElement(answer, "representation", {"mediaType": media_type})
