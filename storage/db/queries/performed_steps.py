"""Performed procedure steps: look-ups, and the orders that they are done for."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from storage.db.models import ExamOrder, PerformedStep
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound


def step_by_uid(work: UnitOfWork, sop_instance_uid: str) -> PerformedStep:
    """The step, locked. Raises `NotFound` when there is none in scope."""
    query = select(PerformedStep).where(PerformedStep.sop_instance_uid == sop_instance_uid).with_for_update()
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such performed procedure step.")
    return found


def orders_of(work: UnitOfWork, step: PerformedStep) -> Sequence[ExamOrder]:
    """The orders of its scheduled steps, locked: by Study Instance UID, or by accession number and the same patient ID."""
    numbered = and_(
        ExamOrder.accession_number.in_([number for number in step.accession_numbers if number]),
        ExamOrder.patient_id == step.patient_id,
    )
    query = (
        select(ExamOrder)
        .where(ExamOrder.institution_id == step.institution_id)
        .where(or_(ExamOrder.study_instance_uid.in_(step.studies), numbered))
    )
    return work.session.execute(query.order_by(ExamOrder.id).with_for_update(of=ExamOrder)).scalars().all()
