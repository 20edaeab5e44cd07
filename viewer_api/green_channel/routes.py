"""`/api/v1/green-channel`: chest pain, stroke, trauma. A clinic opens a case for its own patient, the centre for anybody's."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy import select

from reading_queue.service import green_channel
from storage.db.models import GreenChannelCase, Institution, ReadingTask, Study
from storage.db.queries.persons import rows_of_person
from storage.db.session import UnitOfWork
from storage.domain.green_channel import Kind, Milestone
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.green_channel.schemas import CaseOut, CloseIn, MilestoneIn, MilestoneOut, OpenIn
from viewer_api.openapi import refusals
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1/green-channel", tags=["green channel"], responses=refusals(401, 403))

CaseId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def list_cases(caller: CallerDep, services: ServicesDep, *, open: Annotated[bool, Query()] = True) -> Page[CaseOut]:  # noqa: A002 - its name in the URL
    """The cases, the latest first; those that are closed too when `open` is false."""
    with services.database.read(caller.scope) as work:
        return Page(items=[_out(work, case) for case in green_channel.list_cases(work, open_only=open)])


@router.post("", status_code=201, responses=refusals(404))
def open_case(body: OpenIn, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """Put a study's patient on the green channel: what is examined of him is P0. The same case when one is open already."""
    with services.database.write(caller.scope) as work:
        case = green_channel.open_case(work, caller.actor, body.study_instance_uid, body.kind, body.reason)
        return _out(work, case)


@router.get("/{case_id}", responses=refusals(404))
def show_case(case_id: CaseId, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """A case with what has been told of it and what has not."""
    with services.database.read(caller.scope) as work:
        return _out(work, green_channel.find_case(work, case_id))


@router.post("/{case_id}/milestones", status_code=201, responses=refusals(404, 409))
def add_milestone(case_id: CaseId, body: MilestoneIn, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """Say when something happened; each moment once."""
    with services.database.write(caller.scope) as work:
        green_channel.add_milestone(work, caller.actor, case_id, body.name, body.at)
        return _out(work, green_channel.find_case(work, case_id))


@router.post("/{case_id}/close", responses=refusals(404))
def close_case(case_id: CaseId, body: CloseIn, caller: CallerDep, services: ServicesDep) -> CaseOut:
    """What is examined from now on is no longer P0 because of it."""
    with services.database.write(caller.scope) as work:
        return _out(work, green_channel.close_case(work, caller.actor, case_id, body.reason))


def _out(work: UnitOfWork, case: GreenChannelCase) -> CaseOut:
    place = work.session.get_one(Institution, case.institution_id)
    told = green_channel.milestones_of(work, case)
    known = {row.name for row in told}
    return CaseOut(
        id=case.id,
        kind=Kind(case.kind),
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        opened_at=case.opened_at,
        opened_by=case.opened_by,
        reason=case.reason,
        closed_at=case.closed_at,
        closed_by=case.closed_by,
        close_reason=case.close_reason,
        milestones=[
            MilestoneOut(name=Milestone(row.name), at=row.at, recorded_at=row.recorded_at, recorded_by=row.recorded_by)
            for row in told
        ],
        missing=[name for name in Milestone if name not in known],
        tasks=_tasks(work, case),
    )


def _tasks(work: UnitOfWork, case: GreenChannelCase) -> list[int]:
    rows = rows_of_person(work.session, case.patient_id)
    query = select(ReadingTask.id).join(Study, Study.id == ReadingTask.study_id)
    own = query.where(Study.patient_id.in_(rows), ReadingTask.green_channel_case_id == case.id)
    return list(work.session.execute(own.order_by(ReadingTask.id)).scalars())
