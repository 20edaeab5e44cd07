"""Workitems: the steps of reading tasks, and what came from outside and waits for its images."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from storage.db.models import AuditEvent, ExamOrder, ReadingTask, Study, TaskEvent, UpsRequest
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.orders import OrderState
from viewer_api.ups.steps import Step, steps_of
from viewer_api.ups.uids import read_uid, workitem_uid

_ENDED = (OrderState.CANCELLED, OrderState.DISCONTINUED)


@dataclass(frozen=True)
class Case:
    """A task with its history. `outer_uid` is the UID that its first step has from outside."""

    task: ReadingTask
    events: Sequence[TaskEvent]
    order: ExamOrder | None = None
    outer_uid: str | None = None

    def until(self, seq: int) -> "Case":
        """As it was after event `seq`."""
        return Case(self.task, [event for event in self.events if event.seq <= seq], self.order, self.outer_uid)

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.events)

    def uid_of(self, seq: int) -> str:
        """The UID of the step that began with event `seq`."""
        if self.outer_uid is not None and seq == self.events[0].seq:
            return self.outer_uid
        return workitem_uid(self.task.study.study_instance_uid, self.task.id, seq)

    @property
    def workitems(self) -> "list[Workitem]":
        return [Workitem(self.uid_of(step.seq), self, step) for step in self.steps]


@dataclass(frozen=True)
class Workitem:
    """One step of a task."""

    uid: str
    case: Case
    step: Step

    @property
    def is_present(self) -> bool:
        """Whether this is where the task stands; the steps before it are over."""
        return self.case.steps[-1].seq == self.step.seq


@dataclass(frozen=True)
class Awaited:
    """A workitem from outside whose images have not come: the order stands for it."""

    uid: str
    request: UpsRequest
    order: ExamOrder = field(repr=False)
    given_up: bool = False

    @property
    def is_over(self) -> bool:
        return self.given_up or self.order.state in _ENDED


def find(work: UnitOfWork, uid: str) -> Workitem | Awaited:
    """The workitem with this UID, in scope. Raises `NotFound`."""
    named = read_uid(uid)
    if named is not None:
        case = next(iter(cases_of(work, [named.task_id])), None)
        if case is not None and named.fits(case.task.study.study_instance_uid):
            found = next((one for one in case.workitems if one.uid == uid), None)
            if found is not None:
                return found
    return _from_outside(work, uid)


def _from_outside(work: UnitOfWork, uid: str) -> Workitem | Awaited:
    query = select(UpsRequest).where(UpsRequest.workitem_uid == uid)
    query = query.options(joinedload(UpsRequest.order).joinedload(ExamOrder.institution))
    request = work.session.execute(query).scalar_one_or_none()
    if request is None:
        raise NotFound("There is no such workitem.")
    given_up = was_given_up(work, request)
    first = _first_task(work, request.order)
    if first is not None and not given_up:
        return next(iter(cases_of(work, [first]))).workitems[0]
    return Awaited(uid, request, request.order, given_up)


def _first_task(work: UnitOfWork, order: ExamOrder) -> int | None:
    if order.study_id is None:
        return None
    found: int | None = work.session.execute(
        select(func.min(ReadingTask.id)).where(ReadingTask.study_id == order.study_id)
    ).scalar_one()
    return found


def was_given_up(work: UnitOfWork, request: UpsRequest) -> bool:
    """Whether it was over before its images came: what was told as CANCELED stays so, whatever came afterwards."""
    if request.ended_at is not None:
        return True
    query = select(AuditEvent.seq).where(
        AuditEvent.subject == f"order:{request.order_id}", AuditEvent.action.in_(("order_cancel", "order_discontinue"))
    )
    return work.session.execute(query.limit(1)).scalar_one_or_none() is not None


def cases_of(work: UnitOfWork, task_ids: Collection[int]) -> Iterator[Case]:
    """These tasks as far as they are in scope, each with its history, in the order of their identities."""
    query = select(ReadingTask).where(ReadingTask.id.in_(task_ids)).order_by(ReadingTask.id)
    tasks = work.session.execute(with_study(query), execution_options={"populate_existing": True}).scalars().all()
    events = _events(work, [task.id for task in tasks])
    orders = _orders(work, {task.study_id for task in tasks})
    outer = _outer_uids(work, {task.study_id for task in tasks})
    for task in tasks:
        if task.id in events:
            yield Case(task, events[task.id], orders.get(task.study_id), outer.get(task.id))


def with_study(query: Select[ReadingTask]) -> Select[ReadingTask]:
    """With what a workitem says beside its task."""
    return query.options(joinedload(ReadingTask.study).joinedload(Study.patient), joinedload(ReadingTask.institution))


def _events(work: UnitOfWork, task_ids: Collection[int]) -> dict[int, list[TaskEvent]]:
    query = select(TaskEvent).where(TaskEvent.task_id.in_(task_ids)).order_by(TaskEvent.task_id, TaskEvent.seq)
    found: dict[int, list[TaskEvent]] = {}
    for event in work.session.execute(query).scalars():
        found.setdefault(event.task_id, []).append(event)
    return found


def _orders(work: UnitOfWork, study_ids: Collection[int]) -> dict[int, ExamOrder]:
    query = select(ExamOrder).where(ExamOrder.study_id.in_(study_ids)).order_by(ExamOrder.id.desc())
    return {order.study_id: order for order in work.session.execute(query).scalars() if order.study_id is not None}


def _outer_uids(work: UnitOfWork, study_ids: Collection[int]) -> dict[int, str]:
    """By task: the UIDs from outside that stand for the first step of a study's first task."""
    query = (
        select(UpsRequest, ExamOrder.study_id)
        .join(ExamOrder, ExamOrder.id == UpsRequest.order_id)
        .where(ExamOrder.study_id.in_(study_ids))
    )
    asked = {study: request for request, study in work.session.execute(query) if not was_given_up(work, request)}
    firsts = (
        select(ReadingTask.study_id, func.min(ReadingTask.id))
        .where(ReadingTask.study_id.in_(asked))
        .group_by(ReadingTask.study_id)
    )
    return {task: asked[study].workitem_uid for study, task in work.session.execute(firsts)}
