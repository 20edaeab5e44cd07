"""`/dicomweb`: WADO-RS and QIDO-RS (PS3.18 10.4, 10.6) as the viewer needs them."""

from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from storage.db.queries import studies
from storage.db.queries.studies import list_studies
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb import search
from viewer_api.dicomweb.metadata import DicomJson
from viewer_api.dicomweb.objects import ObjectReader, ObjectRef
from viewer_api.dicomweb.service import (
    InstanceRef,
    choose_encoding,
    encode_json,
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
_JSON = "application/dicom+json"
_DICOM = "application/dicom"
_CHUNK = 1024 * 1024
_JSON_ANSWER: Responses = {200: {"content": {_JSON: {}}, "description": "DICOM JSON (PS3.18 annex F)."}}


def _named_instance(study_instance_uid: Uid, series_instance_uid: Uid, sop_instance_uid: Uid) -> InstanceRef:
    return InstanceRef(study_instance_uid, series_instance_uid, sop_instance_uid)


NamedInstance = Annotated[InstanceRef, Depends(_named_instance)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("", response_class=Response, responses={**_JSON_ANSWER, **refusals(401, 403)})
def search_studies(
    request: Request, caller: CallerDep, services: ServicesDep, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """Search by StudyInstanceUID, PatientID, PatientName, AccessionNumber, StudyDate, ModalitiesInStudy; newest first."""
    zone = ZoneInfo(services.settings.time_zone)
    wanted = search.study_filter(dict(request.query_params), zone)
    root = _root(request)
    with services.database.read(caller.scope) as work:
        page = list_studies(work, wanted, limit, offset=offset)
        found = [line.study for line in page.lines]
        modalities = studies.modalities_of(work, [study.id for study in found])
        document = [search.study_json(study, modalities.get(study.id, []), zone, root) for study in found]
    return _json(request, document)


@router.get(
    "/{study_instance_uid}/series", response_class=Response, responses={**_JSON_ANSWER, **refusals(401, 403, 404)}
)
def search_series(study_instance_uid: Uid, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """The series of a study."""
    with services.database.read(caller.scope) as work:
        study = studies.study_by_uid(work, study_instance_uid)
        found = studies.series_of(work, study)
        document = [search.series_json(series, study, _root(request)) for series in found]
    return _json(request, document)


@router.get(
    "/{study_instance_uid}/series/{series_instance_uid}/instances",
    response_class=Response,
    responses={**_JSON_ANSWER, **refusals(401, 403, 404)},
)
def search_instances(
    study_instance_uid: Uid,
    series_instance_uid: Uid,
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
) -> Response:
    """The instances of a series."""
    url = f"{_root(request)}/studies/{study_instance_uid}/series/{series_instance_uid}"
    with services.database.read(caller.scope) as work:
        series = studies.series_by_uid(work, study_instance_uid, series_instance_uid)
        document = [search.instance_json(instance, url) for instance in studies.instances_of(work, series)]
    return _json(request, document)


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
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    with services.database.read(caller.scope) as work:
        document = series_document(work, study_instance_uid, series_instance_uid)
    return _json(request, document, headers)


@router.get(
    _INSTANCE,
    response_class=StreamingResponse,
    responses={200: {"content": {_DICOM: {}}, "description": "Part 10 file."}, **refusals(401, 403, 404)},
)
def retrieve_object(
    named: NamedInstance,
    caller: CallerDep,
    services: ServicesDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The object as it was received, bit for bit."""
    instance = opened_instance(services, caller, named)
    ref = ObjectRef.of(instance)
    headers = {
        "ETag": f'"{instance.sha256[:32]}"',
        "Cache-Control": FOREVER,
        "Content-Length": str(ref.size),
        "Content-Disposition": f'attachment; filename="{named.sop}.dcm"',
    }
    if matches(if_none_match, headers["ETag"]):
        return not_modified({name: headers[name] for name in ("ETag", "Cache-Control")})
    chunks = _chunks(services.objects, ref)
    first = next(chunks)  # an object that is not there is a 404, not an answer that breaks off
    return StreamingResponse(_after(first, chunks), headers=headers, media_type=_DICOM)


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
    caller: CallerDep,
    services: ServicesDep,
    accept: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
    range: Annotated[str, Header()] = "",  # noqa: A002
) -> Response:
    """Frames, counted from 1. The viewer asks for `transfer-syntax=*` and gets what is stored, where its codecs take it."""
    numbers = frame_numbers(frames)
    instance = opened_instance(services, caller, named)
    wanted = choose_encoding(accept, instance, len(numbers))
    if wanted is None:
        return problem(406, "not_acceptable", "The frames cannot be sent in any of the accepted encodings.")
    etag = frames_etag(instance, numbers, wanted)
    headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    answer = read_frames(services.frames, instance, numbers, wanted, etag)
    return partial(answer.body, answer.content_type, headers, range)


def _json(request: Request, document: list[DicomJson], headers: dict[str, str] | None = None) -> Response:
    gzip = "gzip" in request.headers.get("accept-encoding", "")
    body, encoding = encode_json(document, gzip=gzip)
    return Response(body, 200, {"Cache-Control": "no-store", **(headers or {}), **encoding}, _JSON)


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/dicomweb"


def _chunks(reader: ObjectReader, ref: ObjectRef) -> Iterator[bytes]:
    with reader.open(ref) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
