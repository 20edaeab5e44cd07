"""What the gateway asks and tells: known devices, unknown callers, associations, and what they brought."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import exists, select, update

from storage.db.models import Association, Device, Instance, Study, StudyAssociation, UnknownCaller
from storage.db.queries.readiness import look_at_studies_of
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.studies import InstanceState


@dataclass(frozen=True)
class KnownDevice:
    """What receiving needs to know of a device; `storage.db.models.Device` says what the fields mean."""

    id: int
    ae_title: str
    kind: str
    institution_id: int
    institution_code: str
    institution_kind: str
    modality: str = ""
    called_ae_title: str = ""
    networks: list[str] | None = None
    certificate_sha256: str = ""
    host: str = ""
    port: int | None = None
    sop_classes: list[str] | None = None
    unknown_sop_classes: bool = False
    charset: str = ""
    charset_rule: str = "undeclared"
    worklist_charset: str = ""
    issuer: str = ""
    daily_objects: int | None = None
    daily_bytes: int | None = None
    may_query: bool = True
    release_means_whole: bool = False


_DEVICE_FIELDS = tuple(f.name for f in fields(KnownDevice) if f.name not in ("institution_code", "institution_kind"))


@dataclass(frozen=True)
class RefusedCaller:
    """A caller that was refused `attempts` times, the last time for `reason` (a `RefusalReason`)."""

    ae_title: str
    address: str
    called_ae_title: str
    reason: str
    attempts: int
    sop_classes: tuple[str, ...] = ()
    certificate_sha256: str = ""


@dataclass(frozen=True)
class AssociationChange:
    """An association that is over, and all it brought is catalogued. `released` as `AssociationRecord` says."""

    key: str
    ae_title: str
    received: int
    refused: int
    ended_at: datetime
    released: bool


def known_devices(work: UnitOfWork) -> list[KnownDevice]:
    """The active devices."""
    query = select(Device).where(Device.active).order_by(Device.ae_title)
    return [_known(device) for device in work.session.execute(query).scalars()]


def _known(device: Device) -> KnownDevice:
    own = {name: getattr(device, name) for name in _DEVICE_FIELDS}
    place = device.institution
    return KnownDevice(**own, institution_code=place.code, institution_kind=place.kind)


def list_refused(work: UnitOfWork, refused: Iterable[RefusedCaller]) -> None:
    """Put callers on the list of unknown ones; the same one again counts up."""
    for caller in sorted(refused, key=lambda one: (one.ae_title, one.address)):
        row = {
            "ae_title": caller.ae_title,
            "address": caller.address,
            "called_ae_title": caller.called_ae_title,
            "reason": caller.reason,
            "first_seen_at": work.now,
            "last_seen_at": work.now,
            "attempts": caller.attempts,
            "sop_classes": list(caller.sop_classes),
            "certificate_sha256": caller.certificate_sha256,
        }
        if not insert_missing(work.session, UnknownCaller, [row], UnknownCaller.id):
            _count_up(work, caller)


def _count_up(work: UnitOfWork, caller: RefusedCaller) -> None:
    same = UnknownCaller.ae_title == caller.ae_title, UnknownCaller.address == caller.address
    present = work.session.execute(select(UnknownCaller).where(*same).with_for_update()).scalar_one()
    present.attempts += caller.attempts
    present.last_seen_at = work.now
    present.called_ae_title, present.reason = caller.called_ae_title, caller.reason
    present.sop_classes, present.certificate_sha256 = list(caller.sop_classes), caller.certificate_sha256


def end_associations(work: UnitOfWork, changes: Sequence[AssociationChange]) -> None:
    """Complete their rows; those that brought nothing have none."""
    for change in sorted(changes, key=lambda change: change.key):
        names = ("received", "refused", "ended_at", "released")
        values = {name: getattr(change, name) for name in names}
        work.session.execute(update(Association).where(Association.key == change.key).values(values))
    look_at_studies_of(work, [change.key for change in changes])
    devices_seen(work, {change.ae_title for change in changes})


def devices_seen(work: UnitOfWork, ae_titles: Collection[str]) -> None:
    """These devices have just been heard of."""
    query = select(Device).where(Device.ae_title.in_(sorted(ae_titles))).order_by(Device.ae_title)
    for device in work.session.execute(query.with_for_update(of=Device)).scalars():
        device.last_seen_at = work.now


def open_associations(work: UnitOfWork, gateway: str) -> list[str]:
    """The keys of the associations of a spool whose end is not known here."""
    query = select(Association.key).where(Association.gateway == gateway, Association.ended_at.is_(None))
    return list(work.session.execute(query).scalars())


def end_lost_associations(work: UnitOfWork, keys: Collection[str]) -> None:
    """End the rows of associations of which nobody knows any more."""
    left_open = Association.key.in_(sorted(keys)), Association.ended_at.is_(None)
    work.session.execute(update(Association).where(*left_open).values(ended_at=work.now))
    look_at_studies_of(work, keys)


def wholly_stored(work: UnitOfWork, keys: Collection[str]) -> set[str]:
    """Which of these associations have everything they brought in the object store."""
    waits = exists().where(Instance.association_id == Association.id, Instance.state != InstanceState.STORED)
    query = select(Association.key).where(Association.key.in_(keys), ~waits)
    return set(work.session.execute(query).scalars())


def studies_brought_by(work: UnitOfWork, keys: Collection[str]) -> list[tuple[int, str]]:
    """Identity and priority of the studies that these associations added to."""
    query = (
        select(Study.id, Study.priority)
        .join(StudyAssociation, StudyAssociation.study_id == Study.id)
        .join(Association, Association.id == StudyAssociation.association_id)
        .where(Association.key.in_(keys))
        .distinct()
    )
    return [(row.id, row.priority) for row in work.session.execute(query)]
