"""Telling somebody when time runs out, and letting more people take what is late. Everything goes by one column with an index."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from reading_queue import manning, sla
from reading_queue.attention import Occasion, Watched, occasions, regulatory_level
from reading_queue.notices import Telling, notify_many
from reading_queue.policies import BREACHED, WIDENED, Policy
from reading_queue.service.actors import SYSTEM
from reading_queue.service.alarms import at_level, at_regulatory, of_unclaimed, of_unmanned
from reading_queue.service.stepping import by_system
from reading_queue.service_times import clock_of, next_look, terms_of
from reading_queue.sla import ClockB
from reading_queue.transitions import TABLE
from storage.db.models import ReadingTask, TaskEvent
from storage.db.session import UnitOfWork
from storage.domain.reading import CLOSED_STATES, Action, Priority, TaskState

_BATCH = 200
_COLUMNS = ("escalation", "regulatory_level", "unclaimed_told_at", "unmanned_since", "roster_look_at", "open_to_all_at")


def escalate_due(work: UnitOfWork) -> int:
    """Deal with every task whose moment has come (`reading_queue.attention`). Returns how many; safe to run twice."""
    due = (ReadingTask.next_escalation_at <= work.now, ReadingTask.state.not_in(CLOSED_STATES))
    query = select(ReadingTask).where(*due).order_by(ReadingTask.next_escalation_at).limit(_BATCH)
    tasks = work.session.execute(query.with_for_update(of=ReadingTask, skip_locked=True)).scalars().all()
    found = [_look_at(work, task) for task in tasks]
    kept = [one.task for one in found if one.level >= BREACHED and one.task.state == TaskState.ASSIGNED]
    _write(work, found)
    for task in kept:
        by_system(work, task, Action.EXPIRE, "the maximum has passed").take(preferred_reader_id=None)
    return len(found)


@dataclass
class _Finding:
    """What a look at one task found: why somebody must be told, and the columns to change."""

    task: ReadingTask
    policy: Policy
    clock: ClockB
    level: int
    because: list[Occasion] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    tellings: list[Telling] = field(default_factory=list)

    def tell(self, telling: Telling | None) -> None:
        """Tell of it with all the rest, when the tick is written."""
        self.tellings += [] if telling is None else [telling]

    @property
    def is_told(self) -> bool:
        """Whether it is a step of the task. What is told while the clinic is asked is not, nor a look at the roster alone."""
        return bool(self.because) and (TaskState(self.task.state), Action.ESCALATE) in TABLE


def _look_at(work: UnitOfWork, task: ReadingTask) -> _Finding:
    found = _Finding(task, terms_of(work, task.sla_policy).policy, clock_of(work, task), task.escalation)
    pending = occasions(Watched.of(task, found.clock), found.policy)
    for occasion, moment in pending.items():
        if moment <= work.now:
            _HANDLERS[occasion](work, found)
    return found


def _write(work: UnitOfWork, findings: Sequence[_Finding]) -> None:
    """All columns, events and notices at once: the rows are locked, so that none has moved on since it was looked at."""
    if not findings:
        return
    rows = [_row(work, one) for one in findings]
    events = [_event(work, one) for one in findings if one.is_told]
    work.session.execute(update(ReadingTask), rows)
    if events:
        work.session.execute(insert(TaskEvent), events)
    notify_many(work, [telling for one in findings for telling in one.tellings])
    for one in findings:
        work.session.expire(one.task)


def _row(work: UnitOfWork, found: _Finding) -> dict[str, Any]:
    task = found.task
    return {
        "id": task.id,
        **{name: getattr(task, name) for name in _COLUMNS},
        **found.changes,
        "version": task.version + found.is_told,
        "next_escalation_at": next_look(work, task, found.changes),
    }


def _event(work: UnitOfWork, found: _Finding) -> dict[str, Any]:
    task = found.task
    return {
        "task_id": task.id,
        "seq": task.version + 1,
        "action": Action.ESCALATE,
        "from_state": task.state,
        "to_state": task.state,
        "actor": SYSTEM.username,
        "at": work.now,
        "reason": "",
        "detail": {"institution_id": None, "level": found.level, "because": [str(one) for one in found.because]},
    }


def _clock_b(work: UnitOfWork, found: _Finding) -> None:
    # A level once told stays told, although a change of class may have moved the clock.
    found.level = max(found.task.escalation + 1, sla.escalation_level(found.clock, work.now))
    found.because.append(Occasion.CLOCK_B)
    found.changes["escalation"] = found.level
    if found.level >= WIDENED and found.task.open_to_all_at is None:
        found.changes["open_to_all_at"] = work.now
    found.tell(at_level(work, found.task, found.level))


def _regulatory(work: UnitOfWork, found: _Finding) -> None:
    due_at = found.task.regulatory_due_at
    if due_at is None:
        return
    level = max(found.task.regulatory_level + 1, regulatory_level(due_at, found.policy, work.now))
    found.because.append(Occasion.REGULATORY)
    found.changes["regulatory_level"] = level
    found.tell(at_regulatory(found.task, level))


def _unclaimed(work: UnitOfWork, found: _Finding) -> None:
    found.because.append(Occasion.UNCLAIMED)
    found.changes["unclaimed_told_at"] = work.now
    found.tell(of_unclaimed(work, found.task))


def _roster(work: UnitOfWork, found: _Finding) -> None:
    task = found.task
    seen = manning.look(work, found.policy, Priority(task.priority), task.modality, task.unmanned_since)
    found.changes |= {"unmanned_since": seen.unmanned_since, "roster_look_at": seen.look_at}
    if seen.opens:
        found.because.append(Occasion.ROSTER)
        found.changes["open_to_all_at"] = work.now
        found.tell(of_unmanned(task))


_HANDLERS = {
    Occasion.CLOCK_B: _clock_b,
    Occasion.REGULATORY: _regulatory,
    Occasion.UNCLAIMED: _unclaimed,
    Occasion.ROSTER: _roster,
}
