"""A month as the engine plays it: every arrival with its times drawn beforehand, everybody with his shifts, and the rules.

Times belong to the case and not to whoever reads it when: two rules are compared on the very same month.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from reading_queue.assignment.cases import Work
from reading_queue.assignment.rules import SHIPPED, AssignmentRules, Effort
from reading_queue.assignment.rules import parse as parse_assignment
from reading_queue.calendars import WorkingCalendar, parse_calendar
from reading_queue.holidays import SHIPPED_CALENDAR
from reading_queue.policies import Policy, parse_policy
from reading_queue.policy_content import SHIPPED_TIMES
from reading_queue.signatures import SIGNATURES, Signatures
from reading_queue.signatures import parse as parse_signatures
from reading_queue.simulation.scenario import Exam, FreeChoice, Habits, Scenario, ShiftPattern, Times
from storage.domain.reading import Priority
from storage.domain.rosters import Licence, modalities_named, shift_span

TAIL = timedelta(days=7)
"""How long the roster goes on after the last arrival, so that what is left can be worked off."""

_URGENT = frozenset({Priority.P0, Priority.P1})
_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class Arrival:
    """A study that becomes ready, with all that will happen to it.

    `read` and `audit` are minutes at the screen at pace 1. It goes back for a retake that takes `retake`, never to come where
    `unreadable`; the clinic is asked something and needs `question`; the first draft is `rejected`.
    """

    id: int
    exam_started_at: datetime
    ready_at: datetime
    clinic: str
    modality: str
    body_part: str
    priority: Priority
    patient: int
    read: float
    audit: float
    retake: timedelta | None = None
    unreadable: bool = False
    question: timedelta | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """One shift of one person."""

    starts: datetime
    ends: datetime
    shift: str
    modalities: frozenset[str] | None
    priorities: frozenset[Priority] | None
    on_call: bool
    share: float


@dataclass(frozen=True)
class Person:
    """A reader with his shifts, in order."""

    id: int
    name: str
    modalities: frozenset[str] | None
    audits: bool
    subspecialties: frozenset[str]
    pace: float
    watches: tuple[Watch, ...]
    licences: tuple[Licence, ...] | None = None
    title: str = ""


@dataclass(frozen=True)
class World:
    """A month to play. `first` and `last` bound the arrivals; `seed` is that of the draws, and of free choices."""

    name: str
    zone: tzinfo
    first: datetime
    last: datetime
    arrivals: tuple[Arrival, ...]
    people: tuple[Person, ...]
    policy: Policy
    calendar: WorkingCalendar
    rules: AssignmentRules
    signatures: Signatures
    habits: Habits
    free_choice: FreeChoice
    seed: int


def build(scenario: Scenario, seed: int) -> World:
    """The month of a scenario, the same for the same seed."""
    zone = ZoneInfo(scenario.zone)
    policy = parse_policy(overlaid(SHIPPED_TIMES, scenario.service_times))
    calendar = parse_calendar(overlaid(SHIPPED_CALENDAR, scenario.calendar)).working(zone)
    rules = parse_assignment(overlaid(SHIPPED, scenario.assignment))
    first, last = scenario.first, scenario.first + timedelta(days=scenario.days)
    return World(
        name=scenario.name,
        zone=zone,
        first=_moment(first, 0, zone),
        last=_moment(last, 0, zone),
        arrivals=tuple(_arrivals(scenario, calendar, rules, np.random.default_rng(seed))),
        people=tuple(_people(scenario, zone)),
        policy=policy,
        calendar=calendar,
        rules=rules,
        signatures=parse_signatures(overlaid(SIGNATURES.shipped, {"zone": scenario.zone, **scenario.signatures})),
        habits=scenario.habits,
        free_choice=scenario.free_choice,
        seed=seed,
    )


def overlaid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with what `over` says instead, table by table."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = overlaid(result[key], value) if both else value
    return result


def draw(times: Times, rng: np.random.Generator) -> float:
    """Minutes."""
    if times.shape == "exponential":
        return float(rng.exponential(times.minutes))
    return float(times.minutes * math.exp(times.spread * rng.standard_normal()))


def usual(effort: Effort) -> Times:
    """The expected time of the assignment rules, as a distribution."""
    return Times(minutes=effort.minutes, spread=_SPREAD)


def watch_of(pattern: ShiftPattern, day: date, zone: tzinfo) -> Watch:
    """The shift on one local day."""
    starts, ends = shift_span(day, pattern.starts, pattern.ends, zone)
    return Watch(
        starts.astimezone(UTC),
        ends.astimezone(UTC),
        pattern.name,
        modalities_named(pattern.modalities),
        pattern.priorities,
        pattern.on_call,
        pattern.share,
    )


def _people(scenario: Scenario, zone: tzinfo) -> Iterator[Person]:
    patterns = {pattern.name: pattern for pattern in scenario.shifts}
    days = [scenario.first + timedelta(days=n) for n in range(-1, scenario.days + TAIL.days)]
    for number, reader in enumerate(scenario.readers, start=1):
        lines = [line for line in scenario.roster if line.reader == reader.name]
        watches = {
            watch_of(patterns[line.shift], day, zone)
            for line in lines
            for day in days
            if line.holds(day, scenario.first)
        }
        yield Person(
            id=number,
            name=reader.name,
            modalities=modalities_named(reader.licences or None),
            audits=reader.audits,
            subspecialties=reader.subspecialties,
            pace=reader.pace,
            title=reader.title,
            watches=tuple(sorted(watches, key=lambda watch: (watch.starts, watch.on_call, watch.ends))),
        )


def _arrivals(
    scenario: Scenario, calendar: WorkingCalendar, rules: AssignmentRules, rng: np.random.Generator
) -> list[Arrival]:
    drawn = [
        (moment, exam, priority)
        for exam in scenario.exams
        for priority, per_day in _classes(exam)
        for moment in _moments(scenario, calendar, exam, priority, per_day, rng)
    ]
    drawn.sort(key=lambda one: (one[0], one[1].name, one[2]))
    codes = list(scenario.clinics)
    weights = np.array([scenario.clinics[code] for code in codes], dtype=float)
    places = rng.choice(len(codes), size=len(drawn), p=weights / weights.sum())
    return [
        _arrival(number, moment, exam, priority, codes[place], scenario.habits, rules, rng)
        for number, ((moment, exam, priority), place) in enumerate(zip(drawn, places, strict=True), start=1)
    ]


def _classes(exam: Exam) -> Iterator[tuple[Priority, float]]:
    whole = sum(exam.mix.values())
    return ((priority, exam.per_day * part / whole) for priority, part in sorted(exam.mix.items()) if part > 0)


def _moments(
    scenario: Scenario,
    calendar: WorkingCalendar,
    exam: Exam,
    priority: Priority,
    per_day: float,
    rng: np.random.Generator,
) -> Iterator[datetime]:
    """A Poisson process with a rate by the hour: so many in an hour, each anywhere in it."""
    urgent = priority in _URGENT
    hours = np.array(exam.emergency_hours if urgent else exam.routine_hours, dtype=float)
    if hours.sum() == 0:
        return
    for n in range(scenario.days):
        day = scenario.first + timedelta(days=n)
        factor = 1.0 if urgent or calendar.is_workday(day) else exam.day_off
        counts = rng.poisson(per_day * factor * hours / hours.sum())
        for hour, count in enumerate(counts):
            begin = _moment(day, hour, calendar.zone)
            yield from (begin + timedelta(seconds=float(second)) for second in rng.uniform(0, 3600, count))


def _arrival(
    number: int,
    moment: datetime,
    exam: Exam,
    priority: Priority,
    clinic: str,
    habits: Habits,
    rules: AssignmentRules,
    rng: np.random.Generator,
) -> Arrival:
    reading = exam.reading or usual(rules.effort_of(exam.modality, exam.body_part, Work.READ))
    audit = exam.audit or usual(rules.effort_of(exam.modality, exam.body_part, Work.AUDIT))
    chances = rng.random(4)
    return Arrival(
        id=number,
        exam_started_at=moment - timedelta(minutes=draw(exam.upload, rng)),
        ready_at=moment,
        clinic=clinic,
        modality=exam.modality,
        body_part=exam.body_part,
        priority=priority,
        patient=number,
        read=draw(reading, rng),
        audit=draw(audit, rng),
        retake=timedelta(minutes=draw(habits.retake, rng)) if chances[0] < exam.retakes else None,
        unreadable=bool(chances[1] < habits.unreadable),
        question=timedelta(minutes=draw(habits.answer, rng)) if chances[2] < habits.questions else None,
        rejected=bool(chances[3] < habits.rejects),
    )


def _moment(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
