"""`/api/v1/national-indicators`: figures for everybody who answers for them; cases with a reason, and without names."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.indicators import service
from viewer_api.indicators.schemas import CaseList, CasesIn, NationalList, SheetQuery, SpanIn
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1/national-indicators", tags=["indicators"], responses=refusals(401, 403, 404))


@router.get("")
def show_indicators(asked: Annotated[SpanIn, Query()], services: ServicesDep) -> NationalList:
    """Every national indicator with its definition, by month, institution and modality."""
    with services.database.read() as work:
        return service.national_out(work, asked)


@router.get("/sheet.csv", response_class=Response)
def download_indicators(asked: Annotated[SheetQuery, Query()], services: ServicesDep) -> Response:
    """The same for a spreadsheet."""
    with services.database.read() as work:
        found = service.national_out(work, asked)
    name = f"indicators-{found.begin}-{found.end}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    content = service.sheet(found, english=asked.english)
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/cases")
def list_cases(asked: CasesIn, caller: CallerDep, services: ServicesDep) -> CaseList:
    """The cases behind an indicator, for a reason that is put on the audit chain; patients' names are masked."""
    with services.database.write() as work:
        return service.cases_out(work, caller, asked)
