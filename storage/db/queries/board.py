"""What the board shows, each by an index: it costs what is open, in hand or was signed today, not what was ever read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select, text

from storage.db.models import (
    Device,
    Institution,
    ReaderWork,
    ReadingTask,
    SignedExam,
    TaskEvent,
    User,
    WallLink,
)
from storage.db.queries.task_streams import OPEN_STATES
from storage.db.session import UnitOfWork
from storage.domain.devices import DeviceKind
from storage.domain.errors import NotFound

PAUSED, BREACHED, LATE, LATER = "paused", "breached", "late", "later"
_SEEN_EVERY = timedelta(minutes=1)

_PLACE = (Institution.code, Institution.name, Institution.name_en)
_OPEN = ReadingTask.state.in_(OPEN_STATES)


@dataclass(frozen=True)
class OpenCount:
    """Open tasks of one class and modality in one step of due time; `state` as tasks have it."""

    priority: str
    modality: str
    state: str
    step: str
    tasks: int


@dataclass(frozen=True)
class InHand:
    """A case in somebody's hand."""

    reader_id: int
    task_id: int
    state: str
    priority: str
    modality: str
    since: datetime
    limit_at: datetime
    institution: str
    institution_name: str
    institution_name_en: str


@dataclass(frozen=True)
class Breach:
    """A task that passed its maximum; `signed_at` is None while it is open."""

    task_id: int
    priority: str
    modality: str
    institution: str
    institution_name: str
    institution_name_en: str
    limit_at: datetime
    signed_at: datetime | None


def open_counts(work: UnitOfWork, due_minutes: Sequence[int]) -> list[OpenCount]:
    """How many tasks are open, by class, modality, state and by when they are due: one statement.

    The step is `paused`, `breached` (past the maximum), `late` (past the target), one of `due_minutes`, or `later`.
    """
    due = [(ReadingTask.due_at < work.now + timedelta(minutes=one), str(one)) for one in due_minutes]
    step = case(
        (ReadingTask.paused_since.is_not(None), PAUSED),
        (ReadingTask.limit_at < work.now, BREACHED),
        (ReadingTask.due_at < work.now, LATE),
        *due,
        else_=LATER,
    )
    of = (ReadingTask.priority, ReadingTask.modality, ReadingTask.state, step.label("step"))
    query = select(*of, func.count()).where(_OPEN).group_by(*of)
    return [OpenCount(*row) for row in map(tuple[Any, ...], work.session.execute(query))]


def in_hand(work: UnitOfWork) -> list[InHand]:
    """Every case that somebody has in hand, the oldest first."""
    query = (
        select(
            ReadingTask.reader_id,
            ReadingTask.id,
            ReadingTask.state,
            ReadingTask.priority,
            ReadingTask.modality,
            ReadingTask.state_since,
            ReadingTask.limit_at,
            *_PLACE,
        )
        .join(Institution, Institution.id == ReadingTask.institution_id)
        .where(ReadingTask.reader_id.is_not(None))
        .order_by(ReadingTask.state_since, ReadingTask.id)
    )
    return [InHand(*row) for row in map(tuple[Any, ...], work.session.execute(query))]


def kept_for(work: UnitOfWork) -> dict[int, int]:
    """By reader: how many cases are assigned to him or wait for an answer that he asked for."""
    # As the partial index has it: with bound values neither database would use it.
    kept = text("state IN ('assigned', 'info_wait')")
    query = select(ReadingTask.preferred_reader_id, func.count()).where(kept)
    rows = work.session.execute(query.group_by(ReadingTask.preferred_reader_id))
    return {reader: number for reader, number in rows if reader is not None}


def done_on(work: UnitOfWork, day: date) -> dict[int, ReaderWork]:
    """By reader: his work of the day."""
    rows = work.session.execute(select(ReaderWork).where(ReaderWork.day == day)).scalars()
    return {row.user_id: row for row in rows}


def readers(work: UnitOfWork, ids: Collection[int]) -> dict[int, User]:
    """These people."""
    rows = work.session.execute(select(User).where(User.id.in_(ids))).scalars()
    return {row.id: row for row in rows}


def breaches_since(work: UnitOfWork, begin: datetime) -> list[Breach]:
    """What has passed its maximum and is open, and what was signed since `begin` after it had; the latest first."""
    about = (ReadingTask.id, ReadingTask.priority, ReadingTask.modality, *_PLACE, ReadingTask.limit_at)
    placed = select(*about, ReadingTask.signed_at).join(Institution, Institution.id == ReadingTask.institution_id)
    still = placed.where(_OPEN, ReadingTask.limit_at < work.now, ReadingTask.paused_since.is_(None))
    over = placed.join(SignedExam, SignedExam.task_id == ReadingTask.id).where(
        SignedExam.signed_at >= begin, SignedExam.signed_at > ReadingTask.limit_at
    )
    found = {
        row[0]: Breach(*row) for query in (over, still) for row in map(tuple[Any, ...], work.session.execute(query))
    }
    return sorted(found.values(), key=lambda one: one.limit_at, reverse=True)


def events_of(work: UnitOfWork, task_ids: Collection[int]) -> Sequence[TaskEvent]:
    """What happened to these tasks, each task's in order."""
    query = select(TaskEvent).where(TaskEvent.task_id.in_(task_ids)).order_by(TaskEvent.task_id, TaskEvent.seq)
    return work.session.execute(query).scalars().all()


def silent_devices(work: UnitOfWork, since: datetime) -> Sequence[Device]:
    """Active equipment that has not called since then, or never; the longest silent first."""
    silent = or_(Device.last_seen_at.is_(None), Device.last_seen_at < since)
    query = select(Device).where(Device.active.is_(True), Device.kind == DeviceKind.DICOM, silent)
    return work.session.execute(query.order_by(Device.last_seen_at, Device.ae_title)).scalars().all()


def walls(work: UnitOfWork) -> Sequence[WallLink]:
    """Every link to a wall screen, the latest first."""
    return work.session.execute(select(WallLink).order_by(WallLink.id.desc())).scalars().all()


def wall(work: UnitOfWork, wall_id: int) -> WallLink:
    """Raise `NotFound`."""
    found = work.session.get(WallLink, wall_id)
    if found is None:
        raise NotFound("There is no such link.")
    return found


def live_wall(work: UnitOfWork, token_sha256: str) -> WallLink | None:
    """The link with this token while it lives."""
    query = select(WallLink).where(WallLink.token_sha256 == token_sha256)
    found = work.session.execute(query).scalar_one_or_none()
    return found if found is not None and is_live(found, work.now) else None


def is_live(link: WallLink, now: datetime) -> bool:
    """Whether it opens."""
    return link.revoked_at is None and link.expires_at > now


def wants_note(link: WallLink, now: datetime, address: str) -> bool:
    """Whether its use is worth a write: once a minute, and at once from another address."""
    return link.last_seen_at is None or now - link.last_seen_at > _SEEN_EVERY or link.last_seen_address != address
