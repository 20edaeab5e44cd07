"""WADO-URI for old viewers: one object by query parameters (PS3.18 section 9)."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from storage.db.models import Instance
from storage.domain.errors import BadQuery, NotAcceptable
from storage.domain.identifiers import is_usable_uid
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.media_types import DICOM, MediaRange, first_of, media_ranges
from viewer_api.dicomweb.rendered_answers import pdf_answer, picture_of
from viewer_api.dicomweb.rendering import GIF, JPEG, PNG
from viewer_api.dicomweb.rendering_query import Region, Rendering, make_window, number, parse_rendering, pixels
from viewer_api.dicomweb.retrieval import Resource, etag_of, opened, single_file
from viewer_api.dicomweb.selection import file_syntax
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.services import Services

router = APIRouter(tags=["dicomweb"])

_PDF = "application/pdf"
_MOST = 8192
_CORNERS = 4
_ANSWERS: Responses = {
    200: {
        "content": {JPEG: {}, PNG: {}, GIF: {}, DICOM: {}, _PDF: {}},
        "description": "The object, or a picture of it.",
    },
    400: {"description": "A parameter is missing or malformed; the detail names it."},
    **refusals(401, 403, 404, 406),
}
Uids = Annotated[str, Query(max_length=64, examples=["1.2.840.113619.2.55.3"])]


@router.get("/wado", response_class=Response, responses=_ANSWERS)
def retrieve_by_parameters(
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    requestType: Annotated[str, Query(examples=["WADO"])] = "",  # noqa: N803 - the standard's names
    studyUID: Uids = "",  # noqa: N803
    seriesUID: Uids = "",  # noqa: N803
    objectUID: Uids = "",  # noqa: N803
    contentType: Annotated[str, Query(examples=["application/dicom", "image/jpeg"])] = "",  # noqa: N803
) -> Response:
    """An object as a Part 10 file, or a picture of one of its frames."""
    if requestType != "WADO":
        raise BadQuery("requestType is WADO.")
    for name, uid in (("studyUID", studyUID), ("seriesUID", seriesUID), ("objectUID", objectUID)):
        if not is_usable_uid(uid):
            raise BadQuery(f"{name} is missing, or no UID.")
    parameters = request.query_params
    _check_unsupported(parameters)
    resource = Resource(studyUID, seriesUID, objectUID)
    (instance,) = opened(services, caller, resource)
    ranges = media_ranges(contentType or request.headers.get("accept", ""))
    chosen = first_of([one for one in ranges if not one.is_multipart], _offered(instance))
    if chosen is None:
        raise NotAcceptable("The object is application/dicom; images are image/jpeg, image/png and image/gif too.")
    if chosen == _PDF:
        return pdf_answer(request, services, instance)
    if chosen == DICOM:
        return _file(request, services, instance, parameters.get("transferSyntax", ""))
    return _picture(request, services, instance, chosen)


def _check_unsupported(parameters: Mapping[str, str]) -> None:
    if parameters.get("anonymize"):
        raise NotAcceptable("Objects are not anonymised on the way out: take out who it is where the study is kept.")
    if parameters.get("presentationUID"):
        raise NotAcceptable("Presentation states are not applied here.")


def _offered(instance: Instance) -> tuple[str, ...]:
    """What there is, the usual one first (PS3.18 9.5.2)."""
    if "00420012" in instance.header:
        return (_PDF, DICOM)
    if instance.rows is None:
        return (DICOM,)
    return (JPEG, DICOM, PNG, GIF) if instance.frames == 1 else (DICOM, JPEG, PNG, GIF)


def _file(request: Request, services: Services, instance: Instance, asked: str) -> Response:
    syntax = file_syntax(MediaRange(DICOM, {"transfer-syntax": asked} if asked else {}), instance)
    if syntax is None:
        raise NotAcceptable("The object cannot be sent in this transfer syntax.")
    etag = etag_of([instance], syntax)
    headers = {"ETag": etag, "Cache-Control": FOREVER}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    return single_file(services, instance, syntax, headers)


def _picture(request: Request, services: Services, instance: Instance, media_type: str) -> Response:
    parameters = request.query_params
    frame = _frame(parameters.get("frameNumber", ""))
    wanted = _rendering(parameters, instance)
    etag = etag_of([instance], "uri", frame, media_type, wanted)
    headers = {"ETag": etag, "Cache-Control": FOREVER}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    return Response(picture_of(services, instance, frame, media_type, wanted), 200, headers, media_type)


def _frame(text: str) -> int:
    if text and (not text.isdecimal() or not int(text[:9]) >= 1 or len(text) > 9):  # noqa: PLR2004
        raise BadQuery("frameNumber is a whole number, counted from 1.")
    return int(text) if text else 0


def _rendering(parameters: Mapping[str, str], instance: Instance) -> Rendering:
    shared = parse_rendering(
        {
            "quality": parameters.get("imageQuality", ""),
            "annotation": parameters.get("annotation", ""),
            "overlays": parameters.get("overlays", ""),
        }
    )
    center, width = parameters.get("windowCenter", ""), parameters.get("windowWidth", "")
    if bool(center) != bool(width):
        raise BadQuery("windowCenter and windowWidth come together.")
    window = None
    if center:
        window = make_window(number(center, "windowCenter"), number(width, "windowWidth"), "", "windowWidth")
    columns, rows = parameters.get("columns", ""), parameters.get("rows", "")
    sized = bool(columns or rows)
    return Rendering(
        window,
        shared.quality,
        (pixels(columns, "columns") if columns else _MOST) if sized else 0,
        (pixels(rows, "rows") if rows else _MOST) if sized else 0,
        _region(parameters.get("region", ""), instance),
        shared.annotations,
        shared.overlays,
    )


def _region(text: str, instance: Instance) -> Region | None:
    """Two corners as parts of the whole, from 0 to 1 (PS3.18 9.4.1.2.5)."""
    if not text:
        return None
    corners = [number(part.strip(), "region") for part in text.split(",")]
    if len(corners) != _CORNERS or not all(0 <= one <= 1 for one in corners):
        raise BadQuery("region is left,top,right,bottom, each from 0 to 1.")
    left, top, right, bottom = corners
    if left >= right or top >= bottom:
        raise BadQuery("region: the second corner is right of the first and below it.")
    columns, rows = instance.columns or 1, instance.rows or 1
    return Region(left * columns, top * rows, max(1.0, (right - left) * columns), max(1.0, (bottom - top) * rows))
