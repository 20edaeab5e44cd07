"""What has been rejected, as searches and viewers show it."""

from collections.abc import Collection

from sqlalchemy import func, select

from storage.db.models import Instance
from storage.db.session import UnitOfWork

UNAVAILABLE, ONLINE = "UNAVAILABLE", "ONLINE"
"""Instance Availability (0008,0056). Rejected objects are unavailable to whoever searches (IHE RAD IOCM), and kept all the same."""


def rejected_by_series(work: UnitOfWork, series_ids: Collection[int]) -> dict[int, int]:
    """How many objects of each series are rejected; a series without any is not in it."""
    # Of the table, past the scope in which the series were found: SQLite would read all objects of an institution.
    columns = Instance.__table__.c
    query = select(columns.series_id, func.count()).where(
        columns.series_id.in_(series_ids), columns.rejection_id.is_not(None)
    )
    return dict(work.session.execute(query.group_by(columns.series_id)).all())


def rejected_among(work: UnitOfWork, instance_ids: Collection[int]) -> set[int]:
    """Those of the objects that are rejected."""
    query = select(Instance.id).where(Instance.id.in_(instance_ids), Instance.rejection_id.is_not(None))
    return set(work.session.execute(query).scalars())
