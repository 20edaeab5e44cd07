"""`/api/v1/results`: what a clinic polls, and its receipts."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from reading_queue import service as queue
from reading_queue.results.outstanding import outstanding
from storage.db.models import ResultPrinting
from storage.db.queries import people, results
from storage.db.session import UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import Forbidden, Invalid
from storage.domain.reading import Role
from storage.ingest.times import time_zone
from viewer_api.auth.service import Caller
from viewer_api.changes import RESULTS
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.http import matches, not_modified
from viewer_api.openapi import refusals
from viewer_api.results.schemas import (
    OutstandingPage,
    ReceiptIn,
    ReceiptOut,
    ResultCountOut,
    ResultCountPage,
    ResultPage,
    SheetQuery,
    SpanQuery,
)
from viewer_api.results.service import outstanding_out, result_out
from viewer_api.results.sheets import result_lines, span_of
from viewer_api.results.statistics import counts, statistic_lines
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/results", tags=["results"])

_MAX_SEQ = 2**63 - 1
_CSV = {200: {"content": {"text/csv": {}}, "description": "UTF-8, RFC 4180"}, **refusals(401, 403, 404)}


@router.get(
    "",
    response_model=ResultPage,
    responses={304: {"description": "Nothing has changed since the answer with that ETag."}, **refusals(401, 403)},
)
async def poll_results(
    caller: CallerDep,
    services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=_MAX_SEQ, description="The last number that the clinic knows.")] = 0,
    wait: Annotated[float, Query(ge=0, le=60, description="Seconds to wait for something new.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    institution: Annotated[str, Query(max_length=64, description="For the centre: whose results.")] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Results with a number above `after`, in order and without gaps. With `wait` the answer comes when there is one."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait
    # Who does not wait has no need of the waiting room, which looks at the whole county for him.
    async with services.hub.listen(caller.scope, RESULTS) if wait else contextlib.nullcontext() as listener:
        while True:
            page = await run_in_threadpool(_read, services, caller, institution, after, limit)
            body = page.model_dump_json().encode()
            etag = f'"{sha256_hex(body)[:32]}"'
            known = matches(if_none_match, etag)
            left = deadline - loop.time()
            if listener is None or left <= 0 or services.hub.closing or (page.items and not known):
                break
            await listener.wait(left)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return not_modified(headers) if known else Response(body, 200, headers, "application/json")


@router.post("/{seq}/receipt", responses=refusals(401, 403, 404))
def acknowledge_result(
    seq: Annotated[int, Path(ge=1, le=_MAX_SEQ)],
    caller: CallerDep,
    services: ServicesDep,
    body: ReceiptIn | None = None,
) -> ReceiptOut:
    """The clinic has the result. A second receipt returns the first, and may add that it has been printed."""
    told = body or ReceiptIn()
    with services.database.write(caller.scope) as work:
        given = queue.receipt(work, seq, caller.actor, told.received_by, printed=told.printed)
        printing = work.session.get(ResultPrinting, given.result_id)
        return ReceiptOut(
            seq=seq,
            received_at=given.at,
            received_by=given.received_by,
            printed_at=printing.at if printing else None,
            printed_by=printing.printed_by if printing else "",
        )


@router.get("/outstanding", responses=refusals(401, 403, 404))
def list_outstanding(
    caller: CallerDep,
    services: ServicesDep,
    institution: Annotated[str, Query(max_length=64, description="For the centre: of one clinic alone.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> OutstandingPage:
    """Results that nobody has acknowledged, the oldest first."""
    with services.database.read(caller.scope) as work:
        found = outstanding(work, institution_id=_of(work, caller, institution), limit=limit)
        return OutstandingPage(items=[outstanding_out(one, work.now) for one in found])


@router.get("/figures", responses=refusals(401, 403, 404))
def show_counts(asked: Annotated[SpanQuery, Query()], caller: CallerDep, services: ServicesDep) -> ResultCountPage:
    """What can be counted of results, by day, institution and modality."""
    span = span_of(asked.first, asked.last, time_zone(services.settings.time_zone))
    with services.database.read(caller.scope) as work:
        found = counts(work, span, _of(work, caller, asked.institution))
    names = ResultCountOut.model_fields
    return ResultCountPage(items=[ResultCountOut(**{name: getattr(one, name) for name in names}) for one in found])


@router.get("/figures.csv", responses=_CSV, response_class=Response)
def download_counts(asked: Annotated[SheetQuery, Query()], caller: CallerDep, services: ServicesDep) -> Response:
    """The same lines for a spreadsheet."""
    span = span_of(asked.first, asked.last, time_zone(services.settings.time_zone))
    with services.database.read(caller.scope) as work:
        found = counts(work, span, _of(work, caller, asked.institution))
    return _sheet(statistic_lines(found, english=asked.lang == "en", mark=asked.bom), "figures", asked)


@router.get("/list.csv", responses=_CSV, response_class=Response)
def download_results(asked: Annotated[SheetQuery, Query()], caller: CallerDep, services: ServicesDep) -> Response:
    """Every result of some days for a spreadsheet, with who has fetched it."""
    span = span_of(asked.first, asked.last, time_zone(services.settings.time_zone))
    with services.database.read(caller.scope) as work:
        whose = _of(work, caller, asked.institution)
    services.opened.note(caller, "results_exported", f"institution:{whose or 'all'}:{asked.first}:{asked.last}")
    english = asked.lang == "en"
    lines = result_lines(services.database, caller.scope, span, whose, english=english, mark=asked.bom)
    return _sheet(lines, "results", asked)


def _sheet(lines: Iterator[str], name: str, asked: SheetQuery) -> StreamingResponse:
    file = f"{name}-{asked.first}-{asked.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _of(work: UnitOfWork, caller: Caller, institution: str) -> int | None:
    """A clinic's own; of the centre the one that is named, or all."""
    if caller.role == Role.CLINIC:
        return _whose(work, caller, institution)
    return people.institution_by_code(work, institution).id if institution else None


def _read(services: Services, caller: Caller, institution: str, after: int, limit: int) -> ResultPage:
    with services.database.read(caller.scope) as work:
        found = results.results_after(work, _whose(work, caller, institution), after, limit)
        items = [result_out(result) for result in found]
        return ResultPage(items=items, next=items[-1].seq if items else after)


def _whose(work: UnitOfWork, caller: Caller, institution: str) -> int:
    own = caller.user.institution
    if caller.role == Role.CLINIC:
        if institution not in ("", own.code):
            raise Forbidden("A clinic sees its own results only.")
        return own.id
    if not institution:
        raise Invalid("Name the clinic: every institution counts its own results.")
    return people.institution_by_code(work, institution).id
