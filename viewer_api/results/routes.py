"""`/api/v1/results`: what a clinic polls, and its receipts."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from reading_queue import service as queue
from storage.db.queries import people, results
from storage.db.session import UnitOfWork
from storage.domain.canonical import sha256_hex
from storage.domain.errors import Forbidden, Invalid
from storage.domain.reading import Role
from viewer_api.auth.service import Caller
from viewer_api.changes import RESULTS
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.http import matches, not_modified
from viewer_api.openapi import refusals
from viewer_api.results.schemas import ReceiptIn, ReceiptOut, ResultPage
from viewer_api.results.service import result_out
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/results", tags=["results"])

_MAX_SEQ = 2**63 - 1


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
    async with services.hub.listen(caller.scope, RESULTS) as listener:
        while True:
            page = await run_in_threadpool(_read, services, caller, institution, after, limit)
            body = page.model_dump_json().encode()
            etag = f'"{sha256_hex(body)[:32]}"'
            known = matches(if_none_match, etag)
            left = deadline - loop.time()
            if left <= 0 or services.hub.closing or (page.items and not known):
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
    """The clinic has the result. A second receipt returns the first."""
    with services.database.write(caller.scope) as work:
        given = queue.receipt(work, seq, caller.actor, body.received_by if body else "")
        return ReceiptOut(seq=seq, received_at=given.at, received_by=given.received_by)


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
