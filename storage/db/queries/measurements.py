"""Measurements of a study."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from storage.db.models import Measurement, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, NotFound


def measurements_of(work: UnitOfWork, study: Study) -> Sequence[Measurement]:
    """Those that stand, the first drawn first."""
    mine = Measurement.study_id == study.id, Measurement.deleted_at.is_(None)
    query = select(Measurement).where(*mine).options(joinedload(Measurement.author)).order_by(Measurement.id)
    return work.session.execute(query).scalars().all()


def measurement_as_known(
    work: UnitOfWork, study: Study, measurement_id: int, version: int, *, lock: bool = False
) -> Measurement:
    """The measurement that the asker knows. Raises `NotFound`, and `Conflict` when it has changed since."""
    mine = Measurement.id == measurement_id, Measurement.study_id == study.id, Measurement.deleted_at.is_(None)
    query = select(Measurement).where(*mine)
    found = work.session.execute(query.with_for_update(of=Measurement) if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such measurement.")
    if found.version != version:
        raise Conflict("Somebody has changed the measurement meanwhile; load it again.")
    return found
