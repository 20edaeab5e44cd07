"""`/api/v1/consultations`: the list of an upper-level hospital, and what its consultants do. It sees what it is asked, no more."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue import service as queue
from storage.db.models import Consultation
from storage.db.queries import consultations
from storage.db.session import UnitOfWork
from viewer_api.auth.service import Caller
from viewer_api.consultations.schemas import (
    AskedDetail,
    AskedOut,
    AskedPage,
    HospitalOut,
    HospitalPage,
    OpinionIn,
)
from viewer_api.consultations.service import asked_detail, asked_out
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.readings.schemas import ReasonIn
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1", tags=["consultations"])

ConsultationId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/consultations", responses=refusals(401, 403))
def list_asked(
    caller: CallerDep,
    services: ServicesDep,
    *,
    open_only: Annotated[bool, Query(alias="open", description="False lists what has ended too.")] = True,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> AskedPage:
    """What the caller's hospital is asked, the last first."""
    with services.database.read() as work:
        found = consultations.asked_of(work, caller.user.institution_id, open_only=open_only, limit=limit)
        return AskedPage(items=[asked_out(row, caller) for row in found])


@router.get("/consultations/{consultation_id}", responses=refusals(401, 403, 404))
def show_asked(consultation_id: ConsultationId, caller: CallerDep, services: ServicesDep) -> AskedDetail:
    """One of them, with what the centre has written so far."""
    with services.database.read() as work:
        row = consultations.consultation_of_hospital(work, caller.user.institution_id, consultation_id)
        return asked_detail(work, row, caller)


@router.post("/consultations/{consultation_id}/accept", responses=refusals(401, 403, 404, 409))
def accept(consultation_id: ConsultationId, caller: CallerDep, services: ServicesDep) -> AskedOut:
    """The caller looks at it; his colleagues see that."""
    return _step(services, caller, lambda work: queue.accept(work, consultation_id, caller.actor))


@router.post("/consultations/{consultation_id}/opinion", responses=refusals(401, 403, 404, 409))
def give_opinion(
    consultation_id: ConsultationId, body: OpinionIn, caller: CallerDep, services: ServicesDep
) -> AskedOut:
    """What the hospital thinks; the case goes back to the one who asked."""
    return _step(services, caller, lambda work: queue.give_opinion(work, consultation_id, caller.actor, body.opinion))


@router.post("/consultations/{consultation_id}/decline", responses=refusals(401, 403, 404, 409))
def decline(consultation_id: ConsultationId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> AskedOut:
    """The hospital does not take it, and says why."""
    return _step(
        services, caller, lambda work: queue.decline_consultation(work, consultation_id, caller.actor, body.reason)
    )


@router.get("/upper-hospitals", responses=refusals(401, 403))
def list_hospitals(services: ServicesDep) -> HospitalPage:
    """Whom the centre may ask."""
    with services.database.read() as work:
        found = consultations.upper_hospitals(work)
        return HospitalPage(items=[HospitalOut(code=one.code, name=one.name, name_en=one.name_en) for one in found])


def _step(services: Services, caller: Caller, take: Callable[[UnitOfWork], Consultation]) -> AskedOut:
    with services.database.write() as work:
        row_id = take(work).id
        work.session.flush()
        return asked_out(consultations.consultation_of_hospital(work, caller.user.institution_id, row_id), caller)
