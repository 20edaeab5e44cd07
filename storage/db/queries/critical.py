"""Critical cases by study, by what is due, and as lists."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import CriticalCase, CriticalEvent, Institution, Study
from storage.db.session import UnitOfWork
from storage.domain.critical import ENDED, UNHEARD, CaseState
from storage.domain.errors import Invalid, NotFound

MAX_LIMIT = 200


@dataclass(frozen=True)
class CaseFilter:
    """What to list; an empty field does not narrow. `is_open` and `is_overdue` None list both kinds."""

    states: tuple[CaseState, ...] = ()
    is_open: bool | None = None
    is_overdue: bool | None = None
    institution: str = ""
    study_instance_uid: str = ""


@dataclass(frozen=True)
class CasePage:
    """Some cases, and the cursor of the next page; None on the last."""

    items: Sequence[CriticalCase]
    next: str | None


def list_cases(work: UnitOfWork, case_filter: CaseFilter, limit: int = 50, cursor: str | None = None) -> CasePage:
    """One page: open cases by the time that is left, others the newest first. Raises `Invalid` for a foreign cursor."""
    size = max(1, min(limit, MAX_LIMIT))
    query = _with_line(select(CriticalCase)).where(*_conditions(work, case_filter))
    query = _in_order(query, cursor, by_due=case_filter.is_open is True)
    rows = work.session.execute(query.limit(size + 1)).scalars().all()
    return CasePage(rows[:size], _encode(rows[size - 1], case_filter) if len(rows) > size else None)


def get_case(work: UnitOfWork, case_id: int) -> CriticalCase:
    """One case with everything that a line shows. Raises `NotFound`."""
    query = _with_line(select(CriticalCase)).where(CriticalCase.id == case_id)
    case = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if case is None:
        raise NotFound("There is no such critical value.")
    return case


def cases_of_study(work: UnitOfWork, study_id: int) -> Sequence[CriticalCase]:
    """Every case of a study, the oldest first."""
    query = select(CriticalCase).where(CriticalCase.study_id == study_id).order_by(CriticalCase.id)
    return work.session.execute(query, execution_options={"populate_existing": True}).scalars().all()


def open_case(work: UnitOfWork, study_id: int, code: str) -> CriticalCase | None:
    """The study's open case of this finding, locked."""
    query = select(CriticalCase).where(
        CriticalCase.study_id == study_id, CriticalCase.code == code, CriticalCase.state.not_in(ENDED)
    )
    locked = query.with_for_update(of=CriticalCase)
    return work.session.execute(locked, execution_options={"populate_existing": True}).scalar_one_or_none()


def last_case(work: UnitOfWork, study_id: int, code: str) -> CriticalCase | None:
    """The study's newest case of this finding, open or not."""
    query = select(CriticalCase).where(CriticalCase.study_id == study_id, CriticalCase.code == code)
    return work.session.execute(query.order_by(CriticalCase.id.desc()).limit(1)).scalar_one_or_none()


def is_unheard(work: UnitOfWork, study_id: int) -> bool:
    """Whether the study has a case of which the clinic has not said that it knows."""
    query = exists().where(CriticalCase.study_id == study_id, CriticalCase.state.in_(UNHEARD))
    return bool(work.session.execute(select(query)).scalar_one())


def due_cases(work: UnitOfWork, limit: int) -> Sequence[int]:
    """The cases whose next step has come, the longest due first; by index."""
    query = select(CriticalCase.id).where(CriticalCase.next_step_at <= work.now)
    return work.session.execute(query.order_by(CriticalCase.next_step_at).limit(limit)).scalars().all()


def events_of_case(work: UnitOfWork, case_id: int) -> Sequence[CriticalEvent]:
    """What happened to a case, in order."""
    query = select(CriticalEvent).where(CriticalEvent.case_id == case_id).order_by(CriticalEvent.seq)
    return work.session.execute(query).scalars().all()


def cases_between(work: UnitOfWork, since: datetime, until: datetime) -> Sequence[CriticalCase]:
    """The cases whose ten minutes began in this span, with their institutions."""
    query = select(CriticalCase).where(CriticalCase.basis_at >= since, CriticalCase.basis_at < until)
    return work.session.execute(query.options(joinedload(CriticalCase.institution))).scalars().all()


def events_between(work: UnitOfWork, since: datetime, until: datetime) -> Sequence[CriticalEvent]:
    """The events of those cases, by case and in order."""
    query = select(CriticalEvent).join(CriticalCase, CriticalCase.id == CriticalEvent.case_id)
    query = query.where(CriticalCase.basis_at >= since, CriticalCase.basis_at < until)
    return work.session.execute(query.order_by(CriticalEvent.case_id, CriticalEvent.seq)).scalars().all()


def _with_line(query: Select[CriticalCase]) -> Select[CriticalCase]:
    return query.options(joinedload(CriticalCase.study).joinedload(Study.patient), joinedload(CriticalCase.institution))


def _conditions(work: UnitOfWork, asked: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.states:
        conditions.append(CriticalCase.state.in_(asked.states))
    if asked.is_open is not None:
        conditions.append(CriticalCase.state.not_in(ENDED) if asked.is_open else CriticalCase.state.in_(ENDED))
    if asked.is_overdue is not None:
        late = CriticalCase.due_at < work.now
        conditions.append(late if asked.is_overdue else or_(CriticalCase.due_at.is_(None), ~late))
    if asked.institution:
        conditions.append(CriticalCase.institution.has(Institution.code == asked.institution))
    if asked.study_instance_uid:
        conditions.append(CriticalCase.study.has(Study.study_instance_uid == asked.study_instance_uid))
    return conditions


def _in_order(query: Select[CriticalCase], cursor: str | None, *, by_due: bool) -> Select[CriticalCase]:
    if not by_due:
        before = None if cursor is None else _decode(cursor)[1]
        query = query if before is None else query.where(CriticalCase.id < before)
        return query.order_by(CriticalCase.id.desc())
    if cursor is not None:
        due_at, last = _decode(cursor)
        later = or_(CriticalCase.due_at > due_at, (CriticalCase.due_at == due_at) & (CriticalCase.id > last))
        query = query.where(later)
    return query.order_by(CriticalCase.due_at, CriticalCase.id)


def _encode(case: CriticalCase, asked: CaseFilter) -> str:
    due = case.due_at.isoformat() if asked.is_open is True and case.due_at else ""
    return base64.urlsafe_b64encode(json.dumps([due, case.id]).encode()).decode()


def _decode(cursor: str) -> tuple[datetime | None, int]:
    try:
        due, identity = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return (datetime.fromisoformat(due) if due else None), int(identity)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid("The cursor is not one that this list gave.") from error
