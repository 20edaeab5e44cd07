"""The readers as the choice of the next case sees them: what they have in hand and have done, their shifts and licences.

Each question is asked of everybody here, and of one reader in `storage.db.queries.asker`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select, text

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
from storage.db.models.base import UtcDateTime
from storage.db.queries.assignment import AnyRow, Ids, table_of
from storage.db.session import UnitOfWork
from storage.domain.reading import Role

_READERS = (Role.RADIOLOGIST, Role.AUDITOR)
_IN_HAND = text("reader_id IS NOT NULL")
_GIVEN_BACK = text("action = 'release'")

_TASK, _STUDY, _EVENT, _USER, _WORK, _SPAN, _KIND, _AWAY, _LICENCE = map(
    table_of,
    (ReadingTask, Study, TaskEvent, User, ReaderWork, DutySpan, ShiftKind, Absence, Qualification),
)
_task = _TASK.c
_ME: BindParameter[int] = bindparam("me")
_NOW = bindparam("now", type_=UtcDateTime())
_DAY: BindParameter[date] = bindparam("day")


def in_hand(work: UnitOfWork) -> Sequence[AnyRow]:
    """Every case that somebody has in hand: whose, what it is, and since when."""
    return work.session.execute(in_hand_query(of_one=False)).all()


def people(work: UnitOfWork, day: date) -> Sequence[AnyRow]:
    """Every active reader, with his work of the day, where he has done any."""
    return work.session.execute(people_query(of_one=False), {"day": day}).all()


def duties(work: UnitOfWork, at: datetime) -> Sequence[AnyRow]:
    """Everybody at the desk of a shift at `at` who is not away; the rule is that of `reading_queue.rosters.on_duty`."""
    return work.session.execute(duties_query(of_one=False), {"now": at}).all()


def licences(work: UnitOfWork, day: date) -> Sequence[AnyRow]:
    """The licences of everybody, and whether each holds on that local day."""
    return work.session.execute(licences_query(of_one=False), {"licensed_on": day}).all()


def licences_of_one(work: UnitOfWork, user_id: int, day: date) -> Sequence[AnyRow]:
    """The same of one reader."""
    return work.session.execute(licences_query(of_one=True), {"licensed_on": day, "me": user_id}).all()


def last_day_of(work: UnitOfWork, user_id: int, before: date) -> AnyRow | None:
    """His last day of work before that day: his part, what he owed, what he did; and the parts and the work of all."""
    return work.session.execute(_last_day(), {"me": user_id, "day": before}).one_or_none()


@lru_cache
def _last_day() -> Ids:
    whole = _WORK.alias()
    done = func.sum(whole.c.read_rvu + whole.c.audit_rvu)
    parts = [select(one).where(whole.c.day == _WORK.c.day).scalar_subquery() for one in (func.sum(whole.c.share), done)]
    own = (_WORK.c[name] for name in ("share", "carried_rvu", "read_rvu", "audit_rvu"))
    query = select(*own, *parts).where(_WORK.c.user_id == _ME, _WORK.c.day < _DAY)
    return query.order_by(_WORK.c.day.desc()).limit(1)


def given_back_query() -> Ids:
    """The tasks that one reader released since then."""
    since = bindparam("since", type_=UtcDateTime())
    return select(_EVENT.c.task_id).where(_GIVEN_BACK, _EVENT.c.actor_id == _ME, _EVENT.c.at > since)


@lru_cache
def in_hand_query(*, of_one: bool) -> Ids:
    """What `in_hand` asks, of everybody or of one."""
    joined = _TASK.join(_STUDY, _STUDY.c.id == _task.study_id)
    columns = (_task.reader_id, _task.state, _task.modality, _task.state_since, _STUDY.c.body_part)
    query = select(*columns).select_from(joined).where(_IN_HAND)
    return query.where(_task.reader_id == _ME) if of_one else query


@lru_cache
def people_query(*, of_one: bool) -> Ids:
    """What `people` asks, of everybody or of one."""
    done = ("read_rvu", "audit_rvu", "carried_rvu", "seen_at", "last_patient_id", "last_taken_at")
    joined = _USER.outerjoin(_WORK, and_(_WORK.c.user_id == _USER.c.id, _WORK.c.day == _DAY))
    columns = (_USER.c.id, _USER.c.role, _USER.c.modalities, *(_WORK.c[name] for name in done))
    query = select(*columns).select_from(joined).where(_USER.c.active.is_(True), _USER.c.role.in_(_READERS))
    return query.where(_USER.c.id == _ME) if of_one else query


@lru_cache
def duties_query(*, of_one: bool) -> Ids:
    """What `duties` asks, of everybody or of one."""
    away = exists().where(_AWAY.c.user_id == _SPAN.c.user_id, _AWAY.c.ends_at > _NOW, _AWAY.c.starts_at <= _NOW)
    columns = (_KIND.c.modalities, _KIND.c.priorities, _KIND.c.subspecialties, _KIND.c.rvu_share)
    query = (
        select(_SPAN.c.user_id, *columns)
        .select_from(_SPAN.join(_KIND, _KIND.c.id == _SPAN.c.shift_kind_id))
        .where(_SPAN.c.ends_at > _NOW, _SPAN.c.starts_at <= _NOW, _SPAN.c.on_call.is_(False), ~away)
    )
    return query.where(_SPAN.c.user_id == _ME) if of_one else query


@lru_cache
def licences_query(*, of_one: bool) -> Ids:
    """What `licences` asks, of everybody or of one."""
    day: BindParameter[date] = bindparam("licensed_on")
    begun = and_(_LICENCE.c.valid_from <= day, or_(_LICENCE.c.valid_until.is_(None), _LICENCE.c.valid_until >= day))
    holds = and_(begun, or_(_LICENCE.c.ended_on.is_(None), _LICENCE.c.ended_on > day)).label("holds")
    names = ("user_id", "modality", "subspecialty", "may_audit", "valid_from", "valid_until")
    query = select(*(_LICENCE.c[name] for name in names), holds)
    return query.where(_LICENCE.c.user_id == _ME) if of_one else query


def has_roster_query() -> ColumnElement[bool]:
    """Whether any duty had begun by now and ended after `lapsed`."""
    return exists().where(_SPAN.c.starts_at <= _NOW, _SPAN.c.ends_at > bindparam("lapsed", type_=UtcDateTime()))
