"""One page of the worklist without a look at all that is open: every queue is read from where the page begins, by an index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, text, tuple_, union_all

from storage.db.models import Institution, Patient, ReadingTask, Study
from storage.db.queries.persons import begins_with
from storage.db.session import UnitOfWork
from storage.domain.reading import CLOSED_STATES, Priority, TaskState

OPEN_STATES = tuple(state for state in TaskState if state not in CLOSED_STATES)

_SEARCHED = 1000
"""So many of the first tasks are searched for a part of a name; beyond them what begins with it is found, by an index."""

_FOUND = 500
_MOST_STREAMS = 200
# As the partial indices have them: with bound values neither database would use these.
_KEPT = text("state IN ('assigned', 'info_wait')")
_REWORK = text("state = 'rework'")

Ids = Select[*tuple[Any, ...]]


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

    @property
    def wanted_states(self) -> tuple[TaskState, ...]:
        """The states that are listed."""
        return self.states or (OPEN_STATES if self.open_only else tuple(TaskState))


@dataclass(frozen=True)
class _Page:
    """The first `size` tasks of a filter after a place in the order (due, id)."""

    work: UnitOfWork
    wanted: TaskFilter
    after: tuple[datetime, int] | None
    size: int
    institution_id: int | None


def page_of_ids(work: UnitOfWork, wanted: TaskFilter, size: int, after: tuple[datetime, int] | None) -> Sequence[int]:
    """The identities of the first `size` tasks of the filter, what is due first first."""
    institution_id = _institution(work, wanted)
    if wanted.institution and institution_id is None:
        return []
    page = _Page(work, wanted, after, size, institution_id)
    if not wanted.text.strip():
        return _first(page, list(_streams(page, size)), size)
    return _search(page, wanted.text.strip())


def _institution(work: UnitOfWork, wanted: TaskFilter) -> int | None:
    """Whose tasks alone are listed: the caller's institution, or the one that is asked for."""
    own: int | None = work.session.info["scope"].institution_id
    if not wanted.institution:
        return own
    query = select(Institution.id).where(Institution.code == wanted.institution)
    asked = work.session.execute(query).scalar_one_or_none()
    return asked if own in (None, asked) else None


def _streams(page: _Page, size: int) -> Iterator[Ids]:
    """Queues that together hold all that is listed, each in the order of an index."""
    wanted = page.wanted
    if wanted.mine is not None:
        yield from (_ordered(page, [mine, *_narrowed(page)], size) for mine in _is_mine(wanted.mine))
        return
    if page.institution_id is not None:
        conditions = [ReadingTask.institution_id == page.institution_id, *_narrowed(page, state=False)]
        for state in wanted.wanted_states:
            yield _ordered(page, [ReadingTask.state == state, *conditions], size)
        return
    for queue in _queues(wanted):
        yield _ordered(page, queue, size)


def _queues(wanted: TaskFilter) -> Iterator[list[ColumnElement[bool]]]:
    """By state and what else narrows: modality and class, class alone, or nothing."""
    states = [ReadingTask.state == state for state in wanted.wanted_states]
    classes = [ReadingTask.priority == one for one in wanted.priorities or Priority]
    modalities = [ReadingTask.modality == one for one in wanted.modalities]
    if modalities and len(states) * len(classes) * len(modalities) <= _MOST_STREAMS:
        yield from ([state, one, of] for state in states for one in modalities for of in classes)
    elif wanted.priorities:
        yield from ([state, of, *_of_modalities(wanted)] for state in states for of in classes)
    else:
        yield from ([state, *_of_modalities(wanted)] for state in states)


def _narrowed(page: _Page, *, state: bool = True) -> list[ColumnElement[bool]]:
    """The filter as conditions on what another index has found."""
    wanted = page.wanted
    conditions = _of_modalities(wanted)
    if wanted.priorities:
        conditions.append(ReadingTask.priority.in_(wanted.priorities))
    if state:
        conditions += [ReadingTask.state.in_(wanted.wanted_states), *_of_institution(page)]
    return conditions


def _of_institution(page: _Page) -> list[ColumnElement[bool]]:
    return [] if page.institution_id is None else [ReadingTask.institution_id == page.institution_id]


