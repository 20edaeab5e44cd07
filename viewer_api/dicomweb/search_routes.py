"""QIDO-RS, Search Transaction (PS3.18 10.6)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from storage.domain.matching import Level
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.answers import root_of
from viewer_api.dicomweb.media_types import JSON, RELATED
from viewer_api.dicomweb.query import MOST, USUAL
from viewer_api.dicomweb.search_answers import Searched, search_answer
from viewer_api.openapi import Responses, refusals
from viewer_api.services import Services
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/dicomweb", tags=["dicomweb"])

_ANSWERS: Responses = {
    200: {"content": {JSON: {}, RELATED: {}}, "description": "DICOM JSON (PS3.18 annex F), or XML parts."},
    204: {"description": "Nothing matches."},
    400: {"description": "A key is unknown or malformed; the detail names it."},
    406: {"description": "Neither JSON nor XML is accepted."},
    413: {"description": "The keys would have to be looked up object by object in too many; narrow the search."},
}
Limit = Annotated[str | None, Query(description=f"At most {MOST}; {USUAL} unless told otherwise.", examples=["100"])]
Offset = Annotated[str | None, Query(description="How many matches to pass over.", examples=["0"])]
Fuzzy = Annotated[str | None, Query(description="true: words of names at any place, and by their sound.")]
Include = Annotated[list[str] | None, Query(description="Keyword, tag or path of an attribute to return, or all.")]


def _answered(
    request: Request, caller: Caller, services: Services, level: Level, study: str = "", series: str = ""
) -> Response:
    """What matches at `level`, under the resource that the path names. Raises `NotFound` when there is no such."""
    return search_answer(request, root_of(request), services.database, caller, Searched(level, study, series))


@router.get("/studies", response_class=Response, responses={**_ANSWERS, **refusals(401, 403)})
def search_studies(
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    limit: Limit = None,  # noqa: ARG001 - parsed with the other parameters, here for the description
    offset: Offset = None,  # noqa: ARG001
    fuzzymatching: Fuzzy = None,  # noqa: ARG001
    includefield: Include = None,  # noqa: ARG001
) -> Response:
    """Studies, the latest first. Every attribute is a key, by keyword, tag or path; names are found by pinyin too."""
    return _answered(request, caller, services, Level.STUDY)


@router.get("/series", response_class=Response, responses={**_ANSWERS, **refusals(401, 403)})
def search_all_series(
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    limit: Limit = None,  # noqa: ARG001
    offset: Offset = None,  # noqa: ARG001
) -> Response:
    """Series of all studies, with the attributes of their studies."""
    return _answered(request, caller, services, Level.SERIES)


@router.get("/instances", response_class=Response, responses={**_ANSWERS, **refusals(401, 403)})
def search_all_instances(
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    limit: Limit = None,  # noqa: ARG001
    offset: Offset = None,  # noqa: ARG001
) -> Response:
    """Instances of all studies, with the attributes of their studies and series."""
    return _answered(request, caller, services, Level.IMAGE)


@router.get(
    "/studies/{study_instance_uid}/series",
    response_class=Response,
    responses={**_ANSWERS, **refusals(401, 403, 404)},
)
def search_series(
    study_instance_uid: Uid,
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    limit: Limit = None,  # noqa: ARG001
    offset: Offset = None,  # noqa: ARG001
) -> Response:
    """The series of a study, by number."""
    return _answered(request, caller, services, Level.SERIES, study_instance_uid)


@router.get(
    "/studies/{study_instance_uid}/instances",
    response_class=Response,
    responses={**_ANSWERS, **refusals(401, 403, 404)},
)
def search_instances_of_study(
    study_instance_uid: Uid,
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    limit: Limit = None,  # noqa: ARG001
    offset: Offset = None,  # noqa: ARG001
) -> Response:
    """The instances of a study, with the attributes of their series."""
    return _answered(request, caller, services, Level.IMAGE, study_instance_uid)


@router.get(
    "/studies/{study_instance_uid}/series/{series_instance_uid}/instances",
    response_class=Response,
    responses={**_ANSWERS, **refusals(401, 403, 404)},
)
def search_instances(
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    limit: Limit = None,  # noqa: ARG001
    offset: Offset = None,  # noqa: ARG001
) -> Response:
    """The instances of a series, by number."""
    return _answered(request, caller, services, Level.IMAGE, study_instance_uid, series_instance_uid)
