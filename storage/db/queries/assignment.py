"""What the choice of the next case looks at: the beginning of every queue, and the readers. Never all that is open.

A queue (a state, a class, perhaps a modality) is read from its beginning by an index, a few rows of it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, text, true, union_all

from storage.db.models import (
    Absence,
    DutySpan,
    Qualification,
    ReaderWork,
    ReadingTask,
    ShiftKind,
    Study,
    TaskEvent,
    User,
)
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, Priority, Role, TaskState

HEAD = 24
"""So many cases of each queue are weighed against each other."""

_PRIORS = 400
_READERS = (Role.RADIOLOGIST, Role.AUDITOR)
# As the partial indices have them: with bound values neither database would use these.
_GOES_FIRST = text("goes_first AND state = 'queued'")
_KEPT = text("state IN ('assigned', 'info_wait')")
_IN_HAND = text("reader_id IS NOT NULL")
_REWORK = text("state = 'rework'")
_GIVEN_BACK = text("action = 'release'")

Ids = Select[int]
AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Queues:
    """Whose cases are looked for: what he may read, and what he may audit; None means every modality.

    `skip` are cases that he is not to be offered, `patient` is whose other cases he is.
    """

    user_id: int
    read: Collection[str] | None
    audits: bool = False
    audit: Collection[str] | None = None
    skip: frozenset[int] = frozenset()
    patient: int | None = None
    apart: ColumnElement[bool] = field(default_factory=true)
    """What keeps him from cases that he has a part in already."""

    def heads(self) -> Iterator[tuple[TaskState, str | None]]:
        """Every queue that he may take from."""
        yield from ((TaskState.QUEUED, one) for one in _each(self.read))
        if self.audits:
            yield from ((TaskState.DRAFTED, one) for one in _each(self.audit))


def urgent_cases(work: UnitOfWork, queues: Queues) -> Sequence[AnyRow]:
    """The first green channel cases and emergencies, and what is out of line: kept for him, left by others, retaken, his patient's."""
    parts = [_head(queues, state, modality, ReadingTask.priority < Priority.P2) for state, modality in queues.heads()]
    return _rows(work, queues, [*parts, *_out_of_line(work, queues)])


def routine_cases(work: UnitOfWork, queues: Queues) -> Sequence[AnyRow]:
    """The first cases of the other classes."""
    classes = (Priority.P2, Priority.P3)
    parts = [
        _head(queues, state, modality, ReadingTask.priority == one)
        for state, modality in queues.heads()
        for one in classes
    ]
    return _rows(work, queues, parts)


def cases_by_id(work: UnitOfWork, queues: Queues, ids: Collection[int], *, waiting: bool = True) -> Sequence[AnyRow]:
    """Those of `ids` that wait for somebody, or without `waiting` all of them."""
    named = select(ReadingTask.id).where(ReadingTask.id.in_(sorted(ids)))
    if waiting:
        named = named.where(ReadingTask.state.in_((TaskState.QUEUED, TaskState.DRAFTED)))
    return _rows(work, queues, [named]) if ids else []


def prior_readers(work: UnitOfWork, patients: Collection[int]) -> dict[tuple[int, str], int]:
    """Who wrote the last report of each of these patients, by modality."""
    query: Select[*tuple[Any, ...]] = (
        select(Study.patient_id, ReadingTask.modality, ReadingTask.author_id)
        .join(ReadingTask, ReadingTask.study_id == Study.id)
        .where(Study.patient_id.in_(sorted(patients)), ReadingTask.signed_at.is_not(None))
        .order_by(ReadingTask.id.desc())
        .limit(_PRIORS)
    )
    found: dict[tuple[int, str], int] = {}
    for patient, modality, author in work.session.execute(query):
        if author is not None:
            found.setdefault((patient, modality), author)
    return found


def given_back(work: UnitOfWork, user_id: int, since: datetime) -> frozenset[int]:
    """The tasks that he released since then."""
    query = select(TaskEvent.task_id).where(_GIVEN_BACK, TaskEvent.actor_id == user_id, TaskEvent.at > since)
    return frozenset(work.session.execute(query).scalars())


def last_action(work: UnitOfWork, task_id: int) -> str | None:
    """What was done to a task last."""
    query = select(TaskEvent.action).where(TaskEvent.task_id == task_id).order_by(TaskEvent.seq.desc()).limit(1)
    return work.session.execute(query).scalar_one_or_none()


def last_claim(work: UnitOfWork, task_id: int) -> dict[str, Any]:
    """What the event of the last claim of a task tells; empty when nobody has claimed it."""
    query = select(TaskEvent.detail).where(TaskEvent.task_id == task_id, TaskEvent.action == Action.CLAIM)
    return work.session.execute(query.order_by(TaskEvent.seq.desc()).limit(1)).scalar_one_or_none() or {}


def in_hand(work: UnitOfWork) -> Sequence[AnyRow]:
    """Every case that somebody has in hand: whose, what it is, and since when."""
    query: Select[*tuple[Any, ...]] = select(
        ReadingTask.reader_id, ReadingTask.state, ReadingTask.modality, ReadingTask.state_since, Study.body_part
    ).join(Study, Study.id == ReadingTask.study_id)
    return work.session.execute(query.where(_IN_HAND)).all()


