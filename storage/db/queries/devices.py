"""Devices as an administrator sees and changes them: their rules, what they sent today, and who called in vain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.audit import AuditEntry, record
from storage.db.models import Association, Device, Instance, Institution, StudyAssociation, UnknownCaller
from storage.db.session import UnitOfWork
from storage.domain.admission import RefusalReason
from storage.domain.device_rules import check_reachable, clean
from storage.domain.errors import Conflict, InvalidField, NotFound


@dataclass(frozen=True)
class Traffic:
    """What a device brought since some moment, by C-STORE: objects kept, and objects refused."""

    received: int
    refused: int


def device(work: UnitOfWork, device_id: int) -> Device:
    """Raise `NotFound`."""
    found = work.session.get(Device, device_id)
    if found is None:
        raise NotFound("There is no such device.")
    return found


def device_by_title(work: UnitOfWork, ae_title: str) -> Device | None:
    """The device with this calling AE title, active or not."""
    return work.session.execute(select(Device).where(Device.ae_title == ae_title)).scalar_one_or_none()


def change(work: UnitOfWork, found: Device, values: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a device to these values; what has changed, as {field: [before, after]}, for the audit trail."""
    changes = {name: [getattr(found, name), value] for name, value in values.items() if getattr(found, name) != value}
    for name, (_, value) in changes.items():
        setattr(found, name, value)
    work.session.flush()
    return changes


def move(work: UnitOfWork, found: Device, institution: Institution) -> dict[str, Any]:
    """Give a device to an institution; what has changed, as `change` tells it."""
    before = found.institution
    if before is institution:
        return {}
    found.institution = institution
    work.session.flush()
    return {"institution": [before.code, institution.code]}


def catalogued_since(work: UnitOfWork, device_id: int, since: datetime) -> tuple[int, int]:
    """How many objects, and how many bytes, the catalogue has received from a device since then."""
    query = (
        select(func.count(Instance.id), func.coalesce(func.sum(Instance.size), 0))
        .select_from(Association)
        .join(StudyAssociation, StudyAssociation.association_id == Association.id)
        .join(
            Instance,
            (Instance.study_id == StudyAssociation.study_id) & (Instance.association_id == Association.id),
        )
        .where(Association.device_id == device_id, _is_or_was_open_since(since), Instance.received_at >= since)
    )
    count, size = work.session.execute(query).one()
    return int(count), int(size)


def traffic_since(work: UnitOfWork, since: datetime) -> dict[int, Traffic]:
    """By device: what the associations that began since then brought."""
    query = (
        select(Association.device_id, func.sum(Association.received), func.sum(Association.refused))
        .where(Association.started_at >= since)
        .group_by(Association.device_id)
    )
    return {row[0]: Traffic(int(row[1]), int(row[2])) for row in work.session.execute(query)}


def last_addresses(work: UnitOfWork) -> dict[int, str]:
    """By device: the address that it came from the last time."""
    latest = select(func.max(Association.id)).group_by(Association.device_id)
    query = select(Association.device_id, Association.address).where(Association.id.in_(latest))
    return {row[0]: row[1] for row in work.session.execute(query)}


def institutions(work: UnitOfWork) -> Sequence[Institution]:
    """All of them, by code."""
    return work.session.execute(select(Institution).order_by(Institution.code)).scalars().all()


def refused_callers(work: UnitOfWork) -> Sequence[UnknownCaller]:
    """The last to call first."""
    return work.session.execute(select(UnknownCaller).order_by(UnknownCaller.last_seen_at.desc())).scalars().all()


def _is_or_was_open_since(since: datetime) -> Any:
    return Association.ended_at.is_(None) | (Association.ended_at >= since)


def add(work: UnitOfWork, actor: str, ae_title: str, institution: Institution, values: Mapping[str, Any]) -> Device:
    """A new device; the gateways know it within seconds. Raises `Conflict` when the title is taken, `InvalidField`."""
    (title,) = clean({"ae_title": ae_title}).values()
    if device_by_title(work, title) is not None:
        raise Conflict(f"There is a device {title} already.")
    made = Device(ae_title=title, institution=institution)
    work.session.add(made)
    work.session.flush()
    _write(work, actor, "device_added", made, {"institution": [None, institution.code]}, values)
    return made


def edit(
    work: UnitOfWork, actor: str, found: Device, institution: Institution | None, values: Mapping[str, Any]
) -> Device:
    """Change what is given, and leave the rest. Raises `InvalidField`."""
    moved = move(work, found, institution) if institution is not None else {}
    _write(work, actor, "device_changed", found, moved, values)
    return found


def _write(
    work: UnitOfWork, actor: str, action: str, found: Device, told: dict[str, Any], values: Mapping[str, Any]
) -> None:
    changes = {**told, **change(work, found, clean(values))}
    check_reachable(found.host, found.port)
    if changes:
        detail = {"ae_title": found.ae_title, "changes": changes}
        record(work.session, AuditEntry(work.now, actor, action, f"device:{found.id}", detail))


def accept(
    work: UnitOfWork, actor: str, caller: UnknownCaller, institution: Institution | None, values: Mapping[str, Any]
) -> Device:
    """Let a caller in from its next association on, by changing just the rule that kept it out.

    Raises `Conflict` where one click is not enough, and `InvalidField` when a new device has no institution.
    """
    present = device_by_title(work, caller.ae_title)
    if present is None and institution is None:
        raise InvalidField("institution", "cannot be guessed: say whose equipment it is.")
    rules = {**_rules_that_let_in(caller, present), **values}
    if present is not None:
        accepted = edit(work, actor, present, institution, {"active": True, **rules})
    else:
        assert institution is not None, "checked before"
        accepted = add(work, actor, caller.ae_title, institution, rules)
    for row in work.session.execute(select(UnknownCaller).where(UnknownCaller.ae_title == caller.ae_title)).scalars():
        work.session.delete(row)
    return accepted


def _rules_that_let_in(caller: UnknownCaller, present: Device | None) -> dict[str, Any]:
    match caller.reason:
        case RefusalReason.CALLED_AE_TITLE:
            return {"called_ae_title": caller.called_ae_title}
        case RefusalReason.ADDRESS if present is not None and present.networks:
            return {"networks": [*present.networks, caller.address]}
        case RefusalReason.OTHER_CERTIFICATE if caller.certificate_sha256:
            return {"certificate_sha256": caller.certificate_sha256}
        case RefusalReason.NO_CERTIFICATE:
            raise Conflict("It must come over TLS with its certificate; take that rule away if it shall not.")
        case RefusalReason.NOT_DICOM:
            raise Conflict("This AE title stands for another way in; give the equipment a title of its own.")
        case _:
            return {}
