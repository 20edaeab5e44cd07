"""Retrieve Capabilities (PS3.18 8.9): what this service has, in WADL or as JSON, made from the routes themselves."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute

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
    by_path: dict[str, list[dict[str, Any]]] = {}
    for route in app.routes:
        if isinstance(route, APIRoute) and route.path.startswith(("/dicomweb/", "/wado")):
            methods = by_path.setdefault(route.path.removeprefix("/dicomweb"), [])
            methods += [_method(name, route) for name in sorted(route.methods or ())]
    yield from ({"path": path, "methods": methods} for path, methods in by_path.items())


def _method(name: str, route: APIRoute) -> dict[str, Any]:
    content = route.responses.get(200, {}).get("content", {})
    return {
        "name": name,
        "id": route.name,
        "description": (route.description or "").partition("\n")[0],
        "parameters": list(_parameters(name, route)),
        "mediaTypes": sorted(content),
    }


def _parameters(name: str, route: APIRoute) -> Iterator[str]:
    if name != "GET":
        return
    yield "accept"
    last = route.path.rpartition("/")[2]
    if last in ("studies", "series", "instances"):
        yield from (*_SEARCH, "PatientName", *COLUMNS)
    if last in ("rendered", "thumbnail"):
        yield from _RENDER


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
