"""Institutions as those who run the centre see and change them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from storage.audit import AuditEntry, record
from storage.db.models import Device, Institution, User
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict


def all_institutions(work: UnitOfWork) -> Sequence[Institution]:
    """By code."""
    return work.session.execute(select(Institution).order_by(Institution.code)).scalars().all()


def active_devices(work: UnitOfWork) -> dict[int, int]:
    """By institution: how much equipment may send."""
    query = select(Device.institution_id, func.count()).where(Device.active.is_(True)).group_by(Device.institution_id)
    return dict(work.session.execute(query).all())


def active_users(work: UnitOfWork) -> dict[int, int]:
    """By institution: how many people may log in."""
    query = select(User.institution_id, func.count()).where(User.active.is_(True)).group_by(User.institution_id)
    return dict(work.session.execute(query).all())


def add(work: UnitOfWork, actor: str, code: str, values: Mapping[str, Any]) -> Institution:
    """A new institution. Raises `Conflict` when the code is taken."""
    if work.session.execute(select(Institution.id).where(Institution.code == code)).first() is not None:
        raise Conflict(f"There is an institution {code} already.")
    made = Institution(code=code, **values)
    work.session.add(made)
    work.session.flush()
    detail = {"code": code, **values}
    record(work.session, AuditEntry(work.now, actor, "institution_added", f"institution:{made.id}", detail))
    return made


def edit(work: UnitOfWork, actor: str, found: Institution, values: Mapping[str, Any]) -> Institution:
    """Change what is given. Raises `Conflict` where one that equipment sends for, or people log in for, is to be closed."""
    closes = found.active and values.get("active") is False
    if closes and (active_devices(work).get(found.id) or active_users(work).get(found.id)):
        raise Conflict("Switch its devices and its users off first.")
    changes = {name: [getattr(found, name), value] for name, value in values.items() if getattr(found, name) != value}
    for name, (_, value) in changes.items():
        setattr(found, name, value)
    work.session.flush()
    if changes:
        detail = {"code": found.code, "changes": changes}
        record(work.session, AuditEntry(work.now, actor, "institution_changed", f"institution:{found.id}", detail))
    return found
