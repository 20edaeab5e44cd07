"""`/api/v1/tasks`: the worklist, and taking a case in hand."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from reading_queue import service as queue
from storage.db.queries.tasks import list_tasks
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Page
from viewer_api.worklist.schemas import ClaimOut, TaskDetail, TaskOut, TaskQuery
from viewer_api.worklist.service import claim_out, task_detail, task_lines

router = APIRouter(prefix="/api/v1/tasks", tags=["worklist"])

TaskId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", responses=refusals(401, 403))
def list_worklist(asked: Annotated[TaskQuery, Query()], caller: CallerDep, services: ServicesDep) -> Page[TaskOut]:
    """The worklist, what is due first first."""
    with services.database.read(caller.scope) as work:
        page = list_tasks(work, asked.wanted(caller.user.id), asked.limit, asked.cursor)
        return Page(items=task_lines(work, page.items, caller), next=page.next)


@router.post(
    "/next",
    responses={204: {"description": "There is nothing to read for the caller."}, **refusals(401, 403)},
)
def take_next(caller: CallerDep, services: ServicesDep) -> ClaimOut:
    """Claim the next case: the server picks it by the county's rules. An auditing physician also gets drafts."""
    minutes = services.settings.lease_minutes
    lease = queue.ask_next(services.database, caller.actor, lease_minutes=minutes, scope=caller.scope)
    if lease is None:
        return Response(status_code=204)  # type: ignore[return-value]
    with services.database.read(caller.scope) as work:
        return claim_out(work, lease, caller)


@router.get("/{task_id}", responses=refusals(401, 403, 404))
def show_task(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> TaskDetail:
    """One task with its draft, its history and its report."""
    with services.database.read(caller.scope) as work:
        return task_detail(work, task_id, caller)


@router.post("/{task_id}/claim", responses=refusals(401, 403, 404, 409))
def claim_task(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> ClaimOut:
    """Take one named case in hand; 409 `already_claimed` while somebody has it.

    409 `more_urgent_first` where the county's rules do not leave it to a free choice; `take_instead` is the task to take.
    """
    with services.database.write(caller.scope) as work:
        lease = queue.claim(work, task_id, caller.actor, lease_minutes=services.settings.lease_minutes)
        return claim_out(work, lease, caller)


@router.post("/{task_id}/resume", responses=refusals(401, 403, 404, 409))
def resume_task(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> ClaimOut:
    """A new lease token for the holder who lost his, after a browser restart say; the old one is stale from then on."""
    with services.database.write(caller.scope) as work:
        lease = queue.resume(work, task_id, caller.actor, lease_minutes=services.settings.lease_minutes)
        return claim_out(work, lease, caller)
