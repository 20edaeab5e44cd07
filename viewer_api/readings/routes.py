"""`/api/v1/tasks/{id}/...`: the steps of a task. Each is refused with 409 when the task has moved on, and then changes nothing."""

from collections.abc import Callable
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from reading_queue import service as queue
from reading_queue.ecg.printing import printed_ecgs, sources_of_version
from reading_queue.quality import discrepancies
from reading_queue.report_pdf import version_pdf
from storage.db.models import ReadingTask, ReportVersion
from storage.db.queries import people
from storage.db.session import UnitOfWork
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.readings.schemas import (
    AmendIn,
    AnswerIn,
    AskIn,
    AssignIn,
    ConsultIn,
    LeaseIn,
    LeaseOut,
    PriorityIn,
    ReasonIn,
    RejectIn,
    ReleaseIn,
    ReportUnderLease,
    ReturnIn,
    SavedOut,
    SignedOut,
    SignIn,
)
from viewer_api.services import Services
from viewer_api.worklist.routes import TaskId
from viewer_api.worklist.schemas import TaskOut
from viewer_api.worklist.service import task_line

router = APIRouter(prefix="/api/v1/tasks/{task_id}", tags=["readings"], responses=refusals(401, 403, 404, 409))


@router.post("/heartbeat")
def heartbeat(task_id: TaskId, body: LeaseIn, caller: CallerDep, services: ServicesDep) -> LeaseOut:
    """The reader is still there."""
    minutes = services.settings.lease_minutes
    with services.database.write(caller.scope) as work:
        lease = queue.heartbeat(work, task_id, caller.actor, body.lease_token, lease_minutes=minutes)
        return LeaseOut(lease_expires_at=lease.expires_at)


@router.put("/draft")
def save_draft(task_id: TaskId, body: ReportUnderLease, caller: CallerDep, services: ServicesDep) -> SavedOut:
    """Keep what has been written so far; it may be incomplete."""
    with services.database.write(caller.scope) as work:
        draft = queue.save_draft(work, task_id, caller.actor, body.lease_token, body.report.content())
        return SavedOut(saved_at=draft.saved_at)


@router.get(
    "/draft/pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "A4"}},
)
def preview_report(
    task_id: TaskId,
    caller: CallerDep,
    services: ServicesDep,
    lang: Annotated[Literal["zh", "en"], Query(description="Of the printed labels.")] = "zh",
) -> Response:
    """The saved draft on paper, as it will be printed once it is signed; marked as a draft."""
    with services.database.read(caller.scope) as work:
        proposed = queue.preview(work, task_id, caller.actor)
        sources = sources_of_version(work, proposed.content)
    ecgs, zone = printed_ecgs(services.store, sources), ZoneInfo(services.settings.time_zone)
    paper = version_pdf(proposed, [], lang, zone, ecgs=ecgs, is_draft=True)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="draft-{task_id}.pdf"'}
    return Response(paper, 200, headers, "application/pdf")


