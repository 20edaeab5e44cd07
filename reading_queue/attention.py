"""When somebody must look at a task next, and why: one moment, kept in a column with an index, so that a tick costs what is due.

Pure: everything derives from the task's own columns and the service times that it names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from reading_queue import sla
from reading_queue.policies import Policy
from reading_queue.sla import ClockB
from storage.db.models import ReadingTask
from storage.domain.reading import CLOSED_STATES, Priority, TaskState

UNCLAIMED_STATES = (TaskState.QUEUED, TaskState.ASSIGNED, TaskState.REWORK)
"""Nobody is reading, and somebody should."""

WARNED, MISSED = 1, 2
"""What has been told of the regulator's bound."""


class Occasion(StrEnum):
    """Why a task needs attention."""

    CLOCK_B = "clock_b"
    """A step of the maximum of the contract's clock."""
    REGULATORY = "regulatory"
    """The regulator's bound is near, or has passed."""
    UNCLAIMED = "unclaimed"
    """Nobody has taken an emergency."""
    ROSTER = "roster"
    """Somebody must see whether anybody is on duty for it."""


@dataclass(frozen=True)
class Watched:
    """What of a task decides when it needs attention. `claimable_since` is when it last began to wait for a reader."""

    state: TaskState
    priority: Priority
    clock: ClockB
    escalation: int
    regulatory_due_at: datetime | None
    regulatory_level: int
    claimable_since: datetime
    unclaimed_told_at: datetime | None
    roster_look_at: datetime | None
    open_to_all_at: datetime | None

    @classmethod
    def of(cls, task: ReadingTask, clock: ClockB, changes: Mapping[str, Any] | None = None) -> Self:
        """The task as it is, or as it will be after `changes` of its columns; `clock` has them already."""

        def value(name: str) -> Any:
            return (changes or {}).get(name, getattr(task, name))

        return cls(
            state=TaskState(value("state")),
            priority=Priority(value("priority")),
            clock=clock,
            escalation=value("escalation"),
            regulatory_due_at=value("regulatory_due_at"),
            regulatory_level=value("regulatory_level"),
            claimable_since=max(value("state_since"), value("clock_started_at")),
            unclaimed_told_at=value("unclaimed_told_at"),
            roster_look_at=value("roster_look_at"),
            open_to_all_at=value("open_to_all_at"),
        )


def occasions(task: Watched, policy: Policy) -> dict[Occasion, datetime]:
    """Everything that is still to be told of the task, each with its moment."""
    if task.state in CLOSED_STATES:
        return {}
    found = {
        Occasion.CLOCK_B: sla.next_escalation(task.clock, task.escalation),
        Occasion.REGULATORY: _regulatory(task, policy),
        Occasion.UNCLAIMED: _unclaimed(task, policy),
        Occasion.ROSTER: task.roster_look_at if _waits_for_a_shift(task) else None,
    }
    return {occasion: moment for occasion, moment in found.items() if moment is not None}


def next_moment(task: Watched, policy: Policy) -> datetime | None:
    """The earliest of them; None when nothing is left to tell."""
    return min(occasions(task, policy).values(), default=None)


def regulatory_level(due_at: datetime, policy: Policy, now: datetime) -> int:
    """What is to be told of the regulator's bound at `now`."""
    return MISSED if now >= due_at else WARNED if now >= due_at - policy.regulatory_warning else 0


def _regulatory(task: Watched, policy: Policy) -> datetime | None:
    if task.regulatory_due_at is None or task.regulatory_level >= MISSED:
        return None
    return task.regulatory_due_at - (policy.regulatory_warning if task.regulatory_level < WARNED else _NONE)


def _unclaimed(task: Watched, policy: Policy) -> datetime | None:
    wait = policy.unclaimed_wait(task.priority)
    if wait is None or task.state not in UNCLAIMED_STATES:
        return None
    told = task.unclaimed_told_at is not None and task.unclaimed_told_at >= task.claimable_since
    return None if told else task.claimable_since + wait


def _waits_for_a_shift(task: Watched) -> bool:
    return task.state in UNCLAIMED_STATES and task.open_to_all_at is None


_NONE = sla.NO_TIME
