"""`/api/v1/green-channel`: chest pain, stroke, trauma. A clinic opens a case for its own patient, the centre for anybody's."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue.service import green_channel
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.green_channel.schemas import CaseOut, CloseIn, MilestoneIn, OpenIn
from viewer_api.green_channel.service import case_out, cases_out
from viewer_api.openapi import refusals
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1/green-channel", tags=["green channel"], responses=refusals(401, 403))

CaseId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def list_cases(caller: CallerDep, services: ServicesDep, *, open: Annotated[bool, Query()] = True) -> Page[CaseOut]:  # noqa: A002 - its name in the URL
    """The cases, the latest first; those that are closed too when `open` is false."""
    with services.database.read(caller.scope) as work:
        return Page(items=cases_out(work, green_channel.list_cases(work, open_only=open)))


@router.post("", status_code=201, responses=refusals(404))
def open_case(body: OpenIn, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """Put a study's patient on the green channel: what is examined of him is P0. The same case when one is open already."""
    with services.database.write(caller.scope) as work:
        case = green_channel.open_case(work, caller.actor, body.study_instance_uid, body.kind, body.reason)
        return case_out(work, case)


@router.get("/{case_id}", responses=refusals(404))
def show_case(case_id: CaseId, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """A case with what has been told of it and what has not."""
    with services.database.read(caller.scope) as work:
        return case_out(work, green_channel.find_case(work, case_id))


@router.post("/{case_id}/milestones", status_code=201, responses=refusals(404, 409))
def add_milestone(case_id: CaseId, body: MilestoneIn, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """Say when something happened; each moment once."""
    with services.database.write(caller.scope) as work:
        green_channel.add_milestone(work, caller.actor, case_id, body.name, body.at)
        return case_out(work, green_channel.find_case(work, case_id))


@router.post("/{case_id}/close", responses=refusals(404))
def close_case(case_id: CaseId, body: CloseIn, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """What is examined from now on is no longer P0 because of it."""
    with services.database.write(caller.scope) as work:
        return case_out(work, green_channel.close_case(work, caller.actor, case_id, body.reason))
