"""`/api/v1/critical-cases`: raising, telling, acknowledging, treating, closing; each refused with 409 when the case moved on."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue.critical import caring, raising
from storage.db.models import CriticalCase
from storage.db.queries.critical import list_cases
from storage.db.queries.studies import study_by_uid
from storage.db.session import UnitOfWork
from storage.domain.critical import CaseSource
from viewer_api.auth.service import Caller
from viewer_api.critical.schemas import (
    AcknowledgeIn,
    CaseDetail,
    CaseOut,
    CaseQuery,
    CloseIn,
    ConfirmIn,
    CountedOut,
    CountedQuery,
    FalseAlarmIn,
    FeedbackIn,
    FindingLists,
    Indicators,
    RaiseIn,
    SpanQuery,
    ToldIn,
)
from viewer_api.critical.service import case_detail, cases_out, counted_out, indicators_out, lists_out
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Page
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1", tags=["critical values"], responses=refusals(401, 403))

CaseId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/critical-lists")
def list_findings(
    services: ServicesDep, caller: CallerDep, modality: Annotated[str, Query(max_length=16)] = ""
) -> FindingLists:
    """The lists of critical findings that the county has chosen, with the source of each."""
    with services.database.read(caller.scope) as work:
        return lists_out(work, modality)


@router.get("/critical-indicators")
def count_indicators(asked: Annotated[SpanQuery, Query()], caller: CallerDep, services: ServicesDep) -> Indicators:
    """RQI-RCV-04 and US-CV-01 for what began in a span: counts alone, no patients."""
    with services.database.read(caller.scope) as work:
        return indicators_out(work, asked)


@router.get("/critical-indicators/cases")
def list_counted_cases(
    asked: Annotated[CountedQuery, Query()], caller: CallerDep, services: ServicesDep
) -> Page[CountedOut]:
    """The cases behind an indicator, of the county or of one clinic, with why each counts as done or does not."""
    with services.database.read(caller.scope) as work:
        return Page(items=counted_out(work, asked))


@router.get("/critical-cases")
def list_critical_cases(
    asked: Annotated[CaseQuery, Query()], caller: CallerDep, services: ServicesDep
) -> Page[CaseOut]:
    """Critical values: open ones by the time that is left, others the newest first. A clinic sees its own."""
    with services.database.read(caller.scope) as work:
        page = list_cases(work, asked.wanted(), asked.limit, asked.cursor)
        return Page(items=cases_out(work, page.items, caller), next=page.next)


@router.get("/critical-cases/{critical_id}", responses=refusals(404))
def show_critical_case(critical_id: CaseId, caller: CallerDep, services: ServicesDep) -> CaseDetail:
    """One case with its whole record."""
    with services.database.read(caller.scope) as work:
        return case_detail(work, critical_id, caller)


@router.post("/critical-cases", status_code=201, responses=refusals(404, 409))
def raise_critical_case(body: RaiseIn, caller: CallerDep, services: ServicesDep) -> CaseDetail:
    """Suspect a critical value, as a clinic; find one, as a physician: confirmed, and the clinic told, in the same moment."""

    def take(work: UnitOfWork) -> CriticalCase:
        study, actor = study_by_uid(work, body.study_instance_uid).id, caller.actor
        if raising.is_reader(actor):
            told = body.told.told() if body.told else None
            return raising.discover(work, study, actor, body.code, body.finding, told)
        return raising.suspect(work, study, body.code, CaseSource.CLINIC, actor=actor, finding=body.finding)

    return _step(services, caller, take)


@router.post("/critical-cases/{critical_id}/confirm", responses=refusals(404, 409))
def confirm_critical_case(critical_id: CaseId, body: ConfirmIn, caller: CallerDep, services: ServicesDep) -> CaseDetail:
    """A physician says that it is so."""
    told = body.told.told() if body.told else None
    return _step(services, caller, lambda work: caring.confirm(work, critical_id, caller.actor, body.finding, told))


@router.post("/critical-cases/{critical_id}/notify", responses=refusals(404, 409))
def notify_clinic(critical_id: CaseId, body: ToldIn, caller: CallerDep, services: ServicesDep) -> CaseDetail:
    """The clinic was told, by phone or in person, or is to be told in the application again."""
    return _step(services, caller, lambda work: caring.tell(work, critical_id, caller.actor, body.told()))


@router.post("/critical-cases/{critical_id}/ack", responses=refusals(404, 409))
def acknowledge_critical_case(
    critical_id: CaseId, body: AcknowledgeIn, caller: CallerDep, services: ServicesDep
) -> CaseDetail:
    """The clinic knows: who received it, and what he read back."""
    return _step(services, caller, lambda work: caring.acknowledge(work, critical_id, caller.actor, body.heard()))


@router.post("/critical-cases/{critical_id}/feedback", responses=refusals(404, 409))
def give_feedback(critical_id: CaseId, body: FeedbackIn, caller: CallerDep, services: ServicesDep) -> CaseDetail:
    """What was done for the patient."""
    return _step(services, caller, lambda work: caring.feed_back(work, critical_id, caller.actor, body.text))


@router.post("/critical-cases/{critical_id}/close", responses=refusals(404, 409))
def close_critical_case(critical_id: CaseId, body: CloseIn, caller: CallerDep, services: ServicesDep) -> CaseDetail:
    """The loop is closed."""
    return _step(services, caller, lambda work: caring.close(work, critical_id, caller.actor, body.note))


@router.post("/critical-cases/{critical_id}/false-alarm", responses=refusals(404, 409))
def dismiss_critical_case(
    critical_id: CaseId, body: FalseAlarmIn, caller: CallerDep, services: ServicesDep
) -> CaseDetail:
    """It is not so, and why."""
    return _step(services, caller, lambda work: caring.false_alarm(work, critical_id, caller.actor, body.reason))


def _step(services: Services, caller: Caller, take: Callable[[UnitOfWork], CriticalCase]) -> CaseDetail:
    with services.database.write(caller.scope) as work:
        return case_detail(work, take(work).id, caller)
