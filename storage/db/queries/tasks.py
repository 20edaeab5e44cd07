"""The worklist: tasks by filter, due first, with everything that a line shows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from storage.db.models import ReadingTask, Study, TaskEvent
from storage.db.queries.task_streams import TaskFilter, page_of_ids
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, NotFound

__all__ = ["TaskFilter", "TaskPage", "events_of", "get_task", "list_tasks", "tasks_of_study"]

MAX_LIMIT = 200


@dataclass(frozen=True)
class TaskPage:
    """Some lines, and the cursor of the next page; None on the last."""

    items: Sequence[ReadingTask]
    next: str | None


def list_tasks(work: UnitOfWork, task_filter: TaskFilter, limit: int = 50, cursor: str | None = None) -> TaskPage:
    """One page of tasks, what is due first first. Raises `Invalid` for a cursor that no page gave."""
    size = max(1, min(limit, MAX_LIMIT))
    ids = page_of_ids(work, task_filter, size + 1, None if cursor is None else _decode(cursor))
    query = _with_line(select(ReadingTask)).where(ReadingTask.id.in_(ids))
    rows = work.session.execute(query.order_by(ReadingTask.due_at, ReadingTask.id)).scalars().all()
    return TaskPage(rows[:size], _encode(rows[size - 1]) if len(rows) > size else None)


def get_task(work: UnitOfWork, task_id: int) -> ReadingTask:
    """One task with everything that a line shows. Raises `NotFound`."""
    task = work.session.execute(_with_line(select(ReadingTask)).where(ReadingTask.id == task_id)).scalar_one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    return task


def tasks_of_study(work: UnitOfWork, study_id: int) -> Sequence[ReadingTask]:
    """All tasks of a study, the newest first."""
    query = _with_line(select(ReadingTask)).where(ReadingTask.study_id == study_id).order_by(ReadingTask.id.desc())
    return work.session.execute(query).scalars().all()


def events_of(work: UnitOfWork, task_id: int) -> Sequence[TaskEvent]:
    """What happened to a task, in order."""
    query = select(TaskEvent).where(TaskEvent.task_id == task_id).order_by(TaskEvent.seq)
    return work.session.execute(query).scalars().all()


def _with_line(query: Select[ReadingTask]) -> Select[ReadingTask]:
    return query.options(
        joinedload(ReadingTask.study).options(joinedload(Study.patient), joinedload(Study.device)),
        joinedload(ReadingTask.institution),
        joinedload(ReadingTask.preferred_reader),
        joinedload(ReadingTask.reader),
        joinedload(ReadingTask.author),
        joinedload(ReadingTask.signer),
    )


def _encode(task: ReadingTask) -> str:
    return base64.urlsafe_b64encode(json.dumps([task.due_at.isoformat(), task.id]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, int]:
    try:
        due_at, task_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment, key = datetime.fromisoformat(due_at), int(task_id)
    except (binascii.Error, ValueError, TypeError) as error:
        raise Invalid("The cursor is not one that this list gave.") from error
    if moment.tzinfo is None:
        raise Invalid("The cursor is not one that this list gave.")
    return moment, key
