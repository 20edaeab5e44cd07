"""What the choice of the next case looks at: the beginning of every queue, and the readers. Never all that is open.

A queue (a state, a class, perhaps a modality) is read from its beginning by an index, a few rows of it. The statements are
built once and not at each ask: of many readers who ask at the same instant most would wait for that. Readers belong to the
centre and see every clinic's cases, so that no scope narrows these statements.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    select,
    text,
    union_all,
)

from storage.db.models import (
    Absence,
    Base,
    DutySpan,
    Qualification,
    ReaderWork,
    ReadingTask,
    ShiftKind,
    Study,
    TaskEvent,
    User,
)
from storage.db.models.base import UtcDateTime
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, Priority, Role, TaskState

HEAD = 16
"""So many cases of each queue are weighed against each other."""

_PRIORS = 400
_READERS = (Role.RADIOLOGIST, Role.AUDITOR)
_WAITING = (TaskState.QUEUED, TaskState.DRAFTED)
# As the partial indices have them: with bound values neither database would use these.
_GOES_FIRST = text("goes_first")
_KEPT = text("state IN ('assigned', 'info_wait')")
_IN_HAND = text("reader_id IS NOT NULL")
_REWORK = text("state = 'rework'")
_GIVEN_BACK = text("action = 'release'")

Ids = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def _table(model: type[Base]) -> Table:
    assert isinstance(model.__table__, Table)
    return model.__table__


_TASK, _STUDY, _EVENT, _USER, _WORK, _SPAN, _KIND, _AWAY, _LICENCE = map(
    _table,
    (ReadingTask, Study, TaskEvent, User, ReaderWork, DutySpan, ShiftKind, Absence, Qualification),
)
_task = _TASK.c
_ME: BindParameter[int] = bindparam("me")
_NOW = bindparam("now", type_=UtcDateTime())
_DAY: BindParameter[date] = bindparam("day")


class Pick(StrEnum):
    """Which cases are looked for.

    URGENT: green channel and emergencies, and what is out of line: kept for him, left by others, retaken, his patient's.
    ROUTINE: the other classes. WAITING: of those named, the ones that wait for somebody. NAMED: all of those.
    """

    URGENT = "urgent"
    ROUTINE = "routine"
    WAITING = "waiting"
    NAMED = "named"


@dataclass(frozen=True)
class Queues:
    """Whose cases are looked for: what he may read, and what he may audit; None means every modality.

    `skip` are cases that he is not to be offered, `patient` is whose other cases he is.
    """

    user_id: int
    read: tuple[str, ...] | None
    audits: bool = False
    audit: tuple[str, ...] | None = None
    skip: frozenset[int] = frozenset()
    patient: int | None = None


def cases(work: UnitOfWork, queues: Queues, pick: Pick, ids: Collection[int] = ()) -> Sequence[AnyRow]:
    """The first cases that he may have; `ids` are the named ones."""
    values = {
        "me": queues.user_id,
        "now": work.now,
        "patient": queues.patient,
        "skip": sorted(queues.skip),
        "ids": sorted(ids),
    }
    shape = _Shape(queues.read, queues.audits, queues.audit, bool(queues.skip), queues.patient is not None)
    return work.session.execute(_statement(shape, pick), values).all()


def versions(work: UnitOfWork, ids: Collection[int]) -> dict[int, int]:
    """The version that each of these tasks has now."""
    found = work.session.execute(_versions(), {"ids": sorted(ids)})
    return {task_id: version for task_id, version in found}  # noqa: C416 - rows are no pairs to the type checker


def prior_readers(work: UnitOfWork, patients: Collection[int]) -> dict[tuple[int, str], int]:
    """Who wrote the last report of each of these patients, by modality."""
    found: dict[tuple[int, str], int] = {}
    for patient, modality, author in work.session.execute(_prior_readers(), {"patients": sorted(patients)}):
        found.setdefault((patient, modality), author)
    return found


def given_back(work: UnitOfWork, user_id: int, since: datetime) -> frozenset[int]:
    """The tasks that he released since then."""
    return frozenset(work.session.execute(_given_back(), {"me": user_id, "now": since}).scalars())


def last_action(work: UnitOfWork, task_id: int) -> str | None:
    """What was done to a task last."""
    query = select(TaskEvent.action).where(TaskEvent.task_id == task_id).order_by(TaskEvent.seq.desc()).limit(1)
    return work.session.execute(query).scalar_one_or_none()


def last_claim(work: UnitOfWork, task_id: int) -> dict[str, Any]:
    """What the event of the last claim of a task tells; empty when nobody has claimed it."""
    query = select(TaskEvent.detail).where(TaskEvent.task_id == task_id, TaskEvent.action == Action.CLAIM)
    return work.session.execute(query.order_by(TaskEvent.seq.desc()).limit(1)).scalar_one_or_none() or {}


def in_hand(work: UnitOfWork, only: int | None = None) -> Sequence[AnyRow]:
    """Every case that somebody, or `only` one reader, has in hand: whose, what it is, and since when."""
    return work.session.execute(_in_hand(of_one=only is not None), {"me": only}).all()


def people(work: UnitOfWork, day: date, only: int | None = None) -> Sequence[AnyRow]:
    """Every active reader, or `only` one, with his work of the day, where he has done any."""
    return work.session.execute(_people(of_one=only is not None), {"day": day, "me": only}).all()


def duties(work: UnitOfWork, at: datetime) -> Sequence[AnyRow]:
    """Everybody at the desk of a shift at `at` who is not away; the rule is that of `reading_queue.rosters.on_duty`."""
    return work.session.execute(_duties(), {"now": at}).all()


def licences(work: UnitOfWork, day: date) -> Sequence[AnyRow]:
    """The licences of everybody, and whether each holds on that local day."""
    return work.session.execute(_licences(), {"day": day}).all()


def work_of(work: UnitOfWork, user_id: int, before: date) -> ReaderWork | None:
    """His last day of work before that day."""
    query = select(ReaderWork).where(ReaderWork.user_id == user_id, ReaderWork.day < before)
    return work.session.execute(query.order_by(ReaderWork.day.desc()).limit(1)).scalar_one_or_none()


def work_of_day(work: UnitOfWork, day: date) -> Sequence[ReaderWork]:
    """What everybody did on that day."""
    return work.session.execute(select(ReaderWork).where(ReaderWork.day == day)).scalars().all()


@dataclass(frozen=True)
class _Shape:
    """What a statement looks like depends on this alone; the rest are values."""

    read: tuple[str, ...] | None
    audits: bool
    audit: tuple[str, ...] | None
    skips: bool
    has_patient: bool

    def heads(self) -> Iterator[tuple[TaskState, str | None]]:
        """Every queue that he may take from."""
        yield from ((TaskState.QUEUED, one) for one in _each(self.read))
        if self.audits:
            yield from ((TaskState.DRAFTED, one) for one in _each(self.audit))


@lru_cache(maxsize=512)
def _statement(shape: _Shape, pick: Pick) -> Ids:
    # SQLite takes a limited part only as a subquery.
    parts = union_all(*(select(part.subquery().c.id) for part in _parts(shape, pick))).subquery()
    columns = (
        "id", "state", "version", "step", "independent", "priority", "modality", "due_at", "goes_first", "ready_at",
        "state_since", "lease_expires_at", "author_id", "preferred_reader_id", "escalation", "open_to_all_at",
    )  # fmt: skip
    return (
        select(*(_task[name] for name in columns), _STUDY.c.patient_id, _STUDY.c.body_part)
        .select_from(_TASK.join(_STUDY, _STUDY.c.id == _task.study_id))
        .where(_task.id.in_(select(parts.c.id)))
    )


def _parts(shape: _Shape, pick: Pick) -> Iterator[Ids]:
    if pick is Pick.URGENT:
        yield from (_head(shape, state, modality, _task.priority < Priority.P2) for state, modality in shape.heads())
        yield from _out_of_line(shape)
    elif pick is Pick.ROUTINE:
        for one in (Priority.P2, Priority.P3):
            yield from (_head(shape, state, modality, _task.priority == one) for state, modality in shape.heads())
    else:
        named = select(_task.id).where(_task.id.in_(bindparam("ids", expanding=True)))
        yield named.where(_task.state.in_(_WAITING)) if pick is Pick.WAITING else named


def _out_of_line(shape: _Shape) -> Iterator[Ids]:
    task = select(_task.id).limit(HEAD)
    yield task.where(_KEPT, _task.preferred_reader_id == _ME)
    yield task.where(_REWORK, _task.author_id == _ME)
    yield task.where(_task.state == TaskState.REWORK).order_by(_task.due_at, _task.id)
    yield task.where(_task.lease_expires_at <= _NOW).order_by(_task.lease_expires_at)
    retaken = task.where(_GOES_FIRST, _task.state == TaskState.QUEUED).order_by(_task.ready_at)
    yield retaken if shape.read is None else retaken.where(_task.modality.in_(shape.read))
    if shape.has_patient:
        joined = task.select_from(_TASK.join(_STUDY, _STUDY.c.id == _task.study_id))
        # As an expression the state serves no index: a patient has few studies, and a state has many.
        yield joined.where(_STUDY.c.patient_id == bindparam("patient"), (_task.state + "").in_(_WAITING))


def _head(shape: _Shape, state: TaskState, modality: str | None, of_class: ColumnElement[bool]) -> Ids:
    query = select(_task.id).where(_task.state == state, of_class)
    if modality is not None:
        query = query.where(_task.modality == modality)
    if shape.skips:
        query = query.where(_task.id.not_in(bindparam("skip", expanding=True)))
    if state == TaskState.DRAFTED:
        query = query.where(_task.author_id != _ME)
    return query.order_by(_task.priority, _task.due_at, _task.id).limit(HEAD)


@lru_cache
def _versions() -> Ids:
    return select(_task.id, _task.version).where(_task.id.in_(bindparam("ids", expanding=True)))


@lru_cache
def _prior_readers() -> Ids:
    return (
        select(_STUDY.c.patient_id, _task.modality, _task.author_id)
        .select_from(_STUDY.join(_TASK, _task.study_id == _STUDY.c.id))
        .where(
            _STUDY.c.patient_id.in_(bindparam("patients", expanding=True)),
            _task.signed_at.is_not(None),
            _task.author_id.is_not(None),
        )
        .order_by(_task.id.desc())
        .limit(_PRIORS)
    )


@lru_cache
def _given_back() -> Ids:
    return select(_EVENT.c.task_id).where(_GIVEN_BACK, _EVENT.c.actor_id == _ME, _EVENT.c.at > _NOW)


@lru_cache
def _in_hand(*, of_one: bool) -> Ids:
    joined = _TASK.join(_STUDY, _STUDY.c.id == _task.study_id)
    columns = (_task.reader_id, _task.state, _task.modality, _task.state_since, _STUDY.c.body_part)
    query = select(*columns).select_from(joined).where(_IN_HAND)
    return query.where(_task.reader_id == _ME) if of_one else query


@lru_cache
def _people(*, of_one: bool) -> Ids:
    done = ("read_rvu", "audit_rvu", "carried_rvu", "seen_at", "last_patient_id", "last_taken_at")
    joined = _USER.outerjoin(_WORK, and_(_WORK.c.user_id == _USER.c.id, _WORK.c.day == _DAY))
    columns = (_USER.c.id, _USER.c.role, _USER.c.modalities, *(_WORK.c[name] for name in done))
    query = select(*columns).select_from(joined).where(_USER.c.active.is_(True), _USER.c.role.in_(_READERS))
    return query.where(_USER.c.id == _ME) if of_one else query


@lru_cache
def _duties() -> Ids:
    away = exists().where(_AWAY.c.user_id == _SPAN.c.user_id, _AWAY.c.ends_at > _NOW, _AWAY.c.starts_at <= _NOW)
    columns = (_KIND.c.modalities, _KIND.c.priorities, _KIND.c.subspecialties, _KIND.c.rvu_share)
    return (
        select(_SPAN.c.user_id, *columns)
        .select_from(_SPAN.join(_KIND, _KIND.c.id == _SPAN.c.shift_kind_id))
        .where(_SPAN.c.ends_at > _NOW, _SPAN.c.starts_at <= _NOW, _SPAN.c.on_call.is_(False), ~away)
    )


@lru_cache
def _licences() -> Ids:
    begun = and_(_LICENCE.c.valid_from <= _DAY, or_(_LICENCE.c.valid_until.is_(None), _LICENCE.c.valid_until >= _DAY))
    holds = and_(begun, or_(_LICENCE.c.ended_on.is_(None), _LICENCE.c.ended_on > _DAY)).label("holds")
    names = ("user_id", "modality", "subspecialty", "may_audit", "valid_from", "valid_until")
    return select(*(_LICENCE.c[name] for name in names), holds)


def _each(modalities: tuple[str, ...] | None) -> Sequence[str | None]:
    return [None] if modalities is None else modalities
