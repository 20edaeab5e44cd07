"""`/api/v1/settlement`: months and their lines, closing, objections and corrections. A clinic sees its own."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from reading_queue.settlement import disputes, months
from reading_queue.settlement.disputes import Amounts
from storage.db.queries import settlement as rows
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.settlement import service
from viewer_api.settlement.schemas import (
    AnswerIn,
    CloseIn,
    CorrectIn,
    DisputeIn,
    DisputeList,
    DisputeOut,
    LinePage,
    LinesQuery,
    MonthQuery,
    SheetQuery,
    StatementOut,
)
from viewer_api.settlement.sheet import lines_sheet, readers_sheet

router = APIRouter(prefix="/api/v1/settlement", tags=["settlement"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", responses=refusals(404))
def show_month(asked: Annotated[MonthQuery, Query()], caller: CallerDep, services: ServicesDep) -> StatementOut:
    """A month's sums by clinic, item and reader: as it was closed, or as it stands now."""
    with services.database.read(caller.scope) as work:
        found = service.asked_statement(work, caller, asked.month, asked.institution)
        return service.statement_out(work, caller, found)


@router.get("/lines", responses=refusals(404))
def list_lines(asked: Annotated[LinesQuery, Query()], caller: CallerDep, services: ServicesDep) -> LinePage:
    """The lines of a month, each with what it was reckoned from."""
    with services.database.read(caller.scope) as work:
        found = service.asked_statement(work, caller, asked.month, asked.institution)
        return service.lines_out(work, caller, found, asked.after, asked.limit)


@router.get("/lines.csv", responses=refusals(404), response_class=Response)
def download_lines(asked: Annotated[SheetQuery, Query()], caller: CallerDep, services: ServicesDep) -> Response:
    """The same for a spreadsheet."""
    with services.database.read(caller.scope) as work:
        found = service.asked_statement(work, caller, asked.month, asked.institution)
        lines = service.line_out(work, caller, found.lines)
        content = lines_sheet(lines, work.zone, english=asked.english)
    return _sheet(f"settlement-{asked.institution or 'all'}-{found.month}.csv", content)


@router.get("/readers.csv", response_class=Response)
def download_readers(asked: Annotated[SheetQuery, Query()], caller: CallerDep, services: ServicesDep) -> Response:
    """What each reader did and earned in a month, for a spreadsheet."""
    with services.database.read(caller.scope) as work:
        found = service.asked_statement(work, caller, asked.month, asked.institution)
        content = readers_sheet(service.readers_out(work, found.lines), english=asked.english)
    return _sheet(f"readers-{found.month}.csv", content)


@router.post("/close", responses=refusals(409))
def close_month(body: CloseIn, caller: CallerDep, services: ServicesDep) -> StatementOut:
    """Freeze a month that is over; what changes later are lines of later months."""
    with services.database.write(caller.scope) as work:
        months.close(work, caller.actor, body.month)
        return service.statement_out(work, caller, months.statement(work, body.month))


@router.get("/disputes")
def list_disputes(caller: CallerDep, services: ServicesDep) -> DisputeList:
    """Objections to lines of closed months, the latest first."""
    with services.database.read(caller.scope) as work:
        return DisputeList(items=[service.dispute_out(one) for one in rows.disputes(work)])


@router.post("/lines/{line_id}/dispute", status_code=201, responses=refusals(404, 409))
def dispute_line(line_id: RowId, body: DisputeIn, caller: CallerDep, services: ServicesDep) -> DisputeOut:
    """The clinic objects to a line of its own, within the days that the rules give."""
    with services.database.write(caller.scope) as work:
        return service.dispute_out(disputes.dispute(work, caller.actor, line_id, body.words))


@router.post("/lines/{line_id}/correct", status_code=201, responses=refusals(404))
def correct_line(line_id: RowId, body: CorrectIn, caller: CallerDep, services: ServicesDep) -> DisputeOut:
    """Correct a line of a closed month: a line of its own in the present month."""
    by = Amounts(body.fee, body.read_pay, body.audit_pay)
    with services.database.write(caller.scope) as work:
        return service.dispute_out(disputes.correct(work, caller.actor, line_id, body.words, by))


@router.post("/disputes/{dispute_id}/answer", responses=refusals(404, 409))
def answer_dispute(dispute_id: RowId, body: AnswerIn, caller: CallerDep, services: ServicesDep) -> DisputeOut:
    """Grant an objection, and say by what the line is corrected; or refuse it, and say why."""
    by = Amounts(body.fee, body.read_pay, body.audit_pay)
    with services.database.write(caller.scope) as work:
        found = disputes.answer(work, caller.actor, dispute_id, body.words, granted=body.granted, by=by)
        return service.dispute_out(found)


def _sheet(name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
