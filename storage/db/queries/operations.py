"""What those who run the service look at: how much waits, what is kept aside, who calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import DeclarativeBase

from storage.db.models import (
    CommitmentRequest,
    Device,
    Heartbeat,
    Instance,
    Quarantine,
    ReadingTask,
    Study,
    UnknownCaller,
)
from storage.db.queries import notices
from storage.db.session import UnitOfWork
from storage.domain.commitment import UNFINISHED
from storage.domain.errors import NotFound
from storage.domain.reading import CLOSED_STATES
from storage.domain.studies import InstanceState, RenditionState, StudyState

_PATIENCE = timedelta(minutes=15)
"""A request for storage commitment that is not told by then needs somebody: the device cannot be reached, mostly."""


@dataclass(frozen=True)
class Counts:
    """How much of everything waits or is stuck."""

    receiving: int
    waiting_upload: int
    quarantine: int
    unknown_callers: int
    renditions_pending: int
    renditions_failed: int
    open_tasks: int
    overdue_tasks: int
    commitments_waiting: int
    deliveries_given_up: int
    dead_letters: int


def counts(work: UnitOfWork) -> Counts:
    """Each by an index."""
    is_open = ReadingTask.state.not_in(CLOSED_STATES)
    return Counts(
        deliveries_given_up=notices.given_up(work),
        dead_letters=notices.open_letters(work),
        receiving=_count(work, Study, Study.state == StudyState.RECEIVING),
        waiting_upload=_count(work, Instance, Instance.state == InstanceState.SPOOLED),
        quarantine=_count(work, Quarantine, Quarantine.resolved_at.is_(None)),
        unknown_callers=_count(work, UnknownCaller),
        renditions_pending=_count(work, Study, Study.rendition_state == RenditionState.PENDING),
        renditions_failed=_count(work, Study, Study.rendition_state == RenditionState.FAILED),
        open_tasks=_count(work, ReadingTask, is_open),
        overdue_tasks=_count(
            work, ReadingTask, is_open, ReadingTask.due_at < work.now, ReadingTask.paused_since.is_(None)
        ),
        commitments_waiting=_count(
            work,
            CommitmentRequest,
            CommitmentRequest.state.in_(UNFINISHED),
            CommitmentRequest.requested_at < work.now - _PATIENCE,
        ),
    )


def tasks_by_state(work: UnitOfWork) -> dict[str, int]:
    """How many open tasks are in which state."""
    query = select(ReadingTask.state, func.count()).where(ReadingTask.state.not_in(CLOSED_STATES))
    return dict(work.session.execute(query.group_by(ReadingTask.state)).all())


def heartbeats(work: UnitOfWork) -> Sequence[Heartbeat]:
    """The last sign of life of every process ever seen, the latest first."""
    return work.session.execute(select(Heartbeat).order_by(Heartbeat.seen_at.desc())).scalars().all()


def list_devices(work: UnitOfWork) -> Sequence[Device]:
    """By calling AE title."""
    return work.session.execute(select(Device).order_by(Device.ae_title)).scalars().all()


def list_unknown_callers(work: UnitOfWork) -> Sequence[UnknownCaller]:
    """The last to call first."""
    return work.session.execute(select(UnknownCaller).order_by(UnknownCaller.last_seen_at.desc())).scalars().all()


def unknown_caller(work: UnitOfWork, caller_id: int) -> UnknownCaller:
    """Raise `NotFound`."""
    found = work.session.get(UnknownCaller, caller_id)
    if found is None:
        raise NotFound("There is no such caller.")
    return found


def forget_caller(work: UnitOfWork, ae_title: str) -> None:
    """A caller that has become a device is not unknown any more, from whatever address."""
    for row in work.session.execute(select(UnknownCaller).where(UnknownCaller.ae_title == ae_title)).scalars():
        work.session.delete(row)


def _count(work: UnitOfWork, table: type[DeclarativeBase], *conditions: ColumnElement[bool]) -> int:
    return work.session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
