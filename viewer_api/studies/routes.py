"""`/api/v1/studies`: what arrived, and its pictures."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from storage.db.models import Rendition
from storage.db.queries import people
from storage.db.queries.studies import list_studies
from storage.domain.studies import RenditionKind
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.schemas import Page
from viewer_api.services import Services
from viewer_api.studies.schemas import StudyDetail, StudyOut, StudyQuery
from viewer_api.studies.service import picture_of_series, picture_of_study, picture_version, study_detail, study_out

router = APIRouter(prefix="/api/v1/studies", tags=["studies"])

Uid = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9.]+$", examples=["1.2.840.113619.2.55.3"])]
Version = Annotated[str, Query(max_length=64, description="Of the picture; with it the answer is kept for good.")]
_PICTURE: Responses = {
    200: {"content": {"image/jpeg": {}, "image/png": {}}, "description": "The picture."},
    304: {"description": "The client has it."},
    **refusals(401, 403, 404),
}


@router.get("", responses=refusals(401, 403))
def list_arrived(asked: Annotated[StudyQuery, Query()], caller: CallerDep, services: ServicesDep) -> Page[StudyOut]:
    """What arrived, newest first."""
    with services.database.read(caller.scope) as work:
        institution = people.institution_by_code(work, asked.institution).id if asked.institution else None
        page = list_studies(work, asked.wanted(institution), asked.limit, before=asked.cursor)
        items = [study_out(work, line) for line in page.lines]
        return Page(items=items, next=str(page.next_before) if page.next_before else None)


@router.get("/{study_instance_uid}", responses=refusals(401, 403, 404))
def show_study(study_instance_uid: Uid, caller: CallerDep, services: ServicesDep) -> StudyDetail:
    """One study with its series, its tasks, and what the reader wants of the clinic."""
    with services.database.read(caller.scope) as work:
        return study_detail(work, study_instance_uid, caller)


@router.get("/{study_instance_uid}/thumbnail", response_class=Response, responses=_PICTURE)
def study_thumbnail(
    study_instance_uid: Uid, caller: CallerDep, services: ServicesDep, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """The picture that stands for the study in lists; 404 until it is made."""
    with services.database.read(caller.scope) as work:
        rendition = picture_of_study(work, study_instance_uid)
    return _picture(services, rendition, if_none_match)


@router.get("/{study_instance_uid}/series/{series_instance_uid}/thumbnail", response_class=Response, responses=_PICTURE)
def series_thumbnail(
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    caller: CallerDep,
    services: ServicesDep,
    v: Version = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The picture that stands for the series; 404 until it is made."""
    with services.database.read(caller.scope) as work:
        rendition = picture_of_series(work, study_instance_uid, series_instance_uid, RenditionKind.THUMBNAIL)
    return _picture(services, rendition, if_none_match, v)


@router.get("/{study_instance_uid}/series/{series_instance_uid}/preview", response_class=Response, responses=_PICTURE)
def series_preview(
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    caller: CallerDep,
    services: ServicesDep,
    v: Version = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A larger picture of the series' middle image; 404 until it is made."""
    with services.database.read(caller.scope) as work:
        rendition = picture_of_series(work, study_instance_uid, series_instance_uid, RenditionKind.PREVIEW)
    return _picture(services, rendition, if_none_match, v)


def _picture(services: Services, rendition: Rendition, if_none_match: str, version: str = "") -> Response:
    etag = f'"{rendition.sha256[:32]}"'
    # Late images may change the picture under a URL without its version: kept, and asked for again after a while.
    is_named = version == picture_version(rendition)
    headers = {"ETag": etag, "Cache-Control": FOREVER if is_named else "private, max-age=300"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    data = services.store.open_range(rendition.object_key, 0, rendition.size)
    return Response(data, 200, headers, rendition.media_type)
