"""`/healthz`, `/readyz` and `/metrics`, for supervisors and Prometheus. No patient data."""

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import to_thread
from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from storage.db.queries import operations
from storage.db.session import Database
from viewer_api.admin.health import is_alive, store_fault
from viewer_api.dependencies import ServicesDep
from viewer_api.errors import RETRY_SECONDS, problem
from viewer_api.metrics import gauge
from viewer_api.services import Services

router = APIRouter(tags=["operations"])

Found = TypeVar("Found")
_PATIENCE_SECONDS = 5.0
_SILENT = "It does not answer."
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "The database or the object store does not answer."}})
async def readyz(services: ServicesDep) -> Response:
    """Whether requests can be served: the database and the object store answer within five seconds."""
    faults: dict[str, str | None] = {"database": _SILENT, "object_store": _SILENT}

    async def look(name: str, check: Callable[[], str | None]) -> None:
        faults[name] = await to_thread.run_sync(check, abandon_on_cancel=True)

    with anyio.move_on_after(_PATIENCE_SECONDS):
        async with anyio.create_task_group() as group:
            group.start_soon(look, "database", lambda: database_fault(services.database))
            group.start_soon(look, "object_store", lambda: store_fault(services.store))
    away = {name: fault for name, fault in faults.items() if fault}
    if not away:
        return Response('{"status":"ok"}', media_type="application/json")
    detail = " ".join(f"{name}: {fault}" for name, fault in away.items())
    return problem(503, "not_ready", detail, headers={"Retry-After": str(RETRY_SECONDS)}, parts=sorted(away))


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(services: ServicesDep) -> Response:
    """Counts of requests, and numbers of the county, in the Prometheus text format."""
    lines = services.metrics.lines()
    lines += gauge("countyread_waiting_clients", "Open screens and long polls.", [({}, services.hub.listeners)])
    lines += _county_lines(services)
    return Response("\n".join(lines) + "\n", media_type=_TEXT)


def database_fault(database: Database) -> str | None:
    """Why the database cannot be used; None when it answers."""
    try:
        with database.read() as work:
            work.session.execute(select(1))
    except SQLAlchemyError:
        return "The database does not answer."
    return None


def _county_lines(services: Services) -> list[str]:
    try:
        with services.database.read() as work:
            waiting = operations.counts(work)
            states = operations.tasks_by_state(work)
            processes = [(row.process, row.kind, is_alive(row, work.now)) for row in operations.heartbeats(work)]
    except SQLAlchemyError:
        return gauge("countyread_database_up", "Whether the database answers.", [({}, 0)])
    alive = [({"process": name, "kind": kind}, float(lives)) for name, kind, lives in processes]
    return [
        *gauge("countyread_database_up", "Whether the database answers.", [({}, 1)]),
        *gauge("countyread_waiting", "What waits, by kind.", [({"what": k}, v) for k, v in vars(waiting).items()]),
        *gauge("countyread_tasks", "Open tasks by state.", [({"state": k}, v) for k, v in sorted(states.items())]),
        *gauge("countyread_process_alive", "Whether a process gave a sign of life within 30 s.", alive),
    ]
