"""A month out of the county's own database: its arrivals as they came, its readers, its roster, its times."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, pstdev

import numpy as np
from sqlalchemy import select

from reading_queue import rosters, rulebook
from reading_queue.assignment.cases import Work
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.assignment.rules import AssignmentRules
from reading_queue.rosters.duties import duty_of
from reading_queue.service_times import terms_now
from reading_queue.signatures import SIGNATURES
from reading_queue.simulation.scenario import FreeChoice, Habits, Times
from reading_queue.simulation.world import TAIL, Arrival, Person, Watch, World, draw, usual
from storage.db.models import Institution, ReadingTask, Study, TaskEvent
from storage.db.queries import rosters as rows
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.reading import Action, Priority, Role, TaskState
from storage.domain.rosters import modalities_named

ENOUGH = 20
"""How many times must be known of a kind of work before they count rather than the expected time of the rules."""

_LONGEST = 180.0
"""Minutes after which a reader has forgotten the case rather than read it."""

_HALF_HOUR = timedelta(minutes=30)


def world_of(work: UnitOfWork, first: date, days: int, seed: int) -> World:
    """The month that began on that local day, under the rules in force now. Raises `NotFound` when nothing arrived in it.

    Where the county kept no roster, everybody is taken to have been there from his first step of a day to his last.
    """
    begins, ends = (_moment(work, first + timedelta(days=n)) for n in (0, days))
    told = _Told.of(work, begins, ends)
    if not told.tasks:
        raise NotFound(f"No study became ready in the {days} days from {first} on.")
    terms, rules = terms_now(work), rulebook.in_force(work, ASSIGNMENT).content
    rng = np.random.default_rng(seed)
    return World(
        name=f"history from {first}",
        zone=work.zone,
        first=begins,
        last=ends,
        arrivals=tuple(_arrival(told, number, rules, rng) for number in range(len(told.tasks))),
        people=tuple(_people(work, told, begins, ends)),
        policy=terms.policy,
        calendar=terms.rules.content.working(work.zone),
        rules=rules,
        signatures=rulebook.in_force(work, SIGNATURES).content,
        habits=Habits(questions=0.0, rejects=0.0),
        free_choice=FreeChoice(),
        seed=seed,
    )


@dataclass(frozen=True)
class _Step:
    """A span of a task's history: in minutes, by whom."""

    work: Work
    minutes: float
    reader: int


@dataclass
class _Told:
    """What the database tells of a month: tasks with their studies and clinics, and what their events say."""

    tasks: Sequence[tuple[ReadingTask, Study, str]]
    steps: dict[int, list[_Step]] = field(default_factory=lambda: defaultdict(list))
    away: dict[int, dict[Action, timedelta]] = field(default_factory=lambda: defaultdict(dict))
    rejected: set[int] = field(default_factory=set)
    acted: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, work: UnitOfWork, first: datetime, last: datetime) -> "_Told":
        query = (
            select(ReadingTask, Study, Institution.code)
            .join(Study, Study.id == ReadingTask.study_id)
            .join(Institution, Institution.id == ReadingTask.institution_id)
            .where(ReadingTask.ready_at >= first, ReadingTask.ready_at < last, ReadingTask.previous_task_id.is_(None))
            .order_by(ReadingTask.ready_at, ReadingTask.id)
        )
        told = cls([(task, study, code) for task, study, code in work.session.execute(query)])
        events = (
            select(TaskEvent)
            .join(ReadingTask, ReadingTask.id == TaskEvent.task_id)
            .where(ReadingTask.ready_at >= first, ReadingTask.ready_at < last)
            .order_by(TaskEvent.task_id, TaskEvent.seq)
        )
        told._hear(work.session.execute(events).scalars())
        return told

    def _hear(self, events: Iterable[TaskEvent]) -> None:
        before: dict[int, TaskEvent] = {}
        for event in events:
            self._notice(before.get(event.task_id), event)
            if event.action in (Action.CLAIM, Action.RETURN, Action.ASK):
                before[event.task_id] = event
            if event.actor_id is not None:
                self.acted[event.actor_id].append(event.at)

    def _notice(self, before: TaskEvent | None, event: TaskEvent) -> None:
        if event.action == Action.REJECT:
            self.rejected.add(event.task_id)
        if before is None:
            return
        span = event.at - before.at
        if before.action == Action.CLAIM and event.action in (Action.SUBMIT, Action.SIGN, Action.REJECT):
            work = Work.AUDIT if event.from_state == TaskState.AUDITING else Work.READ
            minutes = span.total_seconds() / 60
            if event.actor_id is not None and 0 < minutes <= _LONGEST:
                self.steps[event.task_id].append(_Step(work, minutes, event.actor_id))
        if event.from_state in (TaskState.RETAKE_WAIT, TaskState.INFO_WAIT) and before.action in _SENDING_AWAY:
            self.away[event.task_id].setdefault(Action(before.action), span)

    def times(self, modality: str, body_part: str, work: Work, rules: AssignmentRules) -> Times:
        """What this kind of work takes here: as it took, or as the rules expect where too little is known."""
        known = self._known.get((modality, work), [])
        if len(known) < ENOUGH:
            return usual(rules.effort_of(modality, body_part, work))
        return Times(minutes=median(known), spread=min(3.0, pstdev(math.log(minutes) for minutes in known)))

    @property
    def _known(self) -> Mapping[tuple[str, Work], list[float]]:
        found: dict[tuple[str, Work], list[float]] = defaultdict(list)
        for task, _, _ in self.tasks:
            for step in self.steps.get(task.id, ()):
                found[task.modality, step.work].append(step.minutes)
        return found


