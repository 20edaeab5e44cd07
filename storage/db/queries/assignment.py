"""What the choice of the next case looks at: the beginning of every queue. Never all that is open.

A queue (a state, a class, perhaps a modality) is read from its beginning by an index, a few rows of it. The statements are
built once and not at each ask: of many readers who ask at the same instant most would wait for that. States, classes and
modalities stand in them as words and not as values: PostgreSQL then keeps one plan for all asks, where planning alone would
take ten times as long as the statement. Readers belong to the centre and see every clinic's cases, so that no scope narrows
these statements.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    Table,
    bindparam,
    literal,
    literal_column,
    select,
    text,
    union_all,
)

from storage.db.models import Base, ReadingTask, Study, TaskEvent
from storage.db.models.base import UtcDateTime
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, Priority, TaskState

HEAD = 16
"""So many cases of each queue are weighed against each other."""

_PRIORS = 400
_WAITING = (TaskState.QUEUED, TaskState.DRAFTED)
# As the partial indices have them: with bound values neither database would use these.
_GOES_FIRST = text("goes_first")
_KEPT = text("state IN ('assigned', 'info_wait')")
_REWORK = text("state = 'rework'")

_KEEP_PLANS = text("SET LOCAL plan_cache_mode = force_generic_plan")
_MOST: ColumnElement[int] = literal_column(str(HEAD), Integer())
_CODE = re.compile(r"[A-Z0-9_]{1,16}")

Ids = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    assert isinstance(model.__table__, Table)
    return model.__table__


_TASK, _STUDY = map(table_of, (ReadingTask, Study))
_task = _TASK.c
_ME: BindParameter[int] = bindparam("me")
_NOW = bindparam("now", type_=UtcDateTime())


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


def keep_plans(work: UnitOfWork) -> None:
    """Let this transaction run statements by the plans that PostgreSQL keeps.

    It would plan those of an ask anew each time, in ten times what they take: it counts what a plan reads, and of that
    they read next to nothing whatever their values are.
    """
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(_KEEP_PLANS)


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


def last_action(work: UnitOfWork, task_id: int) -> str | None:
    """What was done to a task last."""
    query = select(TaskEvent.action).where(TaskEvent.task_id == task_id).order_by(TaskEvent.seq.desc()).limit(1)
    return work.session.execute(query).scalar_one_or_none()


def last_claim(work: UnitOfWork, task_id: int) -> dict[str, Any]:
    """What the event of the last claim of a task tells; empty when nobody has claimed it."""
    query = select(TaskEvent.detail).where(TaskEvent.task_id == task_id, TaskEvent.action == Action.CLAIM)
    return work.session.execute(query.order_by(TaskEvent.seq.desc()).limit(1)).scalar_one_or_none() or {}


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
        yield from (
            _head(shape, state, modality, _task.priority < _word(Priority.P2)) for state, modality in shape.heads()
        )
        yield from _out_of_line(shape)
    elif pick is Pick.ROUTINE:
        for one in (Priority.P2, Priority.P3):
            yield from (
                _head(shape, state, modality, _task.priority == _word(one)) for state, modality in shape.heads()
            )
    else:
        named = select(_task.id).where(_task.id.in_(bindparam("ids", expanding=True)))
        yield named.where(_task.state.in_(_words(_WAITING))) if pick is Pick.WAITING else named


def _out_of_line(shape: _Shape) -> Iterator[Ids]:
    task = select(_task.id).limit(_MOST)
    yield task.where(_KEPT, _task.preferred_reader_id == _ME)
    yield task.where(_REWORK, _task.author_id == _ME)
    yield task.where(_task.state == _word(TaskState.REWORK)).order_by(_task.due_at, _task.id)
    yield task.where(_task.lease_expires_at <= _NOW).order_by(_task.lease_expires_at)
    retaken = task.where(_GOES_FIRST, _task.state == _word(TaskState.QUEUED)).order_by(_task.ready_at)
    yield retaken if shape.read is None else retaken.where(_task.modality.in_(_words(shape.read)))
    if shape.has_patient:
        joined = task.select_from(_TASK.join(_STUDY, _STUDY.c.id == _task.study_id))
        # As an expression the state serves no index: a patient has few studies, and a state has many.
        yield joined.where(_STUDY.c.patient_id == bindparam("patient"), (_task.state + _word("")).in_(_words(_WAITING)))


def _head(shape: _Shape, state: TaskState, modality: str | None, of_class: ColumnElement[bool]) -> Ids:
    query = select(_task.id).where(_task.state == _word(state), of_class)
    if modality is not None:
        query = query.where(_task.modality == _word(modality))
    if shape.skips:
        query = query.where(_task.id.not_in(bindparam("skip", expanding=True)))
    if state == TaskState.DRAFTED:
        query = query.where(_task.author_id != _ME)
    return query.order_by(_task.priority, _task.due_at, _task.id).limit(_MOST)


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


def _each(modalities: tuple[str, ...] | None) -> Sequence[str | None]:
    return [None] if modalities is None else modalities


def _words(words: Sequence[str]) -> list[ColumnElement[str]]:
    return [_word(one) for one in words]


def _word(word: str) -> ColumnElement[str]:
    """A code as it stands in the statement; whatever is none goes as a value."""
    return literal_column(f"'{word}'", String()) if not word or _CODE.fullmatch(word.upper()) else literal(word)
