"""The two clocks of a reading task, as pure functions of their inputs.

Clock A, the regulator's: start of the examination to the final report, never paused. Clock B, the contract's: ready to
the final report, standing still while the clinic is asked for something.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from reading_queue.calendars import WorkingCalendar
from reading_queue.policies import ANSWER_WITHIN, CENTRE_CALENDAR, SHIPPED_POLICY, Case, Policy
from storage.domain.reading import CLOSED_STATES, TaskState

if TYPE_CHECKING:
    from storage.db.models import ReadingTask


NO_TIME = timedelta()


class Standing(StrEnum):
    """Where a task stands on clock B: within its target, near it, past it, past its maximum."""

    ON_TIME = "on_time"
    SOON = "soon"
    LATE = "late"
    BREACHED = "breached"


@dataclass(frozen=True)
class Deadlines:
    """When a task is due, when it is breached, and the regulator's bound where there is one; `row` names the policy row."""

    due_at: datetime
    limit_at: datetime
    regulatory_due_at: datetime | None
    row: str


@dataclass(frozen=True)
class ClockB:
    """Clock B of one task. `started_at`, `due_at` and `limit_at` have been moved forward by every pause that is over.

    `working` counts working time alone. `paused_since` is set while it stands still, for `longest_pause` at most. `steps`
    are shares of the maximum at which somebody is told, `soon` that of the target after which it is due soon.
    """

    started_at: datetime
    due_at: datetime
    limit_at: datetime
    working: bool
    paused_since: datetime | None = None
    calendar: WorkingCalendar = CENTRE_CALENDAR
    steps: tuple[float, ...] = SHIPPED_POLICY.steps
    longest_pause: timedelta = ANSWER_WITHIN
    soon: float = SHIPPED_POLICY.content.soon

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The moment at which this clock has counted `amount` since `start`."""
        return self.calendar.add(start, amount) if self.working else start + amount

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """What this clock counts between two moments, pauses apart; never less than nothing."""
        if end <= start:
            return timedelta()
        return self.calendar.worked(start, end) if self.working else end - start

    def effective(self, now: datetime) -> datetime:
        """The moment at which the clock stands: `now`, or the start of the pause, which has its longest."""
        if self.paused_since is None:
            return now
        return max(self.paused_since, now - self.longest_pause)


def deadlines(
    policy: Policy, calendar: WorkingCalendar, case: Case, ready_at: datetime, exam_started_at: datetime | None
) -> Deadlines:
    """When a study that became ready at `ready_at` is due under `policy`."""
    row = policy.row_for(case)
    target = policy.target(row)
    clock = ClockB(ready_at, ready_at, ready_at, target.working, calendar=calendar)
    bound = policy.regulatory_bound(case.priority, case.modality)
    return Deadlines(
        due_at=clock.after(ready_at, timedelta(minutes=target.target)),
        limit_at=clock.after(ready_at, timedelta(minutes=target.maximum)),
        regulatory_due_at=None if bound is None or exam_started_at is None else exam_started_at + bound,
        row=row,
    )


def elapsed(clock: ClockB, now: datetime) -> timedelta:
    """What clock B has counted so far, pauses not included."""
    return clock.counted(clock.started_at, clock.effective(now))


def resumed(clock: ClockB, now: datetime) -> ClockB:
    """The clock going on after its pause, every time moved forward by what the pause would have counted, up to its longest."""
    if clock.paused_since is None:
        return clock
    pause = clock.counted(clock.paused_since, min(now, clock.paused_since + clock.longest_pause))
    return replace(
        clock,
        started_at=clock.after(clock.started_at, pause),
        due_at=clock.after(clock.due_at, pause),
        limit_at=clock.after(clock.limit_at, pause),
        paused_since=None,
    )


def reprioritised(clock: ClockB, from_start: Deadlines, from_now: Deadlines, now: datetime) -> Deadlines:
    """The due times after a change of class, looking forward only.

    A time that has passed stands: no change undoes a breach. A more urgent class counts its whole time from `now`, when
    the urgency became known, and never takes a task later than it was; a less urgent one counts from the clock's start.
    `from_start` and `from_now` are the new class's deadlines from these two moments.
    """
    return Deadlines(
        due_at=_forward(clock.due_at, from_start.due_at, from_now.due_at, now),
        limit_at=_forward(clock.limit_at, from_start.limit_at, from_now.limit_at, now),
        regulatory_due_at=from_start.regulatory_due_at,
        row=from_start.row,
    )


def _forward(present: datetime, from_start: datetime, from_now: datetime, now: datetime) -> datetime:
    if present <= now:
        return present
    return min(present, from_now) if from_start < present else from_start


def escalation_moments(clock: ClockB) -> tuple[datetime, ...]:
    """When somebody must be told: at each of its `steps` of the maximum of clock B."""
    maximum = clock.counted(clock.started_at, clock.limit_at)
    return tuple(clock.after(clock.started_at, maximum * share) for share in clock.steps)


def escalation_level(clock: ClockB, now: datetime) -> int:
    """How many of the moments have passed: 0 to 4."""
    return sum(moment <= clock.effective(now) for moment in escalation_moments(clock))


def next_escalation(clock: ClockB, level: int) -> datetime | None:
    """The moment of the level after `level`; None after the last and while the clock stands still."""
    moments = escalation_moments(clock)
    return moments[level] if level < len(moments) and clock.paused_since is None else None


def standing_at(clock: ClockB, task: "ReadingTask", now: datetime) -> Standing:
    """Where the task with this clock stands at `now`; a closed one stands where it stood when it was closed."""
    return standing_of(clock, _end(task) or now)


def standing_of(clock: ClockB, now: datetime) -> Standing:
    """Where a clock stands at `now`."""
    at = clock.effective(now)
    if at > clock.limit_at:
        return Standing.BREACHED
    if at > clock.due_at:
        return Standing.LATE
    target = clock.counted(clock.started_at, clock.due_at)
    return Standing.SOON if clock.counted(clock.started_at, at) >= target * clock.soon else Standing.ON_TIME


def _end(task: "ReadingTask") -> datetime | None:
    if TaskState(task.state) not in CLOSED_STATES:
        return None
    return task.signed_at or task.state_since
