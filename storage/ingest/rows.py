"""What the rows of the catalogue hold, taken from headers."""

from datetime import datetime
from typing import Any

from storage.db.models import Device, Series, Study
from storage.db.session import UnitOfWork
from storage.domain.studies import RenditionState, StudyState
from storage.ingest.arrival import Arrival
from storage.ingest.header import ObjectHeader, is_read
from storage.ingest.jobs import RowKind, object_key
from storage.ingest.stated import note_stated_counts
from storage.ingest.study_keys import study_keys


def new_study(header: ObjectHeader, device: Device, patient_id: int, now: datetime) -> dict[str, Any]:
    """A study as its first object tells it; counts start at nothing."""
    return {
        "study_instance_uid": header.identifiers.study_instance_uid,
        "institution_id": device.institution_id,
        "patient_id": patient_id,
        "device_id": device.id,
        "modality": header.modality or device.modality,
        "body_part": header.body_part,
        "description": header.study_description,
        "accession_number": header.accession_number,
        "priority": header.priority,
        "state": StudyState.RECEIVING,
        **study_keys(header.model),
        "exam_started_at": header.exam_started_at,
        "first_received_at": now,
        "last_received_at": now,
        "series_count": 0,
        "instance_count": 0,
        "rendition_state": RenditionState.PENDING,
        "rendition_attempts": 0,
        "rendition_error": "",
    }


def new_series(header: ObjectHeader, study: Study) -> dict[str, Any]:
    """A series as its first object tells it."""
    return {
        "series_instance_uid": header.identifiers.series_instance_uid,
        "institution_id": study.institution_id,
        "study_id": study.id,
        "modality": header.modality,
        "number": header.series_number,
        "description": header.series_description,
        "body_part": header.body_part,
        "laterality": header.laterality,
        "instance_count": 0,
    }


def new_instance(
    arrival: Arrival, header: ObjectHeader, series: Series, gateway: str, association_id: int | None, now: datetime
) -> dict[str, Any]:
    """An instance that came through the spool of `gateway`."""
    return {
        "sop_instance_uid": header.identifiers.sop_instance_uid,
        "sop_class_uid": header.identifiers.sop_class_uid,
        "transfer_syntax_uid": arrival.meta.transfer_syntax_uid,
        "institution_id": series.institution_id,
        "study_id": series.study_id,
        "series_id": series.id,
        "association_id": association_id,
        "number": header.instance_number,
        "frames": header.frames,
        "rows": header.rows,
        "columns": header.columns,
        "size": arrival.size,
        "sha256": arrival.sha256,
        "dataset_digest": arrival.dataset_digest,
        "object_key": object_key(RowKind.INSTANCE, arrival.sha256),
        "state": arrival.state,
        "stored_at": now if arrival.is_stored else None,
        "gateway": gateway,
        "spool_name": arrival.entry.name,
        "received_at": arrival.entry.received_at,
        "header": header.model,
        "charset_repair": header.charset_repair,
    }


def count_in(work: UnitOfWork, series: Series, study: Study, header: ObjectHeader) -> None:
    """A new object came to a study: it counts, and what it tells better than those before it is taken over."""
    series.instance_count += 1
    study.instance_count += 1
    if study.state != StudyState.RECEIVING:
        study.receiving_since = work.now
    study.last_received_at = study.ready_check_at = work.now
    study.state, study.rendition_state = StudyState.RECEIVING, RenditionState.PENDING
    study.rendition_attempts, study.rendition_tried_at = 0, None
    study.priority = min(study.priority, header.priority)
    if header.modality and is_read(header.modality) and (not study.modality or not is_read(study.modality)):
        study.modality = header.modality
    study.description = study.description or header.study_description
    study.body_part = study.body_part or header.body_part
    study.accession_number = study.accession_number or header.accession_number
    starts = [start for start in (study.exam_started_at, header.exam_started_at) if start is not None]
    study.exam_started_at = min(starts, default=None)
    note_stated_counts(study, series, header.stated)
