"""Edge stations: who they are, whose devices they may bring objects of, and how they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from storage.db.models import Device, Heartbeat, Instance, Institution, Rendition, Study, UnknownCaller
from storage.db.queries import heartbeats, reception
from storage.db.queries.reception import RefusedCaller
from storage.db.session import UnitOfWork
from storage.domain.admission import RefusalReason, is_ae_title, plain_address
from storage.domain.devices import DeviceKind
from storage.domain.errors import Conflict, Invalid
from storage.domain.studies import InstanceState, RenditionState, StudyState

KIND = "edge"
"""Of stations' signs of life."""

_TOLD_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class StationState:
    """A station and its last report; `reported_at` and `report` are None and empty when there was none lately."""

    device: Device
    reported_at: datetime | None
    report: Mapping[str, Any]


def station_by_secret(work: UnitOfWork, secret_hash: str) -> Device | None:
    """The active station whose key has this SHA-256."""
    if not secret_hash:
        return None
    mine = Device.kind == DeviceKind.EDGE, Device.active, Device.secret_hash == secret_hash
    return work.session.execute(select(Device).where(*mine)).scalar_one_or_none()


def titles_of(work: UnitOfWork, institution_id: int) -> list[str]:
    """Calling AE titles of the institution's equipment."""
    query = select(Device.ae_title).where(
        Device.institution_id == institution_id, Device.active, Device.kind == DeviceKind.DICOM
    )
    return list(work.session.execute(query.order_by(Device.ae_title)).scalars())


def device_ids(work: UnitOfWork, ae_titles: Collection[str]) -> Mapping[str, int]:
    """Row ids by calling AE title."""
    query = select(Device.ae_title, Device.id).where(Device.ae_title.in_(sorted(ae_titles)))
    return {row.ae_title: row.id for row in work.session.execute(query)}


def list_unknown(work: UnitOfWork, station: str, callers: Mapping[str, str]) -> None:
    """Tell the administrator of equipment (address by title) that pushes to `station` and is nobody's; once an hour each."""
    query = select(UnknownCaller.ae_title, UnknownCaller.address).where(
        UnknownCaller.ae_title.in_(sorted(callers)), UnknownCaller.last_seen_at > work.now - _TOLD_AGAIN
    )
    told = {(row.ae_title, row.address) for row in work.session.execute(query)}
    new = [
        RefusedCaller(title, plain_address(address), station, RefusalReason.CALLING_AE_TITLE, 1)
        for title, address in callers.items()
        if is_ae_title(title) and (title, plain_address(address)) not in told
    ]
    reception.list_refused(work, new)


def note_report(work: UnitOfWork, station: str, report: Mapping[str, Any]) -> None:
    """The station has just said how it is."""
    present = work.session.get(Heartbeat, _process(station))
    started_at = present.started_at if present is not None else work.now
    heartbeats.beat(work, _process(station), KIND, started_at, report)
    reception.devices_seen(work, [station])


def without_picture(work: UnitOfWork, institution_id: int, limit: int = 20) -> list[tuple[int, str]]:
    """Identity and priority of the institution's studies that are still coming, with an image in the store and no picture."""
    query = select(Study.id, Study.priority).where(
        Study.institution_id == institution_id,
        Study.state == StudyState.RECEIVING,
        Study.rendition_state == RenditionState.PENDING,
        exists().where(Instance.study_id == Study.id, Instance.state == InstanceState.STORED),
        ~exists().where(Rendition.study_id == Study.id),
    )
    return [(row.id, row.priority) for row in work.session.execute(query.order_by(Study.id.desc()).limit(limit))]


def list_stations(work: UnitOfWork) -> Sequence[StationState]:
    """All stations, by name."""
    query = select(Device).where(Device.kind == DeviceKind.EDGE).order_by(Device.ae_title)
    found = []
    for device in work.session.execute(query).scalars():
        beat = work.session.get(Heartbeat, _process(device.ae_title))
        found.append(StationState(device, beat.seen_at if beat else None, beat.report if beat else {}))
    return found


def ensure_station(work: UnitOfWork, ae_title: str, institution: Institution, name: str, secret_hash: str) -> Device:
    """The station of that name, made or given a new key. Raises `Conflict` when another device has the name."""
    if not is_ae_title(ae_title):
        raise Invalid(f"{ae_title!r} is no AE title: 1 to 16 printable ASCII characters, no backslash.")
    found = work.session.execute(select(Device).where(Device.ae_title == ae_title)).scalar_one_or_none()
    if found is None:
        found = Device(ae_title=ae_title, kind=DeviceKind.EDGE, modality="")
        work.session.add(found)
    elif found.kind != DeviceKind.EDGE:
        raise Conflict(f"{ae_title} is a device of another kind: give the station another name.")
    found.institution, found.name, found.secret_hash, found.active = institution, name, secret_hash, True
    work.session.flush()
    return found


def _process(station: str) -> str:
    return f"{KIND}:{station}"
