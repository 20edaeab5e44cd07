"""Signs of life of the processes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage.db.models import Heartbeat
from storage.db.session import UnitOfWork


def beat(work: UnitOfWork, process: str, kind: str, started_at: datetime, report: Mapping[str, Any]) -> None:
    """`process` (unique, such as "gateway@host:1234") of `kind` is alive now, and says `report` about itself."""
    row = work.session.get(Heartbeat, process)
    if row is None:
        row = Heartbeat(process=process)
        work.session.add(row)
    row.kind, row.started_at, row.seen_at, row.report = kind, started_at, work.now, dict(report)


def alive(work: UnitOfWork, kind: str, within_seconds: float) -> Sequence[Heartbeat]:
    """The processes of `kind` that gave a sign of life lately, by name."""
    since = work.now - timedelta(seconds=within_seconds)
    query = select(Heartbeat).where(Heartbeat.kind == kind, Heartbeat.seen_at >= since).order_by(Heartbeat.process)
    return work.session.execute(query).scalars().all()
