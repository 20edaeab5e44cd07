"""Objects kept aside with the reason, for a person to decide on. Nothing that was received is thrown away."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from storage.db.models import Device, Quarantine
from storage.db.session import Hint, UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.studies import InstanceState, QuarantineReason
from storage.ingest.arrival import Arrival
from storage.ingest.header import ObjectHeader
from storage.ingest.jobs import Job, JobKind, RowKind, object_key
from storage.ingest.told import told_patient


def keep_aside(
    work: UnitOfWork, gateway: str, arrival: Arrival, device: Device | None, reason: QuarantineReason, detail: str
) -> Job:
    """Quarantine an object. The same one again for the same reason counts up, and opens a case that was closed."""
    row = _new_row(gateway, arrival, device, reason, detail)
    if reason is QuarantineReason.OTHER_ENCODING:
        work.after_commit(Hint("find_uncompared_encodings"))
    if new := insert_missing(work.session, Quarantine, [row], Quarantine.id):
        return _job(JobKind.UPLOAD, new[0].id, arrival)
    return _again(work, gateway, arrival, reason)


def _again(work: UnitOfWork, gateway: str, arrival: Arrival, reason: QuarantineReason) -> Job:
    query = select(Quarantine).where(
        Quarantine.reason == reason,
        Quarantine.dataset_digest == arrival.dataset_digest,
        Quarantine.ae_title == arrival.meta.source_ae_title,
    )
    present = work.session.execute(query.with_for_update()).scalar_one()
    if (present.gateway, present.spool_name) == (gateway, arrival.entry.name):
        waiting = present.state == InstanceState.SPOOLED
        return _job(JobKind.UPLOAD if waiting else JobKind.DROP, present.id, arrival)
    present.attempts += 1
    if present.resolved_at is None:
        return replace(_job(JobKind.CHECK, present.id, arrival), object_key=present.object_key)
    reopen(present)
    present.sha256, present.size = arrival.sha256, arrival.size
    present.object_key = object_key(RowKind.QUARANTINE, arrival.sha256)
    present.state, present.gateway, present.spool_name = InstanceState.SPOOLED, gateway, arrival.entry.name
    return _job(JobKind.UPLOAD, present.id, arrival)


def reopen(row: Quarantine) -> None:
    """Let people decide again."""
    row.resolved_at, row.resolution, row.decision = None, "", ""
    row.decided_by_id = row.carried_at = row.keep_until = row.purged_at = None


def _job(kind: JobKind, row_id: int, arrival: Arrival) -> Job:
    key = object_key(RowKind.QUARANTINE, arrival.sha256)
    return Job(kind, RowKind.QUARANTINE, row_id, arrival.entry, key, arrival.size, arrival.sha256)


def _new_row(
    gateway: str, arrival: Arrival, device: Device | None, reason: QuarantineReason, detail: str
) -> dict[str, object]:
    return {
        "reason": reason,
        "detail": detail,
        "institution_id": device.institution_id if device else None,
        "ae_title": arrival.meta.source_ae_title,
        "sop_instance_uid": arrival.sop_instance_uid[:64],
        "study_instance_uid": arrival.header.identifiers.study_instance_uid[:64] if arrival.header else "",
        "size": arrival.size,
        "sha256": arrival.sha256,
        "dataset_digest": arrival.dataset_digest,
        "object_key": object_key(RowKind.QUARANTINE, arrival.sha256),
        "state": InstanceState.SPOOLED,
        "gateway": gateway,
        "spool_name": arrival.entry.name,
        "received_at": arrival.entry.received_at,
        "attempts": 1,
        "resolution": "",
        "told": told_of(arrival.header, device.issuer if device else "") if arrival.header else None,
    }


def told_of(header: ObjectHeader, device_issuer: str) -> dict[str, Any]:
    """What an object says of itself, for people who decide on it: whose it is, of which kind, and of when."""
    patient = told_patient(header, device_issuer)
    return {
        "patient_id": patient.patient_id,
        "issuer": patient.issuer,
        "name": patient.name,
        "sex": patient.sex,
        "birth_date": patient.birth_date,
        "national_id": patient.national_id,
        "phone": patient.phone,
        "told_issuer": patient.told_issuer,
        "modality": header.modality,
        "description": header.study_description,
        "exam_started_at": header.exam_started_at.isoformat() if header.exam_started_at else None,
    }
