"""Objects that the archive itself adds to a study: signed reports and key images. They are no images that somebody waits for."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select, update

from storage.db.models import Instance, Series, Study
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.studies import InstanceState
from storage.ingest.data_set_digest import DataSetDigest
from storage.ingest.header import ObjectHeader, ReadingRules, read_header
from storage.ingest.jobs import RowKind, object_key
from storage.ingest.part10 import read_start
from storage.objects import ObjectStore


@dataclass(frozen=True)
class WrittenObject:
    """A Part 10 file that is in the object store, and what the catalogue will say of it."""

    header: ObjectHeader
    transfer_syntax_uid: str
    size: int
    sha256: str
    dataset_digest: str


def store_written(store: ObjectStore, data: bytes, at: datetime, zone: tzinfo) -> WrittenObject:
    """Put the file where its hash says; harmless to repeat. Raises as `ObjectStore.put`."""
    stream = io.BytesIO(data)
    meta = read_start(stream)
    start = stream.tell()
    header = read_header(stream, meta.transfer_syntax_uid, at, ReadingRules(zone))
    sha256, digest = hashlib.sha256(data).hexdigest(), DataSetDigest()
    digest.update(memoryview(data)[start:])
    store.put(object_key(RowKind.INSTANCE, sha256), io.BytesIO(data), size=len(data), sha256=sha256)
    return WrittenObject(header, meta.transfer_syntax_uid, len(data), sha256, digest.text)


def enter_written(work: UnitOfWork, study: Study, written: WrittenObject) -> bool:
    """Enter the object into the study, which the caller has locked; False when it is there already.

    The study is not made to wait, be read or be counted anew for it.
    """
    series_id = _series(work, study, written.header)
    made = insert_missing(work.session, Instance, [_instance(work, study, series_id, written)], Instance.id)
    if made:
        one_more = update(Series).where(Series.id == series_id).values(instance_count=Series.instance_count + 1)
        work.session.execute(one_more, execution_options={"synchronize_session": False})
        study.own_instance_count += 1
    return bool(made)


def _series(work: UnitOfWork, study: Study, header: ObjectHeader) -> int:
    uid = header.identifiers.series_instance_uid
    row = {
        "series_instance_uid": uid,
        "institution_id": study.institution_id,
        "study_id": study.id,
        "modality": header.modality,
        "number": header.series_number,
        "description": header.series_description,
        "body_part": "",
        "laterality": "",
        "instance_count": 0,
        "written_here": True,
    }
    study.own_series_count += len(insert_missing(work.session, Series, [row], Series.id))
    return work.session.execute(select(Series.id).where(Series.series_instance_uid == uid)).scalar_one()


def _instance(work: UnitOfWork, study: Study, series_id: int, written: WrittenObject) -> dict[str, Any]:
    header = written.header
    return {
        "sop_instance_uid": header.identifiers.sop_instance_uid,
        "sop_class_uid": header.identifiers.sop_class_uid,
        "transfer_syntax_uid": written.transfer_syntax_uid,
        "institution_id": study.institution_id,
        "study_id": study.id,
        "series_id": series_id,
        "association_id": None,
        "number": header.instance_number,
        "frames": 1,
        "rows": None,
        "columns": None,
        "size": written.size,
        "sha256": written.sha256,
        "dataset_digest": written.dataset_digest,
        "object_key": object_key(RowKind.INSTANCE, written.sha256),
        "state": InstanceState.STORED,
        "stored_at": work.now,
        "gateway": "",
        "spool_name": "",
        "received_at": work.now,
        "header": header.model,
        "charset_repair": "",
        "written_here": True,
    }
