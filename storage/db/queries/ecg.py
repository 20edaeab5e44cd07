"""ECG objects and what has been measured of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select

from storage.db.models import Ambulatory, EcgMeasurement, Instance, Series, Study
from storage.db.session import UnitOfWork
from storage.domain.studies import InstanceState

ECG_MODALITY = "ECG"
DONE, PENDING = "done", "pending"

WAVEFORM_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.9.1.1",
    "1.2.840.10008.5.1.4.1.1.9.1.2",
    "1.2.840.10008.5.1.4.1.1.9.1.3",
    "1.2.840.10008.5.1.4.1.1.9.1.4",
)
"""12-lead, General, Ambulatory and General 32-bit ECG Waveform Storage (PS3.4 B.5)."""


def ecg_studies(work: UnitOfWork, study_ids: Collection[int]) -> list[int]:
    """Those of the studies that have an ECG."""
    query = select(Series.study_id).where(Series.study_id.in_(study_ids), Series.modality == ECG_MODALITY).distinct()
    return list(work.session.execute(query).scalars())


def unmeasured(work: UnitOfWork, study_id: int, engine: str) -> Sequence[Instance]:
    """Stored ECG waveforms of a study that this version of the engine has neither measured nor refused."""
    query = _waveforms(engine).where(Instance.study_id == study_id)
    return work.session.execute(query.order_by(Instance.id)).scalars().all()


def studies_unmeasured(work: UnitOfWork, engine: str, since: datetime, quiet_since: datetime, limit: int) -> list[int]:
    """Studies that got something after `since` and have ECG waveforms not measured; those tried after `quiet_since` may wait."""
    lately_tried = exists().where(
        EcgMeasurement.instance_id == Instance.id,
        EcgMeasurement.engine == engine,
        EcgMeasurement.tried_at > quiet_since,
    )
    query = (
        select(Study.id)
        .join(Series, and_(Series.study_id == Study.id, Series.modality == ECG_MODALITY))
        .where(Study.last_received_at >= since)
        .where(_waveforms(engine).where(Instance.series_id == Series.id, ~lately_tried).exists())
        .distinct()
        .order_by(Study.id.desc())
        .limit(limit)
    )
    return list(work.session.execute(query).scalars())


def _waveforms(engine: str) -> Select[Instance]:
    concluded = exists().where(
        EcgMeasurement.instance_id == Instance.id,
        EcgMeasurement.engine == engine,
        EcgMeasurement.source_sha256 == Instance.sha256,
        or_(EcgMeasurement.state == DONE, EcgMeasurement.refusal != ""),
    )
    return select(Instance).where(
        Instance.state == InstanceState.STORED,
        Instance.sop_class_uid.in_(WAVEFORM_CLASSES),
        Instance.written_here.is_(False),
        ~concluded,
    )


def measurement_of(work: UnitOfWork, instance_id: int, engine: str, *, lock: bool = False) -> EcgMeasurement | None:
    """`lock`: until the end of the transaction nobody else gets it."""
    query = select(EcgMeasurement).where(EcgMeasurement.instance_id == instance_id, EcgMeasurement.engine == engine)
    if lock:
        query = query.with_for_update()
    return work.session.execute(query).scalar_one_or_none()


def latest_measurements(work: UnitOfWork, study_id: int) -> dict[int, EcgMeasurement]:
    """The newest measured row of each instance of a study, by instance."""
    query = select(EcgMeasurement).where(EcgMeasurement.study_id == study_id).order_by(EcgMeasurement.id)
    return {row.instance_id: row for row in work.session.execute(query).scalars()}


def latest_measurement(work: UnitOfWork, instance_id: int) -> EcgMeasurement | None:
    """The newest measured row of an instance."""
    query = select(EcgMeasurement).where(EcgMeasurement.instance_id == instance_id, EcgMeasurement.state == DONE)
    return work.session.execute(query.order_by(EcgMeasurement.id.desc()).limit(1)).scalar_one_or_none()


def ecg_instances(work: UnitOfWork, study_id: int) -> Sequence[Instance]:
    """The stored ECG waveforms of a study, the first recorded first."""
    query = select(Instance).where(
        Instance.study_id == study_id,
        Instance.state == InstanceState.STORED,
        Instance.sop_class_uid.in_(WAVEFORM_CLASSES),
        Instance.written_here.is_(False),
    )
    return work.session.execute(query.order_by(Instance.number, Instance.id)).scalars().all()


def ambulatory_of(work: UnitOfWork, instance_id: int, engine: str) -> Ambulatory | None:
    query = select(Ambulatory).where(Ambulatory.instance_id == instance_id, Ambulatory.engine == engine)
    return work.session.execute(query).scalar_one_or_none()


def latest_ambulatory(work: UnitOfWork, instance: Instance) -> Ambulatory | None:
    """What the newest engine made of the recording as it is stored now; None for a short one, or while it is measured."""
    query = (
        select(Ambulatory)
        .where(Ambulatory.instance_id == instance.id, Ambulatory.source_sha256 == instance.sha256)
        .order_by(Ambulatory.id.desc())
    )
    return work.session.execute(query.limit(1)).scalar_one_or_none()


def long_instances(work: UnitOfWork, study_id: int) -> frozenset[int]:
    """Those instances of a study of which there is an overview."""
    query = (
        select(Ambulatory.instance_id)
        .join(Instance, Instance.id == Ambulatory.instance_id)
        .where(Ambulatory.study_id == study_id, Ambulatory.source_sha256 == Instance.sha256)
    )
    return frozenset(work.session.execute(query).scalars())
