"""Results without a receipt: who has to fetch them, and the reminder."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from reading_queue.notices import About, Audience, notify
from reading_queue.results.chapter import RESULTS, ResultRules
from reading_queue.rulebook import in_force
from storage.db.models import ReadingTask, Receipt, ReportVersion, Result, Study
from storage.db.session import Database, UnitOfWork
from storage.domain.notices import Urgency
from storage.domain.reading import Role
from storage.settings import Settings

_BATCH = 500
_URGENT = ("P0", "P1")


def outstanding(work: UnitOfWork, *, institution_id: int | None = None, limit: int = 100) -> Sequence[Result]:
    """Results without a receipt, the oldest first: of an institution, or of all in scope."""
    query = _without_receipt().options(
        joinedload(Result.study).joinedload(Study.patient),
        joinedload(Result.study).joinedload(Study.institution),
        joinedload(Result.report_version).joinedload(ReportVersion.report),
    )
    if institution_id is not None:
        query = query.where(Result.institution_id == institution_id)
    return work.session.execute(query.order_by(Result.created_at, Result.id).limit(limit)).scalars().all()


def chase_receipts(database: Database, _settings: Settings) -> None:
    """Tell clinics, and later the county's manager, of results that nobody has fetched in time."""
    with database.write() as work:
        rules = in_force(work, RESULTS).content
        for result, task in _due(work, rules):
            _remind(work, rules, result, task)


def _due(work: UnitOfWork, rules: ResultRules) -> Iterator[tuple[Result, ReadingTask]]:
    """Those that a reminder may still be sent of: what is older was said often enough."""
    last = timedelta(hours=max(rules.unfetched_hours.model_dump().values()))
    last += timedelta(hours=rules.repeat_hours) * rules.most_times
    query = select(Result, ReadingTask).join(ReadingTask, ReadingTask.id == Result.task_id)
    query = query.outerjoin(Receipt, Receipt.result_id == Result.id).where(
        Receipt.id.is_(None), Result.created_at >= work.now - last
    )
    earliest = min(rules.unfetched_hours.model_dump().values())
    query = query.where(Result.created_at <= work.now - timedelta(hours=earliest)).order_by(Result.id).limit(_BATCH)
    for row in work.session.execute(query):
        yield row.Result, row.ReadingTask


def times_due(rules: ResultRules, created_at: datetime, priority: str, now: datetime) -> int:
    """How many reminders a result without a receipt should have had by now."""
    late = now - created_at - rules.first_after(priority)
    if late < timedelta(0):
        return 0
    return min(rules.most_times, 1 + int(late / timedelta(hours=rules.repeat_hours)))


def _remind(work: UnitOfWork, rules: ResultRules, result: Result, task: ReadingTask) -> None:
    times = times_due(rules, result.created_at, task.priority, work.now)
    if times == 0:
        return
    about = About(task_id=task.id, study_id=result.study_id)
    urgency = Urgency.URGENT if task.priority in _URGENT else Urgency.NORMAL
    params = {"modality": task.modality, "priority": task.priority, "hours": _hours(work.now - result.created_at)}
    key = f"result.unfetched:{result.id}:{times}"
    clinic = Audience(roles=frozenset({Role.CLINIC}), institution_id=result.institution_id)
    notify(work, "result.unfetched", clinic, about, key=key, urgency=urgency, params=params)
    if times >= rules.manager_from:
        managers = Audience(roles=frozenset({Role.MANAGER}))
        notify(work, "result.unfetched_long", managers, about, key=f"{key}:manager", params=params)


def _hours(span: timedelta) -> int:
    return int(span / timedelta(hours=1))


def _without_receipt() -> Select[Result]:
    return select(Result).outerjoin(Receipt, Receipt.result_id == Result.id).where(Receipt.id.is_(None))
