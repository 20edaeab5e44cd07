"""`/api/v1/reports`: what was signed, as JSON and on paper."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Path, Query, Response

from reading_queue.report_pdf import version_pdf
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.http import matches, not_modified
from viewer_api.openapi import refusals
from viewer_api.results.schemas import ReportOut
from viewer_api.results.service import chosen, report_out, report_versions

router = APIRouter(prefix="/api/v1/reports", tags=["results"])

ReportId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Version = Annotated[int | None, Query(ge=1, le=10_000, description="The last one when not given.")]


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
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """One version of a report on paper."""
    with services.database.read(caller.scope) as work:
        versions = report_versions(work, report_id)
        shown = chosen(versions, version)
    services.opened.note(caller, "report_printed", f"report:{report_id}")
    etag = f'"{shown.sha256[:24]}-{versions[-1].version}-{lang}"'
    name = f"report-{report_id}-v{shown.version}.pdf"
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": f'inline; filename="{name}"'}
    if matches(if_none_match, etag):
        return not_modified(headers)
    zone = ZoneInfo(services.settings.time_zone)
    return Response(version_pdf(shown, versions, lang, zone), 200, headers, "application/pdf")
