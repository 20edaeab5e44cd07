"""Consultations: what a hospital is asked, what was asked about a case, and which study that lets it see."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import joinedload

from storage.db.models import Consultation, Institution, Report, ReportVersion, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.reading import OPEN_CONSULTATIONS, InstitutionKind


def consultations_of(work: UnitOfWork, task_id: int) -> Sequence[Consultation]:
    """All that were asked about a task, the first first."""
    query = _whole().where(Consultation.task_id == task_id).order_by(Consultation.id)
    return work.session.execute(query).scalars().all()


def asked_of(work: UnitOfWork, hospital_id: int, *, open_only: bool, limit: int) -> Sequence[Consultation]:
    """What that hospital was asked, the last first."""
    query = _whole().where(Consultation.hospital_id == hospital_id)
    if open_only:
        query = query.where(Consultation.state.in_(OPEN_CONSULTATIONS))
    return work.session.execute(query.order_by(Consultation.id.desc()).limit(limit)).scalars().all()


def consultation_of_hospital(work: UnitOfWork, hospital_id: int, consultation_id: int) -> Consultation:
    """Raise `NotFound` unless that hospital was asked."""
    query = _whole().where(Consultation.id == consultation_id, Consultation.hospital_id == hospital_id)
    found = work.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such consultation.")
    return found


def require_asked(work: UnitOfWork, hospital_id: int, study_instance_uid: str) -> int:
    """The institution whose study it is. Raise `NotFound` unless that hospital is being asked about it now (I8)."""
    asked = exists().where(
        Consultation.hospital_id == hospital_id,
        Consultation.state.in_(OPEN_CONSULTATIONS),
        Consultation.study_id == Study.id,
    )
    query = select(Study.institution_id).where(Study.study_instance_uid == study_instance_uid, asked)
    institution_id = work.session.execute(query).scalar_one_or_none()
    if institution_id is None:
        raise NotFound("There is no such study.")
    return institution_id


def upper_hospitals(work: UnitOfWork) -> Sequence[Institution]:
    """Whom the centre may ask."""
    query = select(Institution).where(Institution.kind == InstitutionKind.UPPER).order_by(Institution.code)
    return work.session.execute(query).scalars().all()


def last_versions(work: UnitOfWork, task_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """The report of each task that has one, and the kind of its last version."""
    newest = and_(ReportVersion.report_id == Report.id, ReportVersion.version == Report.last_version)
    query = select(Report.task_id, Report.id, ReportVersion.kind).join(ReportVersion, newest)
    rows = work.session.execute(query.where(Report.task_id.in_(task_ids)))
    return {task_id: (report_id, kind) for task_id, report_id, kind in rows}


def _whole() -> Select[Consultation]:
    return select(Consultation).options(
        joinedload(Consultation.hospital),
        joinedload(Consultation.asked_by),
        joinedload(Consultation.consultant),
        joinedload(Consultation.task),
        joinedload(Consultation.study).options(joinedload(Study.patient), joinedload(Study.institution)),
    )
