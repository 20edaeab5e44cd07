"""`/api/v1/reports`: what was signed, as JSON, on paper, as a DICOM object, and the images it shows."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Path, Query, Response

from reading_queue import key_images
from reading_queue.documents.uids import DocumentKind, document_uid
from reading_queue.ecg.printing import printed_ecgs, sources_of_version
from reading_queue.report_pdf import KeyPicture, version_pdf
from storage.db.models import Instance, ReportVersion
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.http import matches, not_modified
from viewer_api.openapi import refusals
from viewer_api.results.schemas import KeyImageList, ReportOut
from viewer_api.results.service import chosen, instance_named, key_images_out, report_out, report_versions
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/reports", tags=["results"])

ReportId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Version = Annotated[int | None, Query(ge=1, le=10_000, description="The last one when not given.")]
Pixels = Annotated[int, Query(ge=64, le=2048, description="Of the longer side, at most.")]
_ON_PAPER = 700
"""Pixels of the longer side of a picture on paper: 200 to the inch."""


@router.get("/{report_id}", responses=refusals(401, 403, 404))
def show_report(report_id: ReportId, caller: CallerDep, services: ServicesDep, version: Version = None) -> ReportOut:
    """One version of a report, with the list of all."""
    with services.database.read(caller.scope) as work:
        versions = report_versions(work, report_id)
        found = report_out(chosen(versions, version), versions)
    services.opened.note(caller, "report_opened", f"report:{report_id}")
    return found


@router.get(
    "/{report_id}/pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "A4"}, **refusals(401, 403, 404)},
)
def print_report(
    report_id: ReportId,
    caller: CallerDep,
    services: ServicesDep,
    version: Version = None,
    lang: Annotated[Literal["zh", "en"], Query(description="Of the printed labels.")] = "zh",
    pictures: Annotated[bool, Query(description="With the key images on pages after the text.")] = False,  # noqa: FBT002
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """One version of a report on paper."""
    with services.database.read(caller.scope) as work:
        versions = report_versions(work, report_id)
        shown = chosen(versions, version)
        sources = sources_of_version(work, shown.content)
    services.opened.note(caller, "report_printed", f"report:{report_id}")
    etag = f'"{shown.sha256[:24]}-{versions[-1].version}-{lang}{"-p" if pictures else ""}"'
    headers = _headers(f"report-{report_id}-v{shown.version}.pdf", etag)
    if matches(if_none_match, etag):
        return not_modified(headers)
    zone = ZoneInfo(services.settings.time_zone)
    drawn = _pictures(services, shown) if pictures else []
    paper = version_pdf(shown, versions, lang, zone, drawn, printed_ecgs(services.store, sources))
    return Response(paper, 200, headers, "application/pdf")


@router.get(
    "/{report_id}/sr",
    response_class=Response,
    responses={
        200: {"content": {"application/dicom": {}}, "description": "A Part 10 file"},
        **refusals(401, 403, 404),
    },
)
def download_structured_report(
    report_id: ReportId,
    caller: CallerDep,
    services: ServicesDep,
    version: Version = None,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """One version as Basic Text SR by TID 2000: the object that stands in the study, a moment after the signature."""
    with services.database.read(caller.scope) as work:
        shown = chosen(report_versions(work, report_id), version)
        filed = instance_named(work, document_uid(shown.sha256, DocumentKind.REPORT))
    services.opened.note(caller, "report_opened", f"report:{report_id}")
    etag = f'"{filed.sha256[:32]}"'
    headers = _headers(f"report-{report_id}-v{shown.version}.dcm", etag)
    if matches(if_none_match, etag):
        return not_modified(headers)
    with services.store.open(filed.object_key) as stream:
        return Response(stream.read(), 200, headers, "application/dicom")


@router.get("/{report_id}/key-images", responses=refusals(401, 403, 404))
def list_key_images(
    report_id: ReportId, caller: CallerDep, services: ServicesDep, version: Version = None
) -> KeyImageList:
    """The frames that a version shows, with the address of a picture of each."""
    with services.database.read(caller.scope) as work:
        shown = chosen(report_versions(work, report_id), version)
    services.opened.note(caller, "report_opened", f"report:{report_id}")
    return KeyImageList(items=key_images_out(shown))


@router.get(
    "/{report_id}/key-images/{number}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "PNG for ECGs"}, **refusals(401, 403, 404)},
)
def show_key_image(
    report_id: ReportId,
    number: Annotated[int, Path(ge=1, le=key_images.MOST)],
    caller: CallerDep,
    services: ServicesDep,
    version: Version = None,
    size: Pixels = 1024,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A key image as people see it."""
    with services.database.read(caller.scope) as work:
        shown = chosen(report_versions(work, report_id), version)
        frame, instance = _key_frame(work, shown, number)
    services.opened.note(caller, "report_opened", f"report:{report_id}")
    etag = f'"{instance.sha256[:24]}-{frame}-{size}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    picture, media_type = key_images.picture(services.store, instance.object_key, frame, size)
    return Response(picture, 200, headers, media_type)


def _key_frame(work: UnitOfWork, shown: ReportVersion, number: int) -> tuple[int, Instance]:
    frames = shown.content.get("key_images", [])
    if number > len(frames):
        raise NotFound("The report has no such key image.")
    return frames[number - 1]["frame"], instance_named(work, frames[number - 1]["sop_instance_uid"])


def _pictures(services: Services, shown: ReportVersion) -> list[KeyPicture]:
    """What cannot be shown is left out: the words are what the paper is for."""
    drawn = []
    for number, one in enumerate(shown.content.get("key_images", []), 1):
        with services.database.read() as work:
            frame, instance = _key_frame(work, shown, number)
        try:
            data, _ = key_images.picture(services.store, instance.object_key, frame, _ON_PAPER)
        except NotFound:
            continue
        drawn.append(KeyPicture(data, f"{number}. {one['note']}".strip()))
    return drawn


def _headers(name: str, etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": f'inline; filename="{name}"'}
