"""What clients do to workitems (PS3.18 11.6 to 11.8), as the steps of the reading workflow that it comes down to.

Each returns the text of a warning, empty where everything was done as asked.
"""

from collections.abc import Mapping
from typing import Any

from reading_queue import service as queue
from reading_queue.notes import write_note
from reading_queue.projections import UpsState
from reading_queue.service import Actor, ReportContent
from reading_queue.service.stepping import locked
from reading_queue.transitions import TABLE
from storage.db.models import UpsCancelRequest
from storage.db.session import UnitOfWork
from storage.domain.errors import AlreadyClaimed, BadRequest, Invalid, NotAllowedFromState, UpsStatus
from storage.domain.identifiers import is_valid_uid
from storage.domain.reading import Action, Priority, TaskState
from storage.orders.placing import cancel_order
from viewer_api.ups.steps import Work
from viewer_api.ups.told import items, text
from viewer_api.ups.workitems import Awaited, Workitem, find

_STATE, _TRANSACTION, _PRIORITY = "00741000", "00081195", "00741200"
_PERFORMED, _PARAMETERS, _PROGRESS = "00741216", "00741212", "00741002"
_FINDINGS, _IMPRESSION = "121070", "121073"
_CLASSES = {"HIGH": Priority.P1, "MEDIUM": Priority.P2, "LOW": Priority.P3}
_OF_NO_USE = "Requested optional Attributes are not supported."
_UNDERSTOOD = frozenset({_TRANSACTION, _PRIORITY, _PERFORMED, _PROGRESS, "00080005"})
DEFAULT_REASON = "UPS-RS"
_LONGEST_REASON = 500


def change_state(work: UnitOfWork, actor: Actor, uid: str, dataset: Mapping[str, Any], lease_minutes: float) -> str:
    """Claim (IN PROGRESS), hand over or sign (COMPLETED), or give back (CANCELED)."""
    state, transaction = text(dataset, _STATE), _transaction(text(dataset, _TRANSACTION))
    item = _present(work, uid, state)
    if isinstance(item, str):
        return item
    task_id = item.case.task.id
    match state:
        case UpsState.IN_PROGRESS:
            if item.step.state == UpsState.IN_PROGRESS:
                raise AlreadyClaimed("The workitem is IN PROGRESS already.")
            queue.claim(work, task_id, actor, lease_minutes=lease_minutes, token=transaction)
        case UpsState.COMPLETED:
            _require_in_hand(item)
            _complete(work, item, actor, transaction)
        case UpsState.CANCELED:
            _require_in_hand(item)
            queue.release(work, task_id, actor, transaction, _reason(dataset))
        case _:
            raise BadRequest("The state is IN PROGRESS, COMPLETED or CANCELED (status 0xC303).")
    return ""


def update(
    work: UnitOfWork, actor: Actor, uid: str, dataset: Mapping[str, Any], transaction: str, minutes: float
) -> str:
    """Priority while it is SCHEDULED; report and progress while it is in hand. Any progress keeps the lease alive."""
    if _STATE in dataset:
        raise BadRequest("The state is changed by PUT to the resource state.")
    item = _present(work, uid, "")
    assert not isinstance(item, str)
    if item.step.state == UpsState.IN_PROGRESS:
        token = _transaction(transaction or text(dataset, _TRANSACTION))
        queue.heartbeat(work, item.case.task.id, actor, token, lease_minutes=minutes)
        if (content := _content(work, item, dataset)) is not None:
            queue.save_draft(work, item.case.task.id, actor, token, content)
    elif priority := text(dataset, _PRIORITY):
        _prioritise(work, item, actor, priority)
    return "" if set(dataset) <= _UNDERSTOOD else _OF_NO_USE


def request_cancellation(work: UnitOfWork, actor: Actor, uid: str, dataset: Mapping[str, Any], author: str) -> str:
    """Give up what nobody has in hand; of what is in hand whoever reads is told, and decides."""
    reason = _reason(dataset)
    item = _locked(work, uid)
    if isinstance(item, Awaited):
        return _give_up_waiting(work, item, reason, author)
    if item.step.state == UpsState.CANCELED:
        return _already(UpsState.CANCELED)
    if item.step.state == UpsState.COMPLETED:
        raise NotAllowedFromState("The UPS is already COMPLETED.", UpsStatus.COMPLETED)
    task = item.case.task
    may = TABLE[TaskState(task.state), Action.CANCEL].roles
    if item.step.state == UpsState.SCHEDULED or actor.role in may:
        queue.cancel(work, task.id, actor, reason)
        return ""
    contact = text(dataset, "0074100C") or actor.name
    write_note(work, actor, task.study, f"请求取消阅片（{contact}）：{reason}")
    work.session.add(
        UpsCancelRequest(
            institution_id=task.institution_id,
            task_id=task.id,
            workitem_uid=uid,
            reason=reason,
            contact=contact,
            requested_by=author,
            requested_at=work.now,
        )
    )
    return ""