@router.post("/release")
def release(task_id: TaskId, body: ReleaseIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Give the case back; the draft is kept."""
    token, reason = body.lease_token, body.reason
    return _step(services, caller, lambda work: queue.release(work, task_id, caller.actor, token, reason))


@router.post("/submit")
def submit(task_id: TaskId, body: ReportUnderLease, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Hand the report over for audit."""
    token, content = body.lease_token, body.report.content()
    return _step(services, caller, lambda work: queue.submit(work, task_id, caller.actor, token, content))


@router.post("/sign")
def sign(task_id: TaskId, body: SignIn, caller: CallerDep, services: ServicesDep) -> SignedOut:
    """Issue the report: by the auditor, or by the reader where the policy allows one signature."""
    content = body.report.content() if body.report else None

    def take(work: UnitOfWork) -> ReportVersion:
        token, override = body.lease_token, body.override_reason
        version = queue.sign(work, task_id, caller.actor, token, content, override=override)
        if body.discrepancy is not None:
            discrepancies.judge(work, caller.actor, task_id, body.discrepancy)
        return version

    return _issue(services, caller, task_id, take)


@router.post("/preliminary")
def issue_preliminary(task_id: TaskId, body: ReportUnderLease, caller: CallerDep, services: ServicesDep) -> SignedOut:
    """Tell the clinic of an emergency at once; the case stays in hand, and the final report must follow."""
    token, content = body.lease_token, body.report.content()
    return _issue(
        services, caller, task_id, lambda w: queue.issue_preliminary(w, task_id, caller.actor, token, content)
    )


@router.post("/consult")
def consult(task_id: TaskId, body: ConsultIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Ask an upper-level hospital; the case comes back to the caller."""
    about = (body.lease_token, body.hospital, body.question)
    return _step(services, caller, lambda work: queue.consult(work, task_id, caller.actor, *about).task)


@router.post("/recall")
def recall(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Wait for the hospital no longer."""
    return _step(services, caller, lambda work: queue.recall(work, task_id, caller.actor, body.reason).task)


@router.post("/reconcile")
def reconcile(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Somebody has looked whose study it is: it may be read."""
    return _step(services, caller, lambda work: queue.reconcile(work, task_id, caller.actor, body.reason))


@router.post("/reject")
def reject(task_id: TaskId, body: RejectIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Send a draft back to its author."""
    token, reason = body.lease_token, body.reason
    return _step(services, caller, lambda work: queue.reject(work, task_id, caller.actor, token, reason))


@router.post("/return")
def return_for_retake(task_id: TaskId, body: ReturnIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Send the study back to the clinic for new images."""
    why = (body.code, body.reason, body.series_instance_uid, body.marked())
    return _step(
        services, caller, lambda work: queue.return_for_retake(work, task_id, caller.actor, body.lease_token, *why)
    )


@router.post("/ask")
def ask(task_id: TaskId, body: AskIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Ask the clinic; the clock stands still until it answers."""
    asked = (body.lease_token, body.question, body.marked())
    return _step(services, caller, lambda work: queue.ask(work, task_id, caller.actor, *asked))


@router.post("/answer")
def answer(task_id: TaskId, body: AnswerIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """The clinic's answer; the case goes back to the one who asked."""
    return _step(services, caller, lambda work: queue.answer(work, task_id, caller.actor, body.text))


@router.post("/retaken")
def retaken(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """The clinic says that there will be no new images: the study is read as it is."""
    return _step(services, caller, lambda work: queue.retaken(work, task_id, caller.actor, body.reason))


@router.post("/assign")
def assign(task_id: TaskId, body: AssignIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Keep the case for one reader."""

    def take(work: UnitOfWork) -> ReadingTask:
        return queue.assign(work, task_id, caller.actor, people.user_by_name(work, body.reader), body.reason)

    return _step(services, caller, take)


@router.post("/decline")
def decline(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """The centre does not take the case."""
    return _step(services, caller, lambda work: queue.decline(work, task_id, caller.actor, body.reason))


@router.post("/cancel")
def cancel(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Nothing is to be read any more."""
    return _step(services, caller, lambda work: queue.cancel(work, task_id, caller.actor, body.reason))


@router.post("/priority")
def prioritise(task_id: TaskId, body: PriorityIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Change the class of the case; its due times are set anew."""
    new, reason = body.priority, body.reason
    return _step(services, caller, lambda work: queue.prioritise(work, task_id, caller.actor, new, reason))


@router.post("/amend")
def amend(task_id: TaskId, body: AmendIn, caller: CallerDep, services: ServicesDep) -> SignedOut:
    """Issue a later version of a signed report; the clinic has to fetch it again."""
    content = body.report.content()

    def take(work: UnitOfWork) -> ReportVersion:
        override = body.override_reason
        return queue.amend(work, task_id, caller.actor, content, body.reason, body.kind, override=override)

    return _issue(services, caller, task_id, take)


@router.post("/withdraw")
def withdraw(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> SignedOut:
    """Take a signed report back; a last version says so."""
    return _issue(services, caller, task_id, lambda w: queue.withdraw(w, task_id, caller.actor, body.reason))


@router.post("/reread")
def reread(task_id: TaskId, body: ReasonIn, caller: CallerDep, services: ServicesDep) -> TaskOut:
    """Have a study read anew whose report was withdrawn; the answer is its new task."""
    return _step(services, caller, lambda work: queue.reread(work, task_id, caller.actor, body.reason))


def _step(services: Services, caller: Caller, take: Callable[[UnitOfWork], ReadingTask]) -> TaskOut:
    with services.database.write(caller.scope) as work:
        return task_line(work, take(work).id, caller)


def _issue(services: Services, caller: Caller, task_id: int, take: Callable[[UnitOfWork], ReportVersion]) -> SignedOut:
    with services.database.write(caller.scope) as work:
        version = take(work)
        report_id, number = version.report_id, version.version
        return SignedOut(task=task_line(work, task_id, caller), report_id=report_id, version=number)
