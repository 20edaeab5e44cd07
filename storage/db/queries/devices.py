"""Devices as an administrator sees and changes them: their rules, what they sent today, and who called in vain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.db.models import Association, Device, Instance, Institution, StudyAssociation, UnknownCaller
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound

EDITABLE = (
    "kind",
    "name",
    "modality",
    "called_ae_title",
    "networks",
    "certificate_sha256",
    "host",
    "port",
    "sop_classes",
    "unknown_sop_classes",
    "charset",
    "charset_rule",
    "worklist_charset",
    "issuer",
    "daily_objects",
    "daily_bytes",
    "may_query",
    "ready_idle",
    "release_means_whole",
    "active",
)
"""What an administrator may set; the calling AE title stays, since it is what everything else is kept under."""


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
    """Bring a device to these values of `EDITABLE`; what has changed, as {field: [before, after]}, for the audit trail."""
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


def refused_callers(work: UnitOfWork) -> Sequence[UnknownCaller]:
    """The last to call first."""
    return work.session.execute(select(UnknownCaller).order_by(UnknownCaller.last_seen_at.desc())).scalars().all()


def _is_or_was_open_since(since: datetime) -> Any:
    return Association.ended_at.is_(None) | (Association.ended_at >= since)
