"""The county's service times and calendar as the rulebook has them, and the clocks of tasks under the editions they name.

A task keeps the editions that it was opened under: `ReadingTask.sla_policy` names both, `<times>.<calendar>/<row>`. What
stands in databases from before there were editions (`2026-01/<row>`) are rows of the shipped ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from reading_queue.attention import Watched, next_moment
from reading_queue.calendars import CalendarRules, WorkingCalendar, parse_calendar
from reading_queue.holidays import SHIPPED_CALENDAR
from reading_queue.policies import Case, Policy, parse_policy
from reading_queue.policy_content import SHIPPED_TIMES
from reading_queue.rulebook import SHIPPED, Chapter, Edition, edition, in_force
from reading_queue.sla import ClockB, Standing, standing_at
from storage.db.models import Instance, ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority
from storage.domain.rulebook import RuleKind

SERVICE_TIMES = Chapter(RuleKind.SERVICE_TIMES, SHIPPED_TIMES, parse_policy)
CALENDAR = Chapter(RuleKind.CALENDAR, SHIPPED_CALENDAR, parse_calendar)

_POLICY_NOW = "service times in force"


@dataclass(frozen=True)
class Terms:
    """What a case is held to: the service times and the calendar, each with its edition."""

    times: Edition[Policy]
    rules: Edition[CalendarRules]
    work: UnitOfWork

    @property
    def policy(self) -> Policy:
        return self.times.content

    def calendar(self, row: str) -> WorkingCalendar:
        """The calendar that counts for a row of the policy."""
        return self.rules.content.working(self.work.zone, self.policy.centre_of(row))

    def name(self, row: str) -> str:
        """The row with both editions, as a task keeps it."""
        return f"{self.times.version}.{self.rules.version}/{row}"


def terms_now(work: UnitOfWork) -> Terms:
    """What a case that is opened now is held to."""
    return Terms(in_force(work, SERVICE_TIMES), in_force(work, CALENDAR), work)


def policy_now(work: UnitOfWork) -> Policy:
    """The service times in force, looked up once in a transaction: for the waits, which are the same for every task."""
    known: Policy | None = work.session.info.get(_POLICY_NOW)
    if known is None:
        known = work.session.info[_POLICY_NOW] = in_force(work, SERVICE_TIMES).content
    return known


def terms_of(work: UnitOfWork, name: str) -> Terms:
    """What a task with this `sla_policy` is held to, also after the editions have been replaced. Raises `NotFound`."""
    times, _, calendar = name.partition("/")[0].partition(".")
    numbered = times.isdigit() and calendar.isdigit()
    versions = (int(times), int(calendar)) if numbered else (SHIPPED, SHIPPED)
    return Terms(edition(work, SERVICE_TIMES, versions[0]), edition(work, CALENDAR, versions[1]), work)


def row_of(name: str) -> str:
    """The row of the policy in a task's `sla_policy`."""
    return name.partition("/")[2]


def case_of(work: UnitOfWork, policy: Policy, study: Study, priority: Priority) -> Case:
    """What the service times ask of a study."""
    classes: frozenset[str] = frozenset()
    if policy.asks_sop_classes(study.modality):
        query = select(Instance.sop_class_uid).where(Instance.study_id == study.id).distinct()
        classes = frozenset(work.session.execute(query).scalars())
    code = study.institution.code
    return Case(priority, study.modality, study.body_part, study.description, code, classes)


def clock_of(work: UnitOfWork, task: ReadingTask, changes: Mapping[str, Any] | None = None) -> ClockB:
    """Clock B of a task as its row has it, or will have it after `changes` of its columns."""
    names = ("sla_policy", "clock_started_at", "due_at", "limit_at", "paused_since")
    now = {name: getattr(task, name) for name in names} | dict(changes or {})
    terms, row = terms_of(work, now["sla_policy"]), row_of(now["sla_policy"])
    return ClockB(
        started_at=now["clock_started_at"],
        due_at=now["due_at"],
        limit_at=now["limit_at"],
        working=terms.policy.target(row).working,
        paused_since=now["paused_since"],
        calendar=terms.calendar(row),
        steps=terms.policy.steps,
        longest_pause=terms.policy.answer_within,
        soon=terms.policy.content.soon,
    )


def next_look(work: UnitOfWork, task: ReadingTask, changes: Mapping[str, Any] | None = None) -> datetime | None:
    """When somebody must look at the task, as it is or as it will be after `changes`: its `next_escalation_at`."""
    clock = clock_of(work, task, changes)
    policy = terms_of(work, str((changes or {}).get("sla_policy", task.sla_policy))).policy
    return next_moment(Watched.of(task, clock, changes), policy)


def standing(work: UnitOfWork, task: ReadingTask) -> Standing:
    """Where the task stands now; a closed one stands where it stood when it was closed."""
    return standing_at(clock_of(work, task), task, work.now)


def read_by(work: UnitOfWork, task: ReadingTask) -> datetime:
    """When the reader's share of the maximum is over, and the auditor's begins."""
    clock, share = clock_of(work, task), terms_of(work, task.sla_policy).policy.content.shares.read
    return clock.after(clock.started_at, clock.counted(clock.started_at, clock.limit_at) * share)
