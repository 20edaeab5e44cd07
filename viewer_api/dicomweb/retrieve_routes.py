"""WADO-RS, Retrieve Transaction (PS3.18 10.4): objects, metadata, bulk data and pixel data of every level."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse

from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.answers import chosen_form, document_answer
from viewer_api.dicomweb.bulk_answers import bulk_answer, pixels_answer, value_answer
from viewer_api.dicomweb.bulk_values import with_bulk_data
from viewer_api.dicomweb.media_types import DICOM, JSON, RELATED, accepted
from viewer_api.dicomweb.metadata import instance_metadata
from viewer_api.dicomweb.retrieval import REVALIDATED, Opened, Resource, etag_of, files_answer
from viewer_api.http import matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/dicomweb/studies", tags=["dicomweb"])

STUDY = "/{study_instance_uid}"
SERIES = STUDY + "/series/{series_instance_uid}"
INSTANCE = SERIES + "/instances/{sop_instance_uid}"


def _study(request: Request, caller: CallerDep, services: ServicesDep, study_instance_uid: Uid) -> Opened:
    return Opened.by(request, caller, services, Resource(study_instance_uid))


def _series(
    request: Request, caller: CallerDep, services: ServicesDep, study_instance_uid: Uid, series_instance_uid: Uid
) -> Opened:
    return Opened.by(request, caller, services, Resource(study_instance_uid, series_instance_uid))


def _instance(
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    sop_instance_uid: Uid,
) -> Opened:
    return Opened.by(request, caller, services, Resource(study_instance_uid, series_instance_uid, sop_instance_uid))


OfStudy = Annotated[Opened, Depends(_study)]
OfSeries = Annotated[Opened, Depends(_series)]
OfInstance = Annotated[Opened, Depends(_instance)]

_REFUSED = refusals(401, 403, 404, 406)
_FILES: Responses = {
    200: {"content": {RELATED: {}, DICOM: {}}, "description": "Part 10 files in the transfer syntax that is accepted."},
    **_REFUSED,
}
_METADATA: Responses = {
    200: {"content": {JSON: {}, RELATED: {}}, "description": "DICOM JSON (PS3.18 annex F), or XML parts."},
    **_REFUSED,
}
_BULK: Responses = {
    200: {"content": {RELATED: {}, "application/octet-stream": {}}, "description": "The values."},
    206: {"description": "The range of the value that was asked for."},
    416: {"description": "The value has no such range."},
    **_REFUSED,
}


@router.get(STUDY, response_class=StreamingResponse, responses=_FILES)
def retrieve_study(opened: OfStudy) -> Response:
    """All objects of the study, sent as they are read."""
    return files_answer(opened)


@router.get(SERIES, response_class=StreamingResponse, responses=_FILES)
def retrieve_series(opened: OfSeries) -> Response:
    """All objects of the series, sent as they are read."""
    return files_answer(opened)


@router.get(INSTANCE, response_class=StreamingResponse, responses=_FILES)
def retrieve_object(opened: OfInstance) -> Response:
    """The object, as it was received bit for bit unless another transfer syntax is asked for."""
    return files_answer(opened)


@router.get(STUDY + "/metadata", response_class=Response, responses=_METADATA)
def retrieve_study_metadata(opened: OfStudy) -> Response:
    """Every object of the study without its bulk data."""
    return _metadata(opened)


@router.get(INSTANCE + "/metadata", response_class=Response, responses=_METADATA)
def retrieve_instance_metadata(opened: OfInstance) -> Response:
    """The object without its bulk data."""
    return _metadata(opened)


def _metadata(opened: Opened) -> Response:
    request = opened.request
    etag = etag_of(opened.instances, "metadata", chosen_form(accepted(request)))
    headers = {"ETag": etag, "Cache-Control": REVALIDATED, "Vary": "Accept, Accept-Encoding"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    documents = [with_bulk_data(instance_metadata(one), opened.address_of(one)) for one in opened.instances]
    return document_answer(request, documents, headers)


@router.get(STUDY + "/bulkdata", response_class=StreamingResponse, responses=_BULK)
def retrieve_study_bulkdata(opened: OfStudy) -> Response:
    """Every value of the study that its metadata only refers to."""
    return bulk_answer(opened)


@router.get(SERIES + "/bulkdata", response_class=StreamingResponse, responses=_BULK)
def retrieve_series_bulkdata(opened: OfSeries) -> Response:
    """Every value of the series that its metadata only refers to."""
    return bulk_answer(opened)


@router.get(INSTANCE + "/bulkdata", response_class=StreamingResponse, responses=_BULK)
def retrieve_instance_bulkdata(opened: OfInstance) -> Response:
    """Every value of the object that its metadata only refers to."""
    return bulk_answer(opened)


@router.get(INSTANCE + "/bulkdata/{value_path}", response_class=StreamingResponse, responses=_BULK)
def retrieve_bulkdata(
    opened: OfInstance,
    value_path: Annotated[str, Path(max_length=200, examples=["7FE00010", "54000100.0.54001010"])],
) -> Response:
    """One value, by its tag, or by the tags of sequences and the places of items on the way to it; ranges are honoured."""
    return value_answer(opened, value_path)


@router.get(STUDY + "/pixeldata", response_class=StreamingResponse, responses=_BULK)
def retrieve_study_pixeldata(opened: OfStudy) -> Response:
    """All frames of the study."""
    return pixels_answer(opened)


@router.get(SERIES + "/pixeldata", response_class=StreamingResponse, responses=_BULK)
def retrieve_series_pixeldata(opened: OfSeries) -> Response:
    """All frames of the series."""
    return pixels_answer(opened)


@router.get(INSTANCE + "/pixeldata", response_class=StreamingResponse, responses=_BULK)
def retrieve_instance_pixeldata(opened: OfInstance) -> Response:
    """All frames of the object."""
    return pixels_answer(opened)
