"""Marks that physicians kept for ECGs."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from storage.db.models import EcgMarks, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.reading import ReadingStep


def latest_version(work: UnitOfWork, task_id: int, instance_id: int) -> int:
    """Of the marks of a task for one recording; 0 when there are none."""
    query = select(EcgMarks.version).where(EcgMarks.task_id == task_id, EcgMarks.instance_id == instance_id)
    return work.session.execute(query.order_by(EcgMarks.version.desc()).limit(1)).scalar() or 0


def marks_of_study(work: UnitOfWork, study_id: int) -> Sequence[EcgMarks]:
    """All versions of all recordings and tasks, the last first."""
    return work.session.execute(_newest_first().where(EcgMarks.study_id == study_id)).scalars().all()


def marks_of_instance(work: UnitOfWork, instance_id: int) -> Sequence[EcgMarks]:
    """All versions of one recording, the last first."""
    return work.session.execute(_newest_first().where(EcgMarks.instance_id == instance_id)).scalars().all()


def is_adjudicated(work: UnitOfWork, study_id: int) -> bool:
    """Whether both independent readings of a study are done, and somebody decides over them or has."""
    query = exists().where(ReadingTask.study_id == study_id, ReadingTask.step == ReadingStep.ADJUDICATE)
    return bool(work.session.execute(select(query)).scalar_one())


def _newest_first() -> Select[EcgMarks]:
    return (
        select(EcgMarks).options(joinedload(EcgMarks.task), joinedload(EcgMarks.made_by)).order_by(EcgMarks.id.desc())
    )
