"""Answers in DICOM JSON or in XML, as the client likes (PS3.18 8.7.3.2, 8.7.3.3)."""

from collections.abc import Mapping, Sequence

from fastapi import Request, Response
from pydantic_core import to_json
from starlette.datastructures import URL

from storage.domain.canonical import sha256_hex
from storage.domain.errors import NotAcceptable
from viewer_api.dicomweb.media_types import JSON, XML, Asked, MediaRange, accepted, first_of
from viewer_api.dicomweb.metadata import DicomJson
from viewer_api.dicomweb.native_xml import to_xml
from viewer_api.dicomweb.service import packed_json

_JSON_NAMES = (JSON, "application/json")


def root_of(request: Request) -> str:
    """The address of `/dicomweb` as clients know it: under the set public address, or where this request went."""
    return root_at(request.app.state.services.settings.public_url, request.url)


def root_at(public_url: str, url: URL) -> str:
    """The same by the set public address, which may be empty, and the address of a request."""
    return f"{public_url or f'{url.scheme}://{url.netloc}'}/dicomweb"


def document_answer(
    request: Asked, documents: Sequence[DicomJson], headers: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """One JSON document, or one XML part for each. Raises `NotAcceptable`."""
    if chosen_form(accepted(request)) != XML:
        return json_answer(request, to_json(list(documents)), headers, status)
    body, content_type = xml_parts(documents)
    told = {"Cache-Control": "no-store", **(headers or {}), "Vary": "Accept"}
    return Response(body, status, told, content_type)


def json_answer(request: Asked, body: bytes, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    """A JSON document, made smaller for who takes that."""
    gzip = "gzip" in request.headers.get("accept-encoding", "")
    packed, encoding = packed_json(body, gzip=gzip)
    told = {"Cache-Control": "no-store", **(headers or {}), **encoding, "Vary": "Accept, Accept-Encoding"}
    return Response(packed, status, told, JSON)


def one_document_answer(request: Request, document: DicomJson) -> Response:
    """A JSON document, or XML alone or as the only part of a multipart (PS3.18 11.5.3). Raises `NotAcceptable`."""
    wanted = accepted(request)
    if first_of(wanted, (*_JSON_NAMES, XML)) == XML and not any(
        one.is_multipart and one.inner == XML for one in wanted
    ):
        return Response(to_xml(document), 200, {"Cache-Control": "no-store", "Vary": "Accept"}, XML)
    return document_answer(request, [document])


def chosen_form(wanted: Sequence[MediaRange]) -> str:
    """JSON or XML; XML only where it is asked for by name. Raises `NotAcceptable`."""
    chosen = first_of([one for one in wanted if _is_document(one)], (*_JSON_NAMES, XML))
    if chosen is None:
        raise NotAcceptable("The answer is application/dicom+json, or multipart/related with application/dicom+xml.")
    return XML if chosen == XML else JSON


def _is_document(wanted: MediaRange) -> bool:
    """XML comes in a multipart and JSON does not; `*/*` in a multipart is something else."""
    return wanted.inner == XML if wanted.is_multipart else wanted.inner != XML


def xml_parts(documents: Sequence[DicomJson]) -> tuple[bytes, str]:
    """The body and its content type."""
    parts = [to_xml(one) for one in documents]
    boundary = sha256_hex(b"".join(parts))[:32]
    head = f"--{boundary}\r\nContent-Type: {XML}\r\n\r\n".encode()
    body = b"".join(piece for part in parts for piece in (head, part, b"\r\n"))
    return body + f"--{boundary}--\r\n".encode(), f'{"multipart/related"}; type="{XML}"; boundary={boundary}'
