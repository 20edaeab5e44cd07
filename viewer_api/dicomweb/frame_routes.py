"""WADO-RS for the viewer: metadata of a series and frames (PS3.18 10.4)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from storage.db.queries import studies
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.answers import chosen_form, document_answer, root_of
from viewer_api.dicomweb.bulk_values import with_bulk_data
from viewer_api.dicomweb.delivered_route import delivered_answer
from viewer_api.dicomweb.documents import best_coding
from viewer_api.dicomweb.media_types import JSON, accept_of, accepted
from viewer_api.dicomweb.metadata import DicomJson, value
from viewer_api.dicomweb.service import (
    InstanceRef,
    choose_encoding,
    frame_numbers,
    frames_etag,
    opened_instance,
    read_frames,
    series_document,
)
from viewer_api.errors import problem
from viewer_api.http import FOREVER, matches, not_modified, partial
from viewer_api.openapi import Responses, refusals
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/dicomweb/studies", tags=["dicomweb"])

_INSTANCE = "/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}"
_JSON_ANSWER: Responses = {200: {"content": {JSON: {}}, "description": "DICOM JSON (PS3.18 annex F), or XML parts."}}


def _named_instance(study_instance_uid: Uid, series_instance_uid: Uid, sop_instance_uid: Uid) -> InstanceRef:
    return InstanceRef(study_instance_uid, series_instance_uid, sop_instance_uid)


NamedInstance = Annotated[InstanceRef, Depends(_named_instance)]


@router.get(
    "/{study_instance_uid}/series/{series_instance_uid}/metadata",
    response_class=Response,
    responses={**_JSON_ANSWER, **refusals(401, 403, 404)},
)
def retrieve_series_metadata(
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Every instance of the series without its pixels, in reading order, as its frames are delivered."""
    with services.database.read(caller.scope) as work:
        series = studies.series_by_uid(work, study_instance_uid, series_instance_uid)
        etag = studies.series_version(work, series)
    services.opened.note(caller, "study_opened", f"study:{series.study_id}")
    form = chosen_form(accepted(request))
    etag = etag if form == JSON else etag.replace('"', '"xml-', 1)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Encoding"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    address = f"{root_of(request)}/studies/{study_instance_uid}/series/{series_instance_uid}/instances"

    def made() -> list[DicomJson]:
        with services.database.read(caller.scope) as work:
            document = series_document(work, study_instance_uid, series_instance_uid)
        return [with_bulk_data(one, f"{address}/{value(one, '00080018')}") for one in document]

    if form != JSON:
        return document_answer(request, made(), headers)
    coding = best_coding(request.headers.get("accept-encoding", ""))
    body = services.documents.body(f"{etag} {address}", coding, made)
    return Response(body, 200, {**headers, **({} if coding == "identity" else {"Content-Encoding": coding})}, JSON)


@router.get(
    _INSTANCE + "/frames/{frames}",
    response_class=Response,
    responses={
        200: {"content": {"multipart/related": {}}, "description": "One part a frame, in the stored encoding."},
        **refusals(401, 403, 404, 406),
    },
)
def retrieve_frames(
    named: NamedInstance,
    frames: Annotated[str, Path(max_length=8000, examples=["1", "1,2,3"])],
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    if_none_match: Annotated[str, Header()] = "",
    range: Annotated[str, Header()] = "",  # noqa: A002
) -> Response:
    """Frames, counted from 1. The viewer asks for `transfer-syntax=*` and gets what is stored, where its codecs take it."""
    numbers = frame_numbers(frames)
    made = delivered_answer(services, caller, named, numbers, {**request.headers, "accept": accept_of(request)})
    if made is not None:
        return made
    instance = opened_instance(services, caller, named)
    wanted = choose_encoding(accept_of(request), instance, len(numbers))
    if wanted is None:
        return problem(406, "not_acceptable", "The frames cannot be sent in any of the accepted encodings.")
    etag = frames_etag(instance.sha256, numbers, wanted)
    headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    answer = read_frames(services.frames, instance, numbers, wanted, etag)
    return partial(answer.body, answer.content_type, headers, range)
