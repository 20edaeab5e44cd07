"""What is looked for again and again, because a hint may get lost and a process may die: the database is the truth."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, func, select

from reading_queue import anchoring, candidates, dead_letters, delivery, desk, encodings, referrals, renditions, service
from reading_queue.critical import chasing
from reading_queue.documents import filing
from reading_queue.ecg import measuring
from reading_queue.hooks import calling
from reading_queue.notices import delivering
from reading_queue.quality import drawing, rejecting, retakes
from reading_queue.results import outstanding
from reading_queue.rosters import warning
from storage.db.models import Heartbeat, Instance, ReadingTask, Study
from storage.db.queries import heartbeats, orders
from storage.db.queries.results import numbering_faults
from storage.db.session import Database, UnitOfWork
from storage.domain.reading import CLOSED_STATES
from storage.domain.studies import InstanceState, RenditionState, StudyState
from storage.settings import Settings

_log = logging.getLogger(__name__)

Sweep = Callable[[Database, Settings], None]

SPOOL_LIMIT = timedelta(minutes=10)
"""How long an object may wait for the object store before somebody must look."""

_FORGET_PROCESSES_AFTER = timedelta(days=1)
_LOOK_BACK = timedelta(days=7)
_BATCH = 100
_PROCESS = "sweeps"


def open_ready_studies(database: Database, settings: Settings) -> None:
    """Find studies that became whole while no gateway was there to say so."""
    with database.write() as work:
        service.open_ready_studies(work, settings.ready_times)


def expire_leases(database: Database, _settings: Settings) -> None:
    """Tidy up what ran out of time."""
    with database.write() as work:
        expired = service.expire_leases(work)
    if expired:
        _log.info("%s leases, assignments or questions ran out of time.", expired)


def escalate_due(database: Database, _settings: Settings) -> None:
    """Record what is getting late."""
    with database.write() as work:
        escalated = service.escalate_due(work)
    if escalated:
        _log.info("%s tasks passed a moment of escalation.", escalated)


def follow_course(database: Database, _settings: Settings) -> None:
    """Look after what waits beside the clocks: consultations, studies that are held, readings apart, delivered reports."""
    for follow in (
        service.follow_consultations,
        service.follow_holds,
        service.follow_readings,
        service.close_delivered,
    ):
        with database.write() as work:
            follow(work)


def find_lost_renditions(database: Database, _settings: Settings) -> None:
    """Find studies whose hint got lost."""
    with database.write() as work:
        lost = renditions.find_lost(work)
    if lost:
        _log.info("%s studies wait for pictures; hinted again.", lost)


def find_lost_delivery(database: Database, _settings: Settings) -> None:
    """Find studies whose frames are not made ready for slow lines."""
    with database.write() as work:
        lost = delivery.find_lost(work)
    if lost:
        _log.info("%s studies wait for their frames; hinted again.", lost)


def match_waiting_orders(database: Database, _settings: Settings) -> None:
    """Find orders that came after their study, or while it came."""
    with database.write() as work:
        orders.match_waiting_orders(work)


def check_invariants(database: Database, _settings: Settings) -> None:
    """Check what must always hold, repair what can be repaired, and report it as the sign of life of the sweeps."""
    with database.write() as work:
        report = inspect_invariants(work)
        heartbeats.beat(work, _PROCESS, _PROCESS, work.now, report.as_json())
        work.session.execute(delete(Heartbeat).where(Heartbeat.seen_at < work.now - _FORGET_PROCESSES_AFTER))
    if report.is_broken:
        _log.error("Invariants are broken: %s", report.as_json())


@dataclass(frozen=True)
class InvariantReport:
    """What the last look found. `ready_without_task` counts studies that had no task and have been given one."""

    ready_without_task: int
    stuck_in_spool: int
    numbering_faults: tuple[str, ...]
    renditions_pending: int
    renditions_failed: int

    @property
    def is_broken(self) -> bool:
        return bool(self.ready_without_task or self.stuck_in_spool or self.numbering_faults)

    def as_json(self) -> dict[str, object]:
        return {
            "ready_without_task": self.ready_without_task,
            "stuck_in_spool": self.stuck_in_spool,
            "numbering_faults": list(self.numbering_faults),
            "renditions_pending": self.renditions_pending,
            "renditions_failed": self.renditions_failed,
            "ok": not self.is_broken,
        }


def inspect_invariants(work: UnitOfWork) -> InvariantReport:
    """Look at I1, I2 and I6, and give every READY study that never had a task its own."""
    return InvariantReport(
        ready_without_task=sum(service.ensure_task(work, study) is not None for study in _taskless(work)),
        stuck_in_spool=_stuck_in_spool(work),
        numbering_faults=tuple(fault.institution for fault in numbering_faults(work)),
        renditions_pending=_count_renditions(work, RenditionState.PENDING),
        renditions_failed=_count_renditions(work, RenditionState.FAILED),
    )


def _taskless(work: UnitOfWork) -> list[Study]:
    """READY studies of the last week that have no open task, and none that was closed since they became ready."""
    covered = exists().where(
        ReadingTask.study_id == Study.id,
        ReadingTask.state.not_in(CLOSED_STATES) | (ReadingTask.state_since >= Study.ready_at),
    )
    since = work.now - _LOOK_BACK
    query = (
        select(Study).where(Study.state == StudyState.READY, Study.last_received_at >= since, ~covered).limit(_BATCH)
    )
    return list(work.session.execute(query.with_for_update(of=Study, skip_locked=True, key_share=True)).scalars())


def _stuck_in_spool(work: UnitOfWork) -> int:
    query = select(func.count(Instance.id)).where(
        Instance.state == InstanceState.SPOOLED, Instance.received_at < work.now - SPOOL_LIMIT
    )
    return work.session.execute(query).scalar_one()


def _count_renditions(work: UnitOfWork, state: RenditionState) -> int:
    return work.session.execute(select(func.count(Study.id)).where(Study.rendition_state == state)).scalar_one()


SWEEPS: tuple[Sweep, ...] = (
    chasing.chase_critical_values,
    open_ready_studies,
    find_lost_renditions,
    find_lost_delivery,
    measuring.find_unmeasured_ecgs,
    match_waiting_orders,
    escalate_due,
    expire_leases,
    follow_course,
    check_invariants,
    candidates.propose_candidates,
    encodings.find_uncompared_encodings,
    desk.find_purgeable,
    desk.reopen_uncarried,
    retakes.remind_of_retakes,
    drawing.top_up_reviews,
    dead_letters.redrive_waiting,
    delivering.deliver_waiting,
    filing.find_unfiled,
    rejecting.find_unfiled_rejections,
    warning.warn_of_rosters,
    referrals.chase_referrals,
    calling.call_waiting,
    outstanding.chase_receipts,
    anchoring.anchor_audit,
    anchoring.archive_audit,
)
