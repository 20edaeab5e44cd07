"""Other bytes under the UID of an object that is here: the newer object becomes the instance, the older one is kept aside.

Nothing is deleted. What a signed report was written on stays in quarantine for good, and can be put back in the same way.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import joinedload

from reading_queue import delivery
from reading_queue.desk import SIGNED, Wish, is_decided, locked_row, require_bytes, require_operator, settle
from reading_queue.service import Actor, image_replaced
from storage.db.models import Association, Device, Instance, Quarantine, Rendition, Report, Series, Study
from storage.db.session import Database, Hint, UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Invalid, NotAllowedFromState, SignedReport, UnreadableObject
from storage.domain.studies import Decision, InstanceState, QuarantineReason, RenditionState
from storage.ingest import rows
from storage.ingest.arrival import Arrival, RulesOf, read_arrival
from storage.ingest.header import ObjectHeader
from storage.ingest.jobs import RowKind, object_key
from storage.ingest.patients import belongs_to
from storage.ingest.spool_entry import SpoolEntry
from storage.objects import ObjectStore

_CHUNK = 1 << 20
_STAYS = ("sop_instance_uid", "institution_id", "study_id", "series_id", "association_id")


@dataclass(frozen=True)
class _Newer:
    """The object in quarantine, read again under the present rules, its bytes under the key of an instance."""

    arrival: Arrival
    header: ObjectHeader


def replace_instance(
    database: Database, store: ObjectStore, actor: Actor, quarantine_id: int, wish: Wish, rules_of: RulesOf
) -> None:
    """Swap the two objects in one transaction. The same again changes nothing.

    Raises `Forbidden`, `NotFound`, `Invalid` unless the object fits into the place of the older one, `NotAllowedFromState`,
    `SignedReport` unless the wish says that it is no hindrance, and what the store raises.
    """
    require_operator(actor)
    with database.read() as work:
        row = work.session.get(Quarantine, quarantine_id)
        ready = row if row is not None and _is_open(row) else None
    newer = _prepare(store, ready, rules_of) if ready is not None else None
    with database.write() as work:
        row = locked_row(work, quarantine_id)
        if is_decided(row, Decision.REPLACE):
            return
        _require_replaceable(row)
        if newer is None or newer.arrival.sha256 != row.sha256:
            raise NotAllowedFromState("The object has just come again: look at it anew.")
        _swap(work, actor, row, newer, wish)


def has_signed_report(work: UnitOfWork, study_instance_uid: str) -> bool:
    """Whether a report of this study was signed."""
    study = select(Study.id).where(Study.study_instance_uid == study_instance_uid).scalar_subquery()
    return bool(work.session.execute(select(exists().where(Report.study_id == study))).scalar_one())


def _is_open(row: Quarantine) -> bool:
    return row.resolved_at is None and row.state == InstanceState.STORED and row.purged_at is None


def _require_replaceable(row: Quarantine) -> None:
    if row.reason != QuarantineReason.OTHER_BYTES:
        raise Invalid("Only other bytes under the UID of an object that is here can take its place.")
    require_bytes(row)


def _prepare(store: ObjectStore, row: Quarantine, rules_of: RulesOf) -> _Newer:
    _require_replaceable(row)
    entry = SpoolEntry(int(row.received_at.timestamp() * 1e6) * 1000, f"desk{row.id}", 1)
    with tempfile.TemporaryDirectory(prefix="countyread-desk-") as folder:
        path = Path(folder) / "object.dcm"
        with store.open(row.object_key) as stream, path.open("wb") as copy:
            while chunk := stream.read(_CHUNK):
                copy.write(chunk)
        arrival = replace(read_arrival(path, entry, rules_of), is_stored=True)
        if arrival.header is None:
            raise UnreadableObject(arrival.fault)
        with path.open("rb") as stream:
            key = object_key(RowKind.INSTANCE, arrival.sha256)
            store.put(key, stream, size=arrival.size, sha256=arrival.sha256)
    return _Newer(arrival, arrival.header)


def _swap(work: UnitOfWork, actor: Actor, row: Quarantine, newer: _Newer, wish: Wish) -> None:
    instance, study, series = _place(work, row, newer)
    is_signed = has_signed_report(work, study.study_instance_uid)
    if is_signed and not wish.despite_report:
        raise SignedReport(
            "A signed report rests on the object that is here. It stays reachable; say that you mean it."
        )
    _keep_older(work, actor, instance, row, is_signed=is_signed)
    values = rows.new_instance(newer.arrival, newer.header, series, instance.gateway, None, work.now)
    for name, value in values.items():
        if name not in _STAYS:
            setattr(instance, name, value)
    work.session.execute(delete(Rendition).where(Rendition.instance_id == instance.id))
    delivery.start_over(work, instance)
    study.rendition_state, study.rendition_attempts, study.rendition_tried_at = RenditionState.PENDING, 0, None
    image_replaced(work, study, is_signed=is_signed)
    work.after_commit(Hint("make_renditions", (study.id, study.priority)))
    settle(work, actor, row, wish)


def _place(work: UnitOfWork, row: Quarantine, newer: _Newer) -> tuple[Instance, Study, Series]:
    """Where the newer object belongs: in the same series and study, of the same patient. Raises `Invalid`."""
    ids = newer.header.identifiers
    query = select(Instance).where(Instance.sop_instance_uid == ids.sop_instance_uid).with_for_update()
    instance = work.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if instance is None or instance.institution_id != row.institution_id:
        raise Invalid("There is no object that this one could replace.")
    if instance.state != InstanceState.STORED:
        raise NotAllowedFromState("The older object is still on its way to the object store: try again in a moment.")
    found = select(Study).where(Study.id == instance.study_id).options(joinedload(Study.patient))
    study = work.session.execute(found.with_for_update(of=Study)).scalar_one()
    series = work.session.get_one(Series, instance.series_id)
    here = (study.study_instance_uid, series.series_instance_uid)
    if (ids.study_instance_uid, ids.series_instance_uid) != here:
        raise Invalid("The object names another study or series than the one that is here.")
    if not belongs_to(work.session, study, newer.header, _issuer(work, row.ae_title)):
        raise Invalid("The object names another patient than the one that is here.")
    return instance, study, series


def _issuer(work: UnitOfWork, ae_title: str) -> str:
    return work.session.execute(select(Device.issuer).where(Device.ae_title == ae_title)).scalar_one_or_none() or ""


def _keep_older(work: UnitOfWork, actor: Actor, instance: Instance, row: Quarantine, *, is_signed: bool) -> None:
    """The older object as a decided line: kept for good, to be opened again by whoever wants it back."""
    words = "It was replaced by a newer object" + (" after a report on it was signed." if is_signed else ".")
    kept: dict[str, Any] = {
        "detail": words,
        "institution_id": instance.institution_id,
        "sop_instance_uid": instance.sop_instance_uid,
        "study_instance_uid": row.study_instance_uid,
        "size": instance.size,
        "sha256": instance.sha256,
        "object_key": instance.object_key,
        "state": instance.state,
        "gateway": instance.gateway,
        "spool_name": instance.spool_name,
        "received_at": instance.received_at,
        "resolved_at": work.now,
        "resolution": f"{Decision.KEPT}: number {row.id} took its place",
        "decision": Decision.KEPT,
        "decided_by_id": actor.user_id,
        "told": {**(row.told or {}), SIGNED: is_signed},
        "keep_until": None,
        "purged_at": None,
    }
    identity = {
        "reason": QuarantineReason.OTHER_BYTES,
        "dataset_digest": instance.dataset_digest,
        "ae_title": _sender(work, instance) or row.ae_title,
    }
    if insert_missing(work.session, Quarantine, [{**identity, **kept, "attempts": 1}], Quarantine.id):
        return
    same = (getattr(Quarantine, name) == value for name, value in identity.items())
    present = work.session.execute(select(Quarantine).where(*same).with_for_update()).scalar_one()
    for name, value in kept.items():
        setattr(present, name, value)


def _sender(work: UnitOfWork, instance: Instance) -> str:
    query = select(Device.ae_title).join(Association, Association.device_id == Device.id)
    return work.session.execute(query.where(Association.id == instance.association_id)).scalar_one_or_none() or ""