def _of_modalities(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    return [ReadingTask.modality.in_(wanted.modalities)] if wanted.modalities else []


def _is_mine(user_id: int) -> Iterable[ColumnElement[bool]]:
    return (
        and_(ReadingTask.reader_id.is_not(None), ReadingTask.reader_id == user_id),
        and_(_KEPT, ReadingTask.preferred_reader_id == user_id),
        and_(_REWORK, ReadingTask.author_id == user_id),
    )


def _ordered(page: _Page, conditions: Iterable[ColumnElement[bool]], size: int) -> Ids:
    query: Ids = select(ReadingTask.id, ReadingTask.due_at).where(*conditions)
    if page.after is not None:
        query = query.where(tuple_(ReadingTask.due_at, ReadingTask.id) > tuple_(*page.after))
    return query.order_by(ReadingTask.due_at, ReadingTask.id).limit(size)


def _first(page: _Page, streams: Sequence[Ids], size: int) -> Sequence[int]:
    # SQLite takes a limited part only as a subquery.
    found = union_all(*(select(stream.subquery()) for stream in streams)).subquery()
    query = select(found.c.id).order_by(found.c.due_at, found.c.id).limit(size)
    return list(dict.fromkeys(page.work.session.execute(query).scalars()))


def _search(page: _Page, words: str) -> Sequence[int]:
    studies = _studies(page.work, words)
    # As an expression the state serves no index: these studies have few tasks, and a state has many.
    of_state = (ReadingTask.state + "").in_(page.wanted.wanted_states)
    named = [ReadingTask.study_id.in_(studies), of_state, *_narrowed(page, state=False), *_of_institution(page)]
    mine = [] if page.wanted.mine is None else [or_(*_is_mine(page.wanted.mine))]
    near = _first(page, list(_streams(page, _SEARCHED)), _SEARCHED)
    return _first(page, [_ordered(page, [*named, *mine], page.size), _holding(near, words, page.size)], 2 * page.size)[
        : page.size
    ]


def _holding(near: Sequence[int], words: str, size: int) -> Ids:
    """Of these tasks those whose study or patient holds `words`."""
    line = select(Study.id).join(Patient, Patient.id == Study.patient_id)
    # The offset of nothing keeps PostgreSQL from looking for the words in all studies first.
    told = line.where(Study.id == ReadingTask.study_id, _holds(words)).offset(0).correlate(ReadingTask)
    tasks: Ids = select(ReadingTask.id, ReadingTask.due_at).where(ReadingTask.id.in_(near), told.exists())
    return tasks.order_by(ReadingTask.due_at, ReadingTask.id).limit(size)


def _studies(work: UnitOfWork, words: str) -> Sequence[int]:
    """Studies whose patient or accession number begins with `words`, or whose patient ID or UID it is, each by its index."""
    spellings = sorted({words, words.upper()})
    joined = words.replace(" ", "").casefold()
    people = [begins_with(work, Patient.name, one) for one in spellings]
    people.append(Patient.patient_id.in_(spellings))
    if joined.isascii() and joined.isalpha():
        people += [begins_with(work, Patient.pinyin, joined), begins_with(work, Patient.initials, joined)]
    patients = _any_of(
        work, [select(Patient.id).where(one).order_by(Patient.id.desc()).limit(_FOUND) for one in people]
    )
    keys = [begins_with(work, Study.accession_number, one) for one in spellings]
    keys += [Study.study_instance_uid == words, Study.patient_id.in_(patients)]
    return _any_of(work, [select(Study.id).where(one).order_by(Study.id.desc()).limit(_FOUND) for one in keys])


def _any_of(work: UnitOfWork, parts: Sequence[Ids]) -> Sequence[int]:
    found = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    return sorted(set(work.session.execute(select(found.c.id)).scalars()))


def _holds(words: str) -> ColumnElement[bool]:
    return or_(
        Patient.name.icontains(words, autoescape=True),
        Patient.patient_id.icontains(words, autoescape=True),
        Study.accession_number.icontains(words, autoescape=True),
        Study.study_instance_uid.startswith(words, autoescape=True),
    )