def people(work: UnitOfWork, day: date) -> Sequence[AnyRow]:
    """Every active reader with his work of the day, where he has done any."""
    query: Select[*tuple[Any, ...]] = (
        select(
            User.id,
            User.role,
            User.modalities,
            ReaderWork.read_rvu,
            ReaderWork.audit_rvu,
            ReaderWork.carried_rvu,
            ReaderWork.seen_at,
            ReaderWork.last_patient_id,
            ReaderWork.last_taken_at,
        )
        .outerjoin(ReaderWork, and_(ReaderWork.user_id == User.id, ReaderWork.day == day))
        .where(User.active.is_(True), User.role.in_(_READERS))
    )
    return work.session.execute(query).all()


def duties(work: UnitOfWork, at: datetime) -> Sequence[AnyRow]:
    """Everybody at the desk of a shift at `at` who is not away; the rule is that of `reading_queue.rosters.on_duty`."""
    away = exists().where(Absence.user_id == DutySpan.user_id, Absence.ends_at > at, Absence.starts_at <= at)
    query: Select[*tuple[Any, ...]] = (
        select(
            DutySpan.user_id, ShiftKind.modalities, ShiftKind.priorities, ShiftKind.subspecialties, ShiftKind.rvu_share
        )
        .join(ShiftKind, ShiftKind.id == DutySpan.shift_kind_id)
        .where(DutySpan.ends_at > at, DutySpan.starts_at <= at, DutySpan.on_call.is_(False), ~away)
    )
    return work.session.execute(query).all()


def licences(work: UnitOfWork, day: date) -> Sequence[AnyRow]:
    """What every holder of a licence may do on that local day; null fields for one whose licences have all ended."""
    holds = and_(
        Qualification.valid_from <= day,
        or_(Qualification.valid_until.is_(None), Qualification.valid_until >= day),
        or_(Qualification.ended_on.is_(None), Qualification.ended_on > day),
    )
    query: Select[*tuple[Any, ...]] = select(
        Qualification.user_id,
        Qualification.modality,
        Qualification.subspecialty,
        Qualification.may_audit,
        Qualification.valid_from,
        Qualification.valid_until,
        holds.label("holds"),
    )
    return work.session.execute(query).all()


def work_of(work: UnitOfWork, user_id: int, before: date) -> ReaderWork | None:
    """His last day of work before that day."""
    query = select(ReaderWork).where(ReaderWork.user_id == user_id, ReaderWork.day < before)
    return work.session.execute(query.order_by(ReaderWork.day.desc()).limit(1)).scalar_one_or_none()


def work_of_day(work: UnitOfWork, day: date) -> Sequence[ReaderWork]:
    """What everybody did on that day."""
    return work.session.execute(select(ReaderWork).where(ReaderWork.day == day)).scalars().all()


def _out_of_line(work: UnitOfWork, queues: Queues) -> list[Ids]:
    task, first = select(ReadingTask.id), HEAD
    parts = [
        task.where(_KEPT, ReadingTask.preferred_reader_id == queues.user_id),
        task.where(_REWORK, ReadingTask.author_id == queues.user_id),
        task.where(ReadingTask.state == TaskState.REWORK).order_by(ReadingTask.due_at, ReadingTask.id),
        task.where(ReadingTask.lease_expires_at <= work.now).order_by(ReadingTask.lease_expires_at),
        _of(queues.read, task.where(_GOES_FIRST)).order_by(ReadingTask.ready_at),
    ]
    if queues.patient is not None:
        waiting = ReadingTask.state.in_((TaskState.QUEUED, TaskState.DRAFTED))
        joined = task.join(Study, Study.id == ReadingTask.study_id)
        parts.append(joined.where(Study.patient_id == queues.patient, waiting))
    return [part.limit(first) for part in parts]


def _head(queues: Queues, state: TaskState, modality: str | None, of_class: ColumnElement[bool]) -> Ids:
    query = select(ReadingTask.id).where(ReadingTask.state == state, of_class)
    if modality is not None:
        query = query.where(ReadingTask.modality == modality)
    if queues.skip:
        query = query.where(ReadingTask.id.not_in(sorted(queues.skip)))
    if state == TaskState.DRAFTED:
        query = query.where(ReadingTask.author_id != queues.user_id)
    return query.order_by(ReadingTask.priority, ReadingTask.due_at, ReadingTask.id).limit(HEAD)


def _rows(work: UnitOfWork, queues: Queues, parts: Sequence[Ids]) -> Sequence[AnyRow]:
    # SQLite takes a limited part only as a subquery.
    ids = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    query: Select[*tuple[Any, ...]] = (
        select(
            ReadingTask.id,
            ReadingTask.state,
            ReadingTask.version,
            ReadingTask.priority,
            ReadingTask.modality,
            ReadingTask.due_at,
            ReadingTask.goes_first,
            ReadingTask.ready_at,
            ReadingTask.state_since,
            ReadingTask.lease_expires_at,
            ReadingTask.author_id,
            ReadingTask.preferred_reader_id,
            ReadingTask.escalation,
            ReadingTask.open_to_all_at,
            Study.patient_id,
            Study.body_part,
        )
        .join(Study, Study.id == ReadingTask.study_id)
        .where(ReadingTask.id.in_(select(ids.c.id)), queues.apart)
    )
    return work.session.execute(query).all()


def _of(modalities: Collection[str] | None, query: Ids) -> Ids:
    return query if modalities is None else query.where(ReadingTask.modality.in_(sorted(modalities)))


def _each(modalities: Collection[str] | None) -> Sequence[str | None]:
    return [None] if modalities is None else sorted(modalities)
