"""What other service times would have made of the last weeks' work: class by class, before an edition is published."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from reading_queue.calendars import WorkingCalendar
from reading_queue.policies import Case, Policy
from reading_queue.service_times import row_of, terms_now
from reading_queue.sla import ClockB, Standing, standing_of
from storage.db.models import Institution, ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.reading import CLOSED_STATES, Priority, TaskState

LOOK_BACK = timedelta(days=30)
_FINISHED = (TaskState.SIGNED, TaskState.DELIVERED, TaskState.CLOSED)
_DROPPED = tuple(state for state in CLOSED_STATES if state not in _FINISHED)


@dataclass
class Tally:
    """Tasks within their target, past it, and past their maximum. One that is still going stands where it stands now."""

    on_time: int = 0
    late: int = 0
    breached: int = 0

    def count(self, found: Standing) -> None:
        if found == Standing.BREACHED:
            self.breached += 1
        elif found == Standing.LATE:
            self.late += 1
        else:
            self.on_time += 1


@dataclass(frozen=True)
class Effect:
    """The tasks of a class and modality under the present service times and under the proposed ones."""

    priority: Priority
    modality: str
    tasks: int
    present: Tally
    proposed: Tally


def effect_of(work: UnitOfWork, proposed: Policy) -> list[Effect]:
    """The tasks that became ready in the last 30 days, those that were cancelled or declined left out.

    What clock B had counted is taken as it was counted: pauses, and a class that was raised on the way, are in it.
    """
    terms = terms_now(work)
    present, calendar = terms.policy, cache(lambda centre: terms.rules.content.working(work.zone, centre))
    tallies: dict[tuple[str, str], tuple[Tally, Tally]] = defaultdict(lambda: (Tally(), Tally()))
    for task in _lately(work):
        for tally, policy in zip(tallies[task.priority, task.modality], (present, proposed), strict=True):
            row = _row_under(policy, task)
            tally.count(_standing(policy, row, calendar(policy.centre_of(row)), task, work.now))
    return [
        Effect(Priority(priority), modality, tally.on_time + tally.late + tally.breached, tally, new)
        for (priority, modality), (tally, new) in sorted(tallies.items())
    ]


def _lately(work: UnitOfWork) -> Sequence[Any]:
    query = (
        select(
            ReadingTask.priority,
            ReadingTask.modality,
            ReadingTask.clock_started_at,
            ReadingTask.paused_since,
            ReadingTask.signed_at,
            ReadingTask.sla_policy,
            Study.body_part,
            Study.description,
            Institution.code,
        )
        .join(Study, Study.id == ReadingTask.study_id)
        .join(Institution, Institution.id == ReadingTask.institution_id)
        .where(ReadingTask.ready_at > work.now - LOOK_BACK, ReadingTask.state.not_in(_DROPPED))
    )
    return work.session.execute(query).all()


def _row_under(policy: Policy, task: Any) -> str:
    case = Case(Priority(task.priority), task.modality, task.body_part, task.description, task.code)
    row = policy.row_for(case)
    held = row_of(task.sla_policy).partition("@")[0].partition("/")[2]
    # What only the SOP classes told is not asked again: it stays what it was, as long as the edition knows it.
    return policy.variant_row(row, held) if "/" in held else row


def _standing(policy: Policy, row: str, calendar: WorkingCalendar, task: Any, now: datetime) -> Standing:
    target = policy.target(row)
    start = task.clock_started_at
    clock = ClockB(start, start, start, target.working, task.paused_since, calendar)
    due, limit = (clock.after(start, timedelta(minutes=one)) for one in (target.target, target.maximum))
    ended = ClockB(start, due, limit, target.working, None if task.signed_at else task.paused_since, calendar)
    return standing_of(ended, task.signed_at or now)
