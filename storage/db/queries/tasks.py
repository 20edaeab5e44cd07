"""The worklist: tasks by filter, due first, with everything that a line shows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import joinedload

from storage.db.models import Institution, Patient, ReadingTask, Study, TaskEvent
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, NotFound
from storage.domain.reading import CLOSED_STATES, Priority, TaskState

MAX_LIMIT = 200


@dataclass(frozen=True)
class TaskFilter:
    """What to list; an empty field does not narrow. `states` given, `open_only` says nothing.

    `institution` is its code. `mine` is the identity of a user: what he has in hand, what is kept for him, what was sent
    back to him. `text` is looked for in the patient's name and ID, the accession number and the Study Instance UID.
    """

    states: tuple[TaskState, ...] = ()
    modalities: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    institution: str = ""
    mine: int | None = None
    text: str = ""
    open_only: bool = True


@dataclass(frozen=True)
class TaskPage:
    """Some lines, and the cursor of the next page; None on the last."""

    items: Sequence[ReadingTask]
    next: str | None


def list_tasks(work: UnitOfWork, task_filter: TaskFilter, limit: int = 50, cursor: str | None = None) -> TaskPage:
    """One page of tasks, what is due first first. Raises `Invalid` for a cursor that no page gave."""
    size = max(1, min(limit, MAX_LIMIT))
    query = _with_line(select(ReadingTask)).where(*_conditions(task_filter))
    if cursor is not None:
        query = query.where(tuple_(ReadingTask.due_at, ReadingTask.id) > tuple_(*_decode(cursor)))
    rows = work.session.execute(query.order_by(ReadingTask.due_at, ReadingTask.id).limit(size + 1)).scalars().all()
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
        joinedload(ReadingTask.reader),
        joinedload(ReadingTask.author),
        joinedload(ReadingTask.signer),
    )


def _conditions(task_filter: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if task_filter.states:
        conditions.append(ReadingTask.state.in_(task_filter.states))
    elif task_filter.open_only:
        conditions.append(ReadingTask.state.not_in(CLOSED_STATES))
    if task_filter.modalities:
        conditions.append(ReadingTask.modality.in_(task_filter.modalities))
    if task_filter.priorities:
        conditions.append(ReadingTask.priority.in_(task_filter.priorities))
    if task_filter.institution:
        conditions.append(ReadingTask.institution.has(Institution.code == task_filter.institution))
    if task_filter.mine is not None:
        conditions.append(_is_mine(task_filter.mine))
    if task_filter.text.strip():
        conditions.append(ReadingTask.study.has(_names(task_filter.text.strip())))
    return conditions


def _is_mine(user_id: int) -> ColumnElement[bool]:
    return or_(
        ReadingTask.reader_id == user_id,
        and_(
            ReadingTask.state.in_((TaskState.ASSIGNED, TaskState.INFO_WAIT)), ReadingTask.preferred_reader_id == user_id
        ),
        and_(ReadingTask.state == TaskState.REWORK, ReadingTask.author_id == user_id),
    )


def _names(text: str) -> ColumnElement[bool]:
    return or_(
        Study.patient.has(
            or_(Patient.name.icontains(text, autoescape=True), Patient.patient_id.icontains(text, autoescape=True))
        ),
        Study.accession_number.icontains(text, autoescape=True),
        Study.study_instance_uid.startswith(text, autoescape=True),
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
