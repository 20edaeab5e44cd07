"""Institutions, users and devices: look them up, and make what is missing."""

from collections.abc import Sequence

from sqlalchemy import select, update

from storage.db.models import Device, Institution, Login, User
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.devices import DeviceKind, door_titles
from storage.domain.errors import Conflict, Forbidden, Invalid, NotFound
from storage.domain.reading import InstitutionKind, Role


def institution_by_code(work: UnitOfWork, code: str) -> Institution:
    """Raise `NotFound` when no institution has `code`."""
    found = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no institution {code}.")
    return found


def active_institution(work: UnitOfWork, code: str) -> Institution:
    """For new people and equipment. Raises `NotFound`, or `Conflict` for one that was closed."""
    found = institution_by_code(work, code)
    if not found.active:
        raise Conflict(f"The institution {code} has been closed.")
    return found


def ensure_institution(
    work: UnitOfWork, code: str, name: str, name_en: str = "", kind: InstitutionKind = InstitutionKind.CLINIC
) -> Institution:
    """The institution with `code`, made or renamed as needed."""
    found = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one_or_none()
    if found is None:
        found = Institution(code=code)
        work.session.add(found)
    found.name, found.name_en, found.kind = name, name_en, kind
    work.session.flush()
    return found


def ensure_user(
    work: UnitOfWork,
    username: str,
    password_hash: str,
    *,
    role: Role,
    institution: Institution,
    name: str,
    title: str = "",
    modalities: Sequence[str] | None = None,
) -> User:
    """The user with `username`, made or brought to these values; his open sessions and a lock-out end with the old password."""
    found = work.session.execute(select(User).where(User.username == username)).scalar_one_or_none()
    if found is None:
        found = User(username=username, preferences={})
        work.session.add(found)
    found.display_name, found.title, found.role = name, title, role
    found.institution = institution
    found.modalities = None if modalities is None else list(modalities)
    found.password_hash, found.failed_logins, found.locked_until, found.active = password_hash, 0, None, True
    found.lock_outs, found.password_set_at, found.must_change_password = 0, work.now, False
    work.session.flush()
    work.session.execute(
        update(Login).where(Login.user_id == found.id, Login.ended_at.is_(None)).values(ended_at=work.now)
    )
    return found


def ensure_device(
    work: UnitOfWork, ae_title: str, institution: Institution, *, modality: str = "", name: str = ""
) -> Device:
    """The device with this calling AE title, made or moved as needed; the gateway knows it from the next association."""
    found = work.session.execute(select(Device).where(Device.ae_title == ae_title)).scalar_one_or_none()
    if found is None:
        found = Device(ae_title=ae_title)
        work.session.add(found)
    found.institution, found.modality, found.name, found.active = institution, modality, name, True
    work.session.flush()
    return found


def ensure_door_device(work: UnitOfWork, institution: Institution, kind: DeviceKind) -> Device:
    """The device that stands for a door beside DIMSE at `institution`, made on first use; nobody may associate as it.

    Safe when several processes ask at once. One that was switched off stays so: raises `Forbidden`.
    """
    query = select(Device).where(Device.institution_id == institution.id, Device.kind == kind).order_by(Device.id)
    while (found := work.session.execute(query).scalars().first()) is None:
        _make_door_device(work, institution, kind)
    if not found.active:
        raise Forbidden(f"The door {found.ae_title} of this institution is closed.")
    return found


def _make_door_device(work: UnitOfWork, institution: Institution, kind: DeviceKind) -> None:
    """Under its usual title, or with a number when something else has that one."""
    for title in door_titles(institution.code, kind):
        row = {"ae_title": title, "institution_id": institution.id, "kind": str(kind), "name": "", "modality": ""}
        if insert_missing(work.session, Device, [{**row, "charset": "", "active": True}], Device.id):
            return
        taken = work.session.execute(select(Device).where(Device.ae_title == title)).scalar_one()
        if (taken.institution_id, taken.kind) == (institution.id, kind):
            return
    raise Conflict(f"No AE title is left for the door {kind} of {institution.code}.")


def set_device_secret(work: UnitOfWork, ae_title: str, secret_hash: str) -> Device:
    """Let a device of kind ftp or edge log in with the secret of this hash (`storage.passwords`).

    Raises `NotFound`, and `Invalid` for a device that reaches us in another way.
    """
    found = work.session.execute(select(Device).where(Device.ae_title == ae_title)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no device {ae_title}.")
    if found.kind not in (DeviceKind.FTP, DeviceKind.EDGE):
        raise Invalid(f"{ae_title} is a device of kind {found.kind}; only those of kind ftp and edge log in.")
    found.secret_hash = secret_hash
    work.session.flush()
    return found


def device_to_log_in(work: UnitOfWork, ae_title: str, kind: DeviceKind) -> Device | None:
    """The active device of this kind and name."""
    mine = Device.ae_title == ae_title, Device.kind == kind, Device.active
    return work.session.execute(select(Device).where(*mine)).scalar_one_or_none()


def user_by_name(work: UnitOfWork, username: str) -> User:
    """Raise `NotFound` when nobody has that user name."""
    found = work.session.execute(select(User).where(User.username == username)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no user {username}.")
    return found
