"""Shift kinds, duties, absences and qualifications: look them up."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from storage.db.models import Absence, DutySpan, Qualification, ShiftKind, User
from storage.db.session import UnitOfWork
from storage.domain.reading import Role

READERS = (Role.RADIOLOGIST, Role.AUDITOR)


def spans_at(work: UnitOfWork, at: datetime) -> Sequence[DutySpan]:
    """The duties that last at `at`, of active readers who are not away, the earliest to end first."""
    query = (
        select(DutySpan)
        .join(User, User.id == DutySpan.user_id)
        .where(DutySpan.ends_at > at, DutySpan.starts_at <= at, _reads(), ~_is_away(at))
        .order_by(DutySpan.ends_at, DutySpan.id)
    )
    return work.session.execute(query).scalars().all()


def spans_between(work: UnitOfWork, first: datetime, last: datetime) -> Sequence[DutySpan]:
    """The duties of active readers that touch the span, with their people."""
    query = (
        select(DutySpan)
        .join(User, User.id == DutySpan.user_id)
        .options(joinedload(DutySpan.user))
        .where(DutySpan.ends_at > first, DutySpan.starts_at < last, _reads())
        .order_by(DutySpan.starts_at, DutySpan.id)
    )
    return work.session.execute(query).scalars().all()


def spans_of_days(work: UnitOfWork, first: date, last: date) -> Sequence[DutySpan]:
    """The duties of these local days, both inclusive, with their people."""
    query = (
        select(DutySpan)
        .options(joinedload(DutySpan.user))
        .where(DutySpan.day.between(first, last))
        .order_by(DutySpan.day, DutySpan.starts_at, DutySpan.id)
    )
    return work.session.execute(query).scalars().all()


def absences_between(work: UnitOfWork, first: datetime, last: datetime) -> Sequence[Absence]:
    """The absences that touch the span."""
    query = (
        select(Absence)
        .options(joinedload(Absence.user))
        .where(Absence.ends_at > first, Absence.starts_at < last)
        .order_by(Absence.starts_at, Absence.id)
    )
    return work.session.execute(query).scalars().all()


def has_roster(work: UnitOfWork, at: datetime, lapsed_after: timedelta) -> bool:
    """Whether any duty had begun by `at` and ended no longer than `lapsed_after` before it."""
    lately = exists().where(DutySpan.starts_at <= at, DutySpan.ends_at > at - lapsed_after)
    return bool(work.session.execute(select(lately)).scalar())


def active_readers(work: UnitOfWork) -> Sequence[User]:
    """Everybody who reads, in order of user name."""
    return work.session.execute(select(User).where(_reads()).order_by(User.username)).scalars().all()


def qualifications_of(work: UnitOfWork, users: Collection[int]) -> Sequence[Qualification]:
    """What these people are or were licensed for."""
    query = select(Qualification).where(Qualification.user_id.in_(users)).order_by(Qualification.id)
    return work.session.execute(query).scalars().all()


def all_qualifications(work: UnitOfWork) -> Sequence[Qualification]:
    """Every qualification with its holder, in order of user name."""
    query = (
        select(Qualification)
        .join(Qualification.user)
        .options(joinedload(Qualification.user))
        .order_by(User.username, Qualification.modality, Qualification.id)
    )
    return work.session.execute(query).scalars().all()


def shift_kinds(work: UnitOfWork) -> Sequence[ShiftKind]:
    """Every shift kind, those no longer in use last."""
    return work.session.execute(select(ShiftKind).order_by(ShiftKind.active.desc(), ShiftKind.id)).scalars().all()


def _reads() -> ColumnElement[bool]:
    return User.active.is_(True) & User.role.in_(READERS)


def _is_away(at: datetime) -> ColumnElement[bool]:
    return exists().where(Absence.user_id == DutySpan.user_id, Absence.ends_at > at, Absence.starts_at <= at)