def _locked(work: UnitOfWork, uid: str) -> Workitem | Awaited:
    """The workitem, its task locked until the commit."""
    found = find(work, uid)
    if isinstance(found, Awaited):
        return found
    locked(work, found.case.task.id)
    return find(work, uid)


def _present(work: UnitOfWork, uid: str, wanted: str) -> Workitem | str:
    """The workitem if it is not over, or the warning that it is where it is wanted to be."""
    item = _locked(work, uid)
    if isinstance(item, Awaited):
        if item.is_over and wanted == UpsState.CANCELED:
            return _already(UpsState.CANCELED)
        status = UpsStatus.FINAL if item.is_over else UpsStatus.NOT_YET_IN_PROGRESS
        raise NotAllowedFromState("The images of this workitem have not come.", status)
    if item.step.is_over:
        if item.step.state == wanted:
            return _already(item.step.state)
        raise NotAllowedFromState(f"The workitem is {item.step.state} and may no longer be changed.", UpsStatus.FINAL)
    return item


def _already(state: UpsState) -> str:
    return f"The UPS is already in the requested state of {state}."


def _require_in_hand(item: Workitem) -> None:
    if item.step.state != UpsState.IN_PROGRESS:
        raise NotAllowedFromState("The workitem is not IN PROGRESS yet.", UpsStatus.NOT_YET_IN_PROGRESS)


def _complete(work: UnitOfWork, item: Workitem, actor: Actor, transaction: str) -> None:
    task_id = item.case.task.id
    try:
        if item.step.work == Work.AUDIT:
            queue.sign(work, task_id, actor, transaction)
            return
        draft = queue.draft_of(work, task_id)
        words = ReportContent.of(draft) if draft is not None else ReportContent("", "")
        queue.submit(work, task_id, actor, transaction, words)
    except Invalid as fault:
        raise NotAllowedFromState(
            f"What a COMPLETED workitem needs is not there: {fault.message}", UpsStatus.NOT_MET
        ) from None


def _content(work: UnitOfWork, item: Workitem, dataset: Mapping[str, Any]) -> ReportContent | None:
    """Findings and impression as content items of the Performed Processing Parameters Sequence; None where there are none."""
    told = {
        text(name, "00080100"): text(one, "0040A160")
        for performed in items(dataset, _PERFORMED)
        for one in items(performed, _PARAMETERS)
        for name in items(one, "0040A043")
    }
    if not told.keys() & {_FINDINGS, _IMPRESSION}:
        return None
    draft = queue.draft_of(work, item.case.task.id)
    before = ReportContent.of(draft) if draft is not None else ReportContent("", "")
    return ReportContent(
        told.get(_FINDINGS, before.findings), told.get(_IMPRESSION, before.impression), before.positive, before.critical
    )


def _prioritise(work: UnitOfWork, item: Workitem, actor: Actor, word: str) -> None:
    if word not in _CLASSES:
        raise BadRequest("Scheduled Procedure Step Priority is HIGH, MEDIUM or LOW.")
    present = item.case.task.priority
    is_high = word == "HIGH" and present == Priority.P0
    if present != _CLASSES[word] and not is_high:
        queue.prioritise(work, item.case.task.id, actor, _CLASSES[word], DEFAULT_REASON)


def _give_up_waiting(work: UnitOfWork, item: Awaited, reason: str, author: str) -> str:
    if item.is_over:
        return _already(UpsState.CANCELED)
    cancel_order(work, item.order, reason, author=author)
    item.request.ended_at = work.now
    return ""


def _transaction(uid: str) -> str:
    if not uid:
        raise BadRequest("The Transaction UID is missing.")
    if not is_valid_uid(uid):
        raise BadRequest("The Transaction UID is not a UID.")
    return uid


def _reason(dataset: Mapping[str, Any]) -> str:
    progress: Mapping[str, Any] = next(items(dataset, _PROGRESS), {})
    found = text(dataset, "00741238") or text(progress, "00741238")
    for holder in (dataset, progress):
        for code in items(holder, "0074100E"):
            found = found or text(code, "00080104")
    return found[:_LONGEST_REASON] or DEFAULT_REASON