_SENDING_AWAY = (Action.RETURN, Action.ASK)


def _arrival(told: _Told, number: int, rules: AssignmentRules, rng: np.random.Generator) -> Arrival:
    task, study, code = told.tasks[number]
    away = told.away.get(task.id, {})
    return Arrival(
        id=task.id,
        exam_started_at=task.exam_started_at or task.ready_at,
        ready_at=task.ready_at,
        clinic=code,
        modality=task.modality,
        body_part=study.body_part,
        priority=Priority(task.priority),
        patient=study.patient_id,
        read=_minutes(told, task, study, Work.READ, rules, rng),
        audit=_minutes(told, task, study, Work.AUDIT, rules, rng),
        retake=away.get(Action.RETURN),
        question=away.get(Action.ASK),
        rejected=task.id in told.rejected,
    )


def _minutes(
    told: _Told, task: ReadingTask, study: Study, work: Work, rules: AssignmentRules, rng: np.random.Generator
) -> float:
    known = [step.minutes for step in told.steps.get(task.id, ()) if step.work is work]
    return known[0] if known else draw(told.times(task.modality, study.body_part, work, rules), rng)


def _people(work: UnitOfWork, told: _Told, first: datetime, last: datetime) -> Iterable[Person]:
    users = rows.active_readers(work)
    licences = rosters.licences_of(work, [user.id for user in users])
    planned = _planned(work, first, last)
    for user in users:
        watches = planned.get(user.id, []) if planned else _worked(work, told.acted.get(user.id, ()))
        yield Person(
            id=user.id,
            name=user.display_name,
            modalities=modalities_named(user.modalities),
            audits=user.role == Role.AUDITOR,
            subspecialties=frozenset(),
            pace=1.0,
            watches=tuple(sorted(watches, key=lambda watch: (watch.starts, watch.on_call, watch.ends))),
            licences=licences.get(user.id),
            title=user.title,
        )


def _planned(work: UnitOfWork, first: datetime, last: datetime) -> Mapping[int, list[Watch]]:
    found: dict[int, list[Watch]] = defaultdict(list)
    for span in rows.spans_between(work, first, last + TAIL):
        duty = duty_of(span)
        found[span.user_id].append(
            Watch(
                starts=span.starts_at,
                ends=span.ends_at,
                shift=duty.shift,
                modalities=modalities_named(duty.modalities),
                priorities=None if duty.priorities is None else frozenset(duty.priorities),
                on_call=duty.on_call,
                share=duty.rvu_share,
            )
        )
    return found


def _worked(work: UnitOfWork, acted: Sequence[datetime]) -> list[Watch]:
    days: dict[date, list[datetime]] = defaultdict(list)
    for moment in acted:
        days[rosters.local_day(work, moment)].append(moment)
    return [
        Watch(min(moments) - _HALF_HOUR, max(moments) + _HALF_HOUR, "", None, None, on_call=False, share=1.0)
        for moments in days.values()
    ]


def _moment(work: UnitOfWork, day: date) -> datetime:
    return datetime.combine(day, time(), work.zone).astimezone(UTC)
