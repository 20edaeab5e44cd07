"""A study whose report stands gets another task, linked to the one before: after a withdrawal, or when an image was replaced."""

from collections.abc import Mapping

from sqlalchemy import select

from reading_queue.service.opening import ensure_task
from reading_queue.service.stepping import by_system, locked
from storage.db.models import ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.reading import CLOSED_STATES, Action


def read_again(work: UnitOfWork, study: Study, because: str, detail: Mapping[str, object] | None = None) -> ReadingTask:
    """The study's new task; one that is open already is told instead. `because` is what its reader is told."""
    told = {**(detail or {}), "because": because}
    opened = ensure_task(work, study, told)
    if opened is not None:
        return opened
    query = select(ReadingTask.id).where(ReadingTask.study_id == study.id, ReadingTask.state.not_in(CLOSED_STATES))
    open_tasks = [locked(work, task_id) for task_id in work.session.execute(query.order_by(ReadingTask.id)).scalars()]
    for task in open_tasks:
        by_system(work, task, Action.LATE_IMAGES).take(told)
    return open_tasks[0]


def image_replaced(work: UnitOfWork, study: Study, *, is_signed: bool) -> None:
    """Another object has taken the place of one of the study's: what was signed is read again, who reads it now is told."""
    if is_signed:
        read_again(work, study, "images_replaced", {"images": 1})
        return
    query = select(ReadingTask.id).where(ReadingTask.study_id == study.id, ReadingTask.state.not_in(CLOSED_STATES))
    for task_id in work.session.execute(query.order_by(ReadingTask.id)).scalars().all():
        task = locked(work, task_id)
        by_system(work, task, Action.LATE_IMAGES).take({"images": 1, "replaced": True})
