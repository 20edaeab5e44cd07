"""Orders to take images again: OPEN -> SEEN -> REDONE | WAIVED | EXPIRED, in step with the task that waits for them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from reading_queue.notices import About, Audience, notify
from reading_queue.quality.chapter import QUALITY
from reading_queue.quality.exams import operator_of
from reading_queue.quality.rejecting import reject, revoke
from reading_queue.rulebook import in_force
from reading_queue.service_times import terms_of
from storage.audit import AuditEntry, record
from storage.db.models import ReadingTask, RetakeOrder, Study, TaskEvent
from storage.db.session import Database, UnitOfWork
from storage.domain.errors import Forbidden, NotFound
from storage.domain.notices import Urgency
from storage.domain.quality import OPEN_RETAKES, RetakeState
from storage.domain.reading import Action, Role
from storage.settings import Settings

if TYPE_CHECKING:
    from reading_queue.service.actors import Actor

_BATCH = 200
_MARKS = ("series_instance_uid", "sop_instance_uid", "frame", "region", "shape")


def open_retake(work: UnitOfWork, task: ReadingTask, event: TaskEvent) -> RetakeOrder:
    """The order that a RETURN makes; the clinic is told."""
    detail = event.detail
    order = RetakeOrder(
        institution_id=task.institution_id,
        task_id=task.id,
        return_seq=event.seq,
        study_id=task.study_id,
        device_id=work.session.get_one(Study, task.study_id).device_id,
        modality=task.modality,
        operator=operator_of(work, task.study_id),
        state=RetakeState.OPEN,
        reason_code=str(detail.get("code") or "other"),
        reason=event.reason,
        guidance=str(detail.get("guidance") or ""),
        marked={name: detail[name] for name in _MARKS if detail.get(name) is not None},
        ordered_by_id=event.actor_id,
        ordered_at=event.at,
        see_by=event.at + timedelta(minutes=in_force(work, QUALITY).content.retakes.seen_minutes),
        answer_by=event.at + terms_of(work, task.sla_policy).policy.answer_within,
    )
    work.session.add(order)
    work.session.flush()
    reject(work, order)
    _tell_clinic(work, order, "retake.ordered", Urgency.URGENT)
    return order


def close_retake(work: UnitOfWork, task: ReadingTask, event: TaskEvent) -> None:
    """The task waits no longer: new images came, the clinic said that there will be none, or the time is over."""
    for order in _open_orders(work, task.id):
        order.state = _outcome(event)
        order.closed_at, order.closed_by, order.close_reason = event.at, event.actor, event.reason
        if event.action == Action.RETAKEN and order.state == RetakeState.WAIVED:
            revoke(work, order)
        if order.state == RetakeState.EXPIRED:
            _tell_clinic(work, order, "retake.expired", Urgency.NORMAL)
    work.session.flush()


def see(work: UnitOfWork, actor: "Actor", order_id: int) -> RetakeOrder:
    """The clinic has opened the order. Only its first look counts; nobody else's does. Raises `NotFound`, `Forbidden`."""
    if actor.role is not Role.CLINIC:
        raise Forbidden("Only the clinic that is to take the images sees an order off.")
    query = select(RetakeOrder).where(RetakeOrder.id == order_id, RetakeOrder.institution_id == actor.institution_id)
    order = work.session.execute(query.with_for_update(of=RetakeOrder)).scalar_one_or_none()
    if order is None:
        raise NotFound("There is no such retake order.")
    if order.state == RetakeState.OPEN:
        order.state, order.seen_at, order.seen_by_id = RetakeState.SEEN, work.now, actor.user_id
        record(work.session, AuditEntry(work.now, actor.username, "retake.seen", f"retake:{order.id}", {}))
        work.session.flush()
    return order


def remind_of_retakes(database: Database, _settings: Settings) -> None:
    """Tell the clinic again, and the county's manager, of orders that nobody has looked at in time."""
    with database.write() as work:
        remind(work)


def remind(work: UnitOfWork) -> int:
    """Remind of what is OPEN after its `see_by`, once each. Returns how many."""
    query = select(RetakeOrder).where(
        RetakeOrder.state == RetakeState.OPEN, RetakeOrder.see_by <= work.now, RetakeOrder.reminded_at.is_(None)
    )
    late = work.session.execute(query.limit(_BATCH).with_for_update(of=RetakeOrder, skip_locked=True)).scalars().all()
    for order in late:
        order.reminded_at = work.now
        _tell_clinic(work, order, "retake.unseen", Urgency.URGENT)
        centre = Audience(roles=frozenset({Role.MANAGER}))
        notify(
            work,
            "retake.unseen_by_clinic",
            centre,
            _about(order),
            key=f"retake.unseen_by_clinic:{order.id}",
            params=_params(order),
        )
    return len(late)


def _outcome(event: TaskEvent) -> RetakeState:
    if event.action == Action.EXPIRE:
        return RetakeState.EXPIRED
    redone = event.action == Action.RETAKEN and not event.detail.get("waived")
    return RetakeState.REDONE if redone else RetakeState.WAIVED


def _open_orders(work: UnitOfWork, task_id: int) -> list[RetakeOrder]:
    query = select(RetakeOrder).where(RetakeOrder.task_id == task_id, RetakeOrder.state.in_(OPEN_RETAKES))
    return list(work.session.execute(query.with_for_update(of=RetakeOrder)).scalars())


def _tell_clinic(work: UnitOfWork, order: RetakeOrder, kind: str, urgency: Urgency) -> None:
    clinic = Audience(roles=frozenset({Role.CLINIC}), institution_id=order.institution_id)
    notify(work, kind, clinic, _about(order), key=f"{kind}:{order.id}", urgency=urgency, params=_params(order))


def _about(order: RetakeOrder) -> About:
    return About(task_id=order.task_id, study_id=order.study_id)


def _params(order: RetakeOrder) -> dict[str, str]:
    return {"modality": order.modality, "code": order.reason_code}
