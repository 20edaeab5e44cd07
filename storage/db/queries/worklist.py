"""The orders that stand on the worklist of an institution's equipment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import Device, ExamOrder
from storage.db.session import UnitOfWork
from storage.domain.orders import ON_THE_WORKLIST, WORKLIST_LIFE


@dataclass(frozen=True)
class Wanted:
    """What of an institution's worklist is asked for. Empty values do not filter.

    `device` is the calling AE title that must be the scheduled one, where one is scheduled. `scheduled_from` and
    `scheduled_until` are both included.
    """

    institution_id: int
    modalities: Collection[str] = ()
    device: str = ""
    scheduled_from: datetime | None = None
    scheduled_until: datetime | None = None


def worklist(work: UnitOfWork, wanted: Wanted, limit: int) -> Sequence[ExamOrder]:
    """Orders that nobody has done yet, what is due first first.

    An order leaves when its study has come, when its step was performed, when it was cancelled, and a week after its time.
    """
    query = select(ExamOrder).where(
        ExamOrder.institution_id == wanted.institution_id,
        ExamOrder.state.in_(ON_THE_WORKLIST),
        ExamOrder.study_id.is_(None),
        ExamOrder.scheduled_at >= max(wanted.scheduled_from or work.now - WORKLIST_LIFE, work.now - WORKLIST_LIFE),
    )
    if wanted.scheduled_until is not None:
        query = query.where(ExamOrder.scheduled_at <= wanted.scheduled_until)
    if wanted.modalities:
        query = query.where(ExamOrder.modality.in_(sorted(wanted.modalities)))
    if wanted.device:
        titled = select(Device.id).where(Device.ae_title == wanted.device).scalar_subquery()
        query = query.where(or_(ExamOrder.scheduled_device_id.is_(None), ExamOrder.scheduled_device_id == titled))
    query = query.options(joinedload(ExamOrder.scheduled_device), joinedload(ExamOrder.institution))
    ordered = query.order_by(ExamOrder.scheduled_at, ExamOrder.id).limit(limit)
    return work.session.execute(ordered).scalars().all()


def modality_of_device(work: UnitOfWork, institution_id: int, ae_title: str) -> str | None:
    """What the institution's device with this calling AE title makes; None when it has no such device."""
    query = select(Device.modality).where(
        Device.institution_id == institution_id, Device.ae_title == ae_title, Device.active
    )
    return work.session.execute(query).scalar_one_or_none()
