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
from viewer_api.dicomweb.retrieval import REVALIDATED, Resource, etag_of, files_answer, opened
from viewer_api.http import matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/dicomweb/studies", tags=["dicomweb"])

STUDY = "/{study_instance_uid}"
SERIES = STUDY + "/series/{series_instance_uid}"
INSTANCE = SERIES + "/instances/{sop_instance_uid}"


def _study(study_instance_uid: Uid) -> Resource:
    return Resource(study_instance_uid)


def _series(study_instance_uid: Uid, series_instance_uid: Uid) -> Resource:
    return Resource(study_instance_uid, series_instance_uid)


def _instance(study_instance_uid: Uid, series_instance_uid: Uid, sop_instance_uid: Uid) -> Resource:
    return Resource(study_instance_uid, series_instance_uid, sop_instance_uid)


OfStudy = Annotated[Resource, Depends(_study)]
OfSeries = Annotated[Resource, Depends(_series)]
OfInstance = Annotated[Resource, Depends(_instance)]

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
def retrieve_study(resource: OfStudy, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """All objects of the study, sent as they are read."""
    return files_answer(request, services, resource, opened(services, caller, resource))


@router.get(SERIES, response_class=StreamingResponse, responses=_FILES)
def retrieve_series(resource: OfSeries, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """All objects of the series, sent as they are read."""
    return files_answer(request, services, resource, opened(services, caller, resource))


@router.get(INSTANCE, response_class=StreamingResponse, responses=_FILES)
def retrieve_object(resource: OfInstance, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """The object, as it was received bit for bit unless another transfer syntax is asked for."""
    return files_answer(request, services, resource, opened(services, caller, resource))


@router.get(STUDY + "/metadata", response_class=Response, responses=_METADATA)
def retrieve_study_metadata(resource: OfStudy, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """Every object of the study without its bulk data."""
    return _metadata(request, services, caller, resource)


@router.get(INSTANCE + "/metadata", response_class=Response, responses=_METADATA)
def retrieve_instance_metadata(
    resource: OfInstance, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """The object without its bulk data."""
    return _metadata(request, services, caller, resource)


def _metadata(request: Request, services: ServicesDep, caller: CallerDep, resource: Resource) -> Response:
    found = opened(services, caller, resource)
    etag = etag_of(found, "metadata", chosen_form(accepted(request)))
    headers = {"ETag": etag, "Cache-Control": REVALIDATED, "Vary": "Accept, Accept-Encoding"}
    if matches(request.headers.get("if-none-match", ""), etag):
        return not_modified(headers)
    documents = [with_bulk_data(instance_metadata(one), resource.address_of(request, one)) for one in found]
    return document_answer(request, documents, headers)


@router.get(STUDY + "/bulkdata", response_class=StreamingResponse, responses=_BULK)
def retrieve_study_bulkdata(resource: OfStudy, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """Every value of the study that its metadata only refers to."""
    return bulk_answer(request, services, resource, opened(services, caller, resource))


@router.get(SERIES + "/bulkdata", response_class=StreamingResponse, responses=_BULK)
def retrieve_series_bulkdata(
    resource: OfSeries, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """Every value of the series that its metadata only refers to."""
    return bulk_answer(request, services, resource, opened(services, caller, resource))


@router.get(INSTANCE + "/bulkdata", response_class=StreamingResponse, responses=_BULK)
def retrieve_instance_bulkdata(
    resource: OfInstance, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """Every value of the object that its metadata only refers to."""
    return bulk_answer(request, services, resource, opened(services, caller, resource))


@router.get(INSTANCE + "/bulkdata/{value_path}", response_class=StreamingResponse, responses=_BULK)
def retrieve_bulkdata(
    resource: OfInstance,
    value_path: Annotated[str, Path(max_length=200, examples=["7FE00010", "54000100.0.54001010"])],
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
) -> Response:
    """One value, by its tag, or by the tags of sequences and the places of items on the way to it; ranges are honoured."""
    return value_answer(request, services, resource, opened(services, caller, resource), value_path)


@router.get(STUDY + "/pixeldata", response_class=StreamingResponse, responses=_BULK)
def retrieve_study_pixeldata(resource: OfStudy, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """All frames of the study."""
    return pixels_answer(request, services, resource, opened(services, caller, resource))


@router.get(SERIES + "/pixeldata", response_class=StreamingResponse, responses=_BULK)
def retrieve_series_pixeldata(
    resource: OfSeries, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """All frames of the series."""
    return pixels_answer(request, services, resource, opened(services, caller, resource))


@router.get(INSTANCE + "/pixeldata", response_class=StreamingResponse, responses=_BULK)
def retrieve_instance_pixeldata(
    resource: OfInstance, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """All frames of the object."""
    return pixels_answer(request, services, resource, opened(services, caller, resource))
