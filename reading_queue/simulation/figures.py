"""What a run says: compliance, delays, load by hour, work per reader, hours that nobody covered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from reading_queue.calendars import WorkingCalendar
from reading_queue.rosters.checking import URGENT, working_spans
from reading_queue.simulation.cases import Course, Place
from reading_queue.simulation.engine import Run
from reading_queue.simulation.world import Person, World
from storage.domain.reading import Priority
from storage.domain.rosters import is_licensed
from storage.domain.spans import Span, without

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """Cases of one class, and of one group of modalities or of all when `group` is empty. Delays in minutes, pauses apart.

    `late` missed the target of clock B, `breached` its maximum; the shares are of all that ended or should have by now.
    `clock_a` is the share within the regulator's bound, None where there is none.
    """

    priority: str
    group: str
    cases: int
    late: int
    breached: int
    in_target: float
    in_maximum: float
    median: float
    p90: float
    clock_a: float | None


@dataclass(frozen=True)
class HourLine:
    """An hour of the day: arrivals and ends in it per day, and how many waited, sat at a desk, and were busy on average."""

    hour: int
    arrived: float
    ended: float
    waiting: float
    at_desk: float
    busy: float


@dataclass(frozen=True)
class ReaderLine:
    """A reader's month, in hours; work outside shifts, also on call, is `overtime`."""

    name: str
    read: int
    audited: int
    rvu: float
    on_shift: float
    busy: float
    idle: float
    breaks: float
    overtime: float


@dataclass(frozen=True)
class Uncovered:
    """Hours of the month in which nobody fit had a shift for this: emergencies at all hours, routine in working hours."""

    modality: str
    classes: str
    hours: float


@dataclass(frozen=True)
class Figures:
    """Everything that a run says. `unfinished` were still open a week after the month."""

    name: str
    rule: str
    seed: int
    cases: int
    signed: int
    unreadable: int
    unfinished: int
    classes: tuple[Line, ...]
    groups: tuple[Line, ...]
    hours: tuple[HourLine, ...]
    readers: tuple[ReaderLine, ...]
    uncovered: tuple[Uncovered, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def of_class(self, priority: str) -> Line | None:
        """The line of a class."""
        return next((line for line in self.classes if line.priority == priority), None)


def measure(run: Run) -> Figures:
    """The figures of a run."""
    world, courses = run.world, run.courses
    groups = sorted({_group(world, course) for course in courses})
    ended = [course for course in courses if course.ended_at is not None]
    return Figures(
        name=world.name,
        rule=run.rule,
        seed=world.seed,
        cases=len(courses),
        signed=sum(course.place is Place.SIGNED for course in ended),
        unreadable=sum(course.place is Place.UNREADABLE for course in ended),
        unfinished=len(courses) - len(ended),
        classes=tuple(_lines(world, courses, [""])),
        groups=tuple(_lines(world, courses, groups)),
        hours=tuple(_hours(run)),
        readers=tuple(_readers(run)),
        uncovered=tuple(uncovered(world)),
    )


def mean(runs: Sequence[Figures], of: Callable[[Figures], float]) -> float:
    """The mean of a figure over several runs."""
    return fmean(of(run) for run in runs)


def uncovered(world: World) -> Iterable[Uncovered]:
    """What the roster leaves open, whatever the rule."""
    for modality in sorted({arrival.modality for arrival in world.arrivals}):
        for name, classes, needed in _needs(world.calendar, world.first, world.last):
            open_for = [_open_hours(world, modality, priority, needed) for priority in classes]
            if max(open_for) > 0:
                yield Uncovered(modality, name, round(max(open_for), 2))


def _needs(
    calendar: WorkingCalendar, first: datetime, last: datetime
) -> Iterable[tuple[str, Sequence[Priority], list[Span]]]:
    yield "P0/P1", sorted(URGENT), [(first, last)]
    yield "P2/P3", sorted(set(Priority) - URGENT), working_spans(calendar, first, last)


def _open_hours(world: World, modality: str, priority: Priority, needed: list[Span]) -> float:
    covered = [
        (watch.starts, watch.ends)
        for person in world.people
        for watch in person.watches
        if (priority in URGENT or not watch.on_call)
        and (watch.modalities is None or modality in watch.modalities)
        and (watch.priorities is None or priority in watch.priorities)
        and _reads(person, modality, watch.starts, world)
    ]
    return sum((ends - starts) / _HOUR for starts, ends in without(needed, covered))


def _reads(person: Person, modality: str, at: datetime, world: World) -> bool:
    if person.licences is not None:
        return is_licensed(person.licences, modality, at.astimezone(world.zone).date())
    return person.modalities is None or modality in person.modalities


def _lines(world: World, courses: Sequence[Course], groups: Sequence[str]) -> Iterable[Line]:
    for priority in Priority:
        for group in groups:
            found = [
                course
                for course in courses
                if course.arrival.priority == priority and (not group or _group(world, course) == group)
            ]
            due = [course for course in found if course.place is not Place.UNREADABLE]
            if due:
                yield _line(priority, group, due)


def _line(priority: Priority, group: str, due: Sequence[Course]) -> Line:
    late = sum(course.ended_at is None or course.ended_at > course.clock.due_at for course in due)
    breached = sum(course.ended_at is None or course.ended_at > course.clock.limit_at for course in due)
    delays = sorted(course.delay.total_seconds() / 60 for course in due if course.ended_at is not None)
    regulated = [course for course in due if course.regulatory_due_at is not None]
    within = sum(_is_within(course.ended_at, course.regulatory_due_at) for course in regulated)
    return Line(
        priority=priority,
        group=group,
        cases=len(due),
        late=late,
        breached=breached,
        in_target=1 - late / len(due),
        in_maximum=1 - breached / len(due),
        median=_quantile(delays, 0.5),
        p90=_quantile(delays, 0.9),
        clock_a=within / len(regulated) if regulated else None,
    )


def _is_within(moment: datetime | None, bound: datetime | None) -> bool:
    return moment is not None and bound is not None and moment <= bound


def _hours(run: Run) -> Iterable[HourLine]:
    days = (run.world.last - run.world.first) / timedelta(days=1)
    for number, hour in enumerate(run.load.hours):
        seconds = hour.seconds or 1.0
        yield HourLine(
            hour=number,
            arrived=hour.arrived / days,
            ended=hour.ended / days,
            waiting=hour.waiting / seconds,
            at_desk=hour.at_desk / seconds,
            busy=hour.busy / seconds,
        )


def _readers(run: Run) -> Iterable[ReaderLine]:
    for desk in run.desks:
        tally, on_shift = desk.tally, desk.tally.on_shift / _HOUR
        busy, breaks, overtime = tally.busy / _HOUR, tally.on_breaks / _HOUR, tally.overtime / _HOUR
        yield ReaderLine(
            name=desk.person.name,
            read=tally.read,
            audited=tally.audited,
            rvu=round(tally.rvu, 1),
            on_shift=on_shift,
            busy=busy,
            idle=max(0.0, on_shift - (busy - overtime) - breaks),
            breaks=breaks,
            overtime=overtime,
        )


def _group(world: World, course: Course) -> str:
    return world.policy.group_of(course.arrival.modality)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """By the nearest rank; nothing where there is nothing."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def by_reader(runs: Sequence[Figures]) -> Mapping[str, list[ReaderLine]]:
    """The lines of each reader in all runs."""
    names: dict[str, list[ReaderLine]] = {}
    for run in runs:
        for line in run.readers:
            names.setdefault(line.name, []).append(line)
    return names
