"""Whether everything that must work does."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from reading_queue.broker import QueueName
from reading_queue.coverage import calendar_warning
from storage.db.models import Heartbeat
from storage.db.queries import operations
from storage.db.queries.hl7_destinations import count_stuck
from storage.db.session import UnitOfWork
from storage.domain.errors import CountyReadError
from storage.objects import ObjectStore, exists
from viewer_api.admin.schemas import CheckOut, CountsOut, HealthOut, ProcessOut, Status

FRESH = timedelta(seconds=30)
_FORGOTTEN = timedelta(days=1)
_KINDS = ("gateway", "intake", "api", "worker", "beat")
_VITAL = ("database", "object_store", "gateway", "intake")
_LONG_WAIT_SECONDS = 300.0
_LONG_WAIT = timedelta(minutes=15)
_RECEIVING = ("gateway", "intake")
_TIGHT = 2
"""Free space below this many times the reserve is told before the gateway refuses objects."""

_PROBE = "health/probe"


def store_fault(store: ObjectStore) -> str | None:
    """Why the object store cannot be used; None when it answers."""
    try:
        exists(store, _PROBE)
    except CountyReadError as error:
        return error.message
    return None


def health(work: UnitOfWork, fault: str | None) -> HealthOut:
    """`fault` is what is wrong with the object store."""
    rows = [row for row in operations.heartbeats(work) if row.seen_at > work.now - _FORGOTTEN]
    waiting = operations.counts(work)
    checks = [
        CheckOut(name="database", status="ok", detail="", since=None),
        CheckOut(name="object_store", status="down" if fault else "ok", detail=fault or "", since=None),
        *(_process_check(kind, rows, work.now) for kind in _KINDS),
        *_spool_checks([row for row in rows if row.kind in _RECEIVING and is_alive(row, work.now)]),
        _finding("invariants", _broken_invariants(rows)),
        _backlog_check("quarantine", waiting.quarantine, "objects wait for a decision"),
        _backlog_check("unknown_callers", waiting.unknown_callers, "callers were refused"),
        _backlog_check("renditions", waiting.renditions_failed, "studies have no picture"),
        _finding("calendar", calendar_warning(work)),
        _backlog_check(
            "commitments", waiting.commitments_waiting, "devices could not be told that their images are stored"
        ),
        _backlog_check("hl7_results", count_stuck(work, _LONG_WAIT), "clinics' systems do not take their results"),
        _backlog_check("overdue", waiting.overdue_tasks, "tasks are past their target"),
        _finding("queues", _untaken_queues(rows, work.now)),
        _backlog_check("deliveries", waiting.deliveries_given_up, "messages could not be delivered"),
        _backlog_check("dead_letters", waiting.dead_letters, "tasks of the workers failed for good"),
    ]
    return HealthOut(
        status=_overall(checks),
        checks=checks,
        processes=[_process_out(row, work.now) for row in rows],
        counts=CountsOut(**vars(waiting)),
    )


def is_alive(row: Heartbeat, now: datetime) -> bool:
    """Whether its last sign of life is fresh."""
    return row.seen_at > now - FRESH


def _process_check(kind: str, rows: Sequence[Heartbeat], now: datetime) -> CheckOut:
    own = [row for row in rows if row.kind == kind]
    if any(is_alive(row, now) for row in own):
        return CheckOut(name=kind, status="ok", detail="", since=None)
    since = max((row.seen_at for row in own), default=None)
    return CheckOut(name=kind, status="down", detail=f"No {kind} has given a sign of life.", since=since)


def _spool_checks(processes: Sequence[Heartbeat]) -> Iterator[CheckOut]:
    """What gateway and intake say of the objects that they hold and of the disk below them."""
    reports = [row.report for row in processes]
    faults = sorted({text for report in reports for text in (report.get("last_store_error"),) if text})
    oldest = max((float(report.get("oldest_seconds") or 0) for report in reports), default=0.0)
    waits = f"The oldest object has waited {oldest:.0f} s for the object store." if oldest > _LONG_WAIT_SECONDS else ""
    yield _finding("spool", " ".join([*faults, *([waits] if waits else [])]))
    lost = sum(int(report.get("lost_objects") or 0) for report in reports)
    yield _finding("objects", f"{lost} objects that were acknowledged cannot be found." if lost else "")
    tight = [r for r in reports if r.get("free_bytes", math.inf) < _TIGHT * r.get("reserve_bytes", 0)]
    yield _finding("disk", "The disk of the spool is almost full." if tight else "")


def _broken_invariants(rows: Sequence[Heartbeat]) -> str:
    """What the sweeps found that must never be: a study without its task, a gap in a clinic's results."""
    broken = any(row.report.get("ok") is False for row in rows if row.kind == "sweeps")
    return "Something that must always hold does not: see the report of the sweeps." if broken else ""


def _untaken_queues(rows: Sequence[Heartbeat], now: datetime) -> str:
    """Queues that no living worker takes from; nothing while there is no worker at all, which is told already."""
    workers = [row for row in rows if row.kind == "worker" and is_alive(row, now)]
    taken = {queue for row in workers for queue in row.report.get("queues", ())}
    untaken = sorted(set(QueueName) - taken) if workers else []
    return f"No worker takes tasks from: {', '.join(untaken)}." if untaken else ""


def _finding(name: str, detail: str) -> CheckOut:
    return CheckOut(name=name, status="degraded" if detail else "ok", detail=detail, since=None)


def _backlog_check(name: str, number: int, what: str) -> CheckOut:
    return _finding(name, f"{number} {what}." if number else "")


def _overall(checks: Sequence[CheckOut]) -> Status:
    if any(check.status == "down" and check.name in _VITAL for check in checks):
        return "down"
    return "ok" if all(check.status == "ok" for check in checks) else "degraded"


def _process_out(row: Heartbeat, now: datetime) -> ProcessOut:
    return ProcessOut(
        process=row.process,
        kind=row.kind,
        started_at=row.started_at,
        seen_at=row.seen_at,
        alive=is_alive(row, now),
        report=row.report,
    )
