"""The event-driven replay: what happens next, and who does what then. The same world and rule give the same run."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from reading_queue.assignment.cases import Case, Owed, Reader, Work
from reading_queue.assignment.room import is_fit, is_on_shift, is_urgent
from reading_queue.signatures import ONE, SignedCase
from reading_queue.simulation.cases import Course, Place
from reading_queue.simulation.desks import Desk
from reading_queue.simulation.load import Load
from reading_queue.simulation.pickers import PICKERS
from reading_queue.simulation.waiting import Waiting
from reading_queue.simulation.world import TAIL, Arrival, World
from storage.domain.errors import Invalid

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SEEN_BEFORE_RETAKE = 0.3
_SEEN_BEFORE_QUESTION = 0.5


@dataclass(frozen=True, slots=True)
class Stint:
    """One case in one reader's hands."""

    reader: int
    case: int
    modality: str
    work: Work
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Run:
    """What came of a month under a rule."""

    world: World
    rule: str
    courses: tuple[Course, ...]
    desks: tuple[Desk, ...]
    stints: tuple[Stint, ...]
    load: Load


def simulate(world: World, rule: str) -> Run:
    """Play the month under one of `PICKERS`. Raises `Invalid` for a rule that there is not."""
    if rule not in PICKERS:
        raise Invalid(f"There is no rule {rule}; there are {', '.join(PICKERS)}.")
    return _Engine(world, rule).run()


@dataclass
class _Engine:
    world: World
    rule: str
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.world.first
        self.pick = PICKERS[self.rule](self.world)
        self.courses: dict[int, Course] = {}
        self.waiting = Waiting()
        self.in_hand: dict[int, Case] = {}
        self.desks = {person.id: Desk(person) for person in self.world.people}
        self.stints: list[Stint] = []
        self.load = Load(self.world.zone)
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def run(self) -> Run:
        self._plan()
        end = self.world.last + TAIL
        while self._events and self._events[0][0] < end:
            self.now, _, happen = heapq.heappop(self._events)
            happen()
            self._note_load()
        return Run(
            self.world,
            self.rule,
            tuple(self.courses.values()),
            tuple(self.desks.values()),
            tuple(self.stints),
            self.load,
        )

    def at(self, moment: datetime, happen: Callable[[], None]) -> None:
        """Something will happen; what is planned first for a moment happens first."""
        heapq.heappush(self._events, (max(moment, self.now), next(self._order), happen))

    # The plan: what is known beforehand.

    def _plan(self) -> None:
        for desk in self.desks.values():
            for watch in desk.person.watches:
                self.at(watch.starts, lambda desk=desk: self._shift_changes(desk))  # type: ignore[misc]
                self.at(watch.ends, lambda desk=desk: self._shift_changes(desk))  # type: ignore[misc]
                overlap = min(watch.ends, self.world.last) - max(watch.starts, self.world.first)
                desk.tally.on_shift += max(overlap, timedelta()) * (not watch.on_call)
        for arrival in self.world.arrivals:
            self.at(arrival.ready_at, lambda arrival=arrival: self._arrives(arrival))  # type: ignore[misc]
        begins = self.world.rules.day_begins
        day = self.world.first.astimezone(self.world.zone).replace(hour=begins.hour, minute=begins.minute)
        for n in range((self.world.last + TAIL - self.world.first).days):
            self.at(day + n * _DAY, self._day_begins)
        for n in range(int((self.world.last - self.world.first) / _HOUR)):
            self.at(self.world.first + n * _HOUR, lambda: None)

    def _note_load(self) -> None:
        at_desk = [desk for desk in self.desks.values() if desk.is_at_desk]
        self.load.note(
            self.now, len(self.waiting), len(at_desk), sum(desk.case_id is not None for desk in self.desks.values())
        )

    # Studies.

    def _arrives(self, arrival: Arrival) -> None:
        course = Course.of(arrival, self.world)
        self.courses[arrival.id] = course
        self.load.arrived(self.now)
        self.at(course.widens_at(self.world.policy), lambda: self._widens(course))
        self._enqueue(course, Work.READ)
        if arrival.id in self.waiting and not self._is_manned(self.waiting[arrival.id]):
            wait = self.world.policy.unmanned_wait(arrival.priority)
            self.at(self.now + wait, lambda: self._opens(course))

    def _enqueue(self, course: Course, work: Work, keep_for: int | None = None, owed: Owed | None = None) -> None:
        course.place, course.work, course.waiting_since = Place.WAITING, work, self.now
        course.kept_for, course.owed = keep_for, owed
        self._offer(course)

    def _offer(self, course: Course) -> None:
        """Whoever has nothing to do looks at it, who has had nothing for longest first."""
        case = course.as_case(self.world, self.world.habits.rework if course.reworked and course.owed else 1.0)
        self.waiting.add(case)
        alone = Waiting(case)
        for desk in sorted(self._free(), key=lambda desk: (desk.idle_since or self.now, desk.person.id)):
            if self._asks(desk, alone):
                return
        self._call_out([case])

    def _widens(self, course: Course) -> None:
        if course.place in (Place.SIGNED, Place.UNREADABLE) or course.open_to_all:
            return
        due = course.widens_at(self.world.policy)
        if course.clock.paused_since is not None or due > self.now:
            self.at(max(due, self.now + _HOUR), lambda: self._widens(course))
            return
        self._opens(course)

    def _opens(self, course: Course) -> None:
        """Every fit reader at a desk may take it from now on, whatever his shift is for, and whomever it was kept for."""
        course.open_to_all = True
        self._release(course)

    def _release(self, course: Course) -> None:
        if course.place is Place.WAITING and course.arrival.id in self.waiting:
            course.kept_for = course.owed = None
            self._offer(course)

    def _comes_back(self, course: Course, reader: int | None) -> None:
        course.resume(self.now)
        if reader is None and course.arrival.unreadable:
            self._ends(course, Place.UNREADABLE)
            return
        self._enqueue(course, Work.READ, reader, None if reader is None else Owed.ANSWERED)
        if reader is not None:
            self.at(self.now + self.world.policy.accept_within, lambda: self._release(course))

    def _ends(self, course: Course, place: Place) -> None:
        course.place, course.ended_at = place, self.now
        self.load.ended(self.now)

    # Readers.

    def _free(self) -> Iterable[Desk]:
        return (desk for desk in self.desks.values() if desk.is_free)

    def _views(self) -> list[Reader]:
        return [desk.view() for desk in self.desks.values() if desk.is_at_desk]

    def _shift_changes(self, desk: Desk) -> None:
        before, desk.watch = desk.watch, desk.watch_at(self.now)
        desk.changed()
        if desk.watch is None or before is None:
            desk.since_break = 0.0
        if desk.is_free:
            desk.idle_since = desk.idle_since or self.now
            self._asks(desk, self.waiting)
        elif desk.case_id is None:
            desk.idle_since = None
        self._call_out(self.waiting.urgent.values())

    def _asks(self, desk: Desk, waiting: Waiting) -> bool:
        """He gets a case of these, if there is one for him."""
        case = self.pick(waiting, desk.view(), self._views(), self.now) if len(waiting) else None
        if case is not None:
            self._takes(desk, case, self.now)
        return case is not None

    def _call_out(self, cases: Iterable[Case]) -> None:
        """Emergencies that nobody at a desk is fit for go to somebody on call."""
        for case in sorted(
            (one for one in cases if is_urgent(one)), key=lambda one: (one.priority, one.due_at, one.id)
        ):
            if case.id not in self.waiting or any(is_fit(view, case) for view in self._views()):
                continue
            for desk in self.desks.values():
                on_call = desk.watch is not None and desk.watch.on_call and desk.case_id is None
                if on_call and is_fit(desk.view(), case) and is_on_shift(desk.view(), case):
                    self._takes(desk, case, self.now + timedelta(minutes=self.world.habits.call_out))
                    break

    def _takes(self, desk: Desk, case: Case, begins: datetime) -> None:
        course = self.courses[case.id]
        self.waiting.remove(case.id)
        self.in_hand[case.id] = case
        course.place = Place.IN_HAND
        course.first_claim = course.first_claim or begins
        desk.take(case, begins)
        desk.idle_since = None
        self.at(begins + self._time_for(course, desk), lambda: self._is_done(desk, course, case))

    def _time_for(self, course: Course, desk: Desk) -> timedelta:
        arrival = course.arrival
        minutes = arrival.audit if course.work is Work.AUDIT else arrival.read
        if course.work is Work.READ:
            if course.owed is Owed.REWORK or course.reworked:
                minutes *= self.world.habits.rework
            elif arrival.retake is not None and not course.retaken:
                minutes *= _SEEN_BEFORE_RETAKE
            elif arrival.question is not None and not course.asked:
                minutes *= _SEEN_BEFORE_QUESTION
        return timedelta(minutes=minutes / desk.person.pace)

    def _is_done(self, desk: Desk, course: Course, case: Case) -> None:
        del self.in_hand[case.id]
        begun = desk.began_at or self.now
        self.stints.append(Stint(desk.person.id, case.id, case.modality, case.work, begun, self.now))
        sent_on = self._read(course, desk) if case.work is Work.READ else self._audited(course)
        desk.put_down(case, self.now, done=sent_on)
        self._overtime(desk, begun)
        if desk.is_at_desk and desk.since_break >= self.world.habits.break_after > 0:
            self._rests(desk)
        elif desk.is_free:
            self._next(desk)
        else:
            self._call_out(self.waiting.urgent.values())

    def _read(self, course: Course, desk: Desk) -> bool:
        arrival = course.arrival
        if arrival.retake is not None and not course.retaken:
            course.retaken = True
            self._goes_away(course, arrival.retake, None)
            return False
        if arrival.question is not None and not course.asked:
            course.asked = True
            self._goes_away(course, arrival.question, desk.person.id)
            return False
        course.author = desk.person.id
        signed = SignedCase(arrival.modality, arrival.priority, arrival.body_part, "", desk.person.title, self.now)
        if self.world.signatures.required(signed) == ONE:
            self._ends(course, Place.SIGNED)
        else:
            # He himself may not audit it, so that others look first.
            self._enqueue(course, Work.AUDIT)
        return True

    def _audited(self, course: Course) -> bool:
        if course.arrival.rejected and not course.reworked:
            course.reworked = True
            self._enqueue(course, Work.READ, course.author, Owed.REWORK)
        else:
            self._ends(course, Place.SIGNED)
        return True

    def _goes_away(self, course: Course, span: timedelta, reader: int | None) -> None:
        course.place = Place.AWAY
        course.pause(self.now)
        longest = self.world.policy.answer_within
        self.at(self.now + min(span, longest), lambda: self._comes_back(course, reader))

    def _overtime(self, desk: Desk, begun: datetime) -> None:
        """What he did after his shift at the desk, or on call."""
        if not desk.is_at_desk:
            over = [watch.ends for watch in desk.person.watches if not watch.on_call and watch.ends <= self.now]
            desk.tally.overtime += self.now - max(begun, max(over, default=begun))

    def _rests(self, desk: Desk) -> None:
        span = timedelta(minutes=self.world.habits.break_minutes)
        desk.resting, desk.since_break = True, 0.0
        desk.tally.on_breaks += span
        desk.changed()
        self.at(self.now + span, lambda: self._is_back(desk))

    def _is_back(self, desk: Desk) -> None:
        desk.resting = False
        desk.changed()
        if desk.is_free:
            self._next(desk)

    def _next(self, desk: Desk) -> None:
        desk.idle_since = self.now
        self._asks(desk, self.waiting)

    def _is_manned(self, case: Case) -> bool:
        return any(is_fit(view, case) and is_on_shift(view, case) for view in self._views())

    def _day_begins(self) -> None:
        """What somebody did less than his part of the day, or more, is carried over."""
        worked = [desk for desk in self.desks.values() if desk.read_rvu + desk.audit_rvu > 0]
        whole = sum(desk.read_rvu + desk.audit_rvu for desk in worked)
        limit = self.world.rules.figures["deficit_limit_rvu"]
        kept = self.world.rules.figures["deficit_kept_percent"] / 100
        for desk in worked:
            owed = desk.carried_rvu * kept + whole / len(worked) - desk.read_rvu - desk.audit_rvu
            desk.carried_rvu = max(-limit, min(limit, owed))
        for desk in self.desks.values():
            desk.read_rvu = desk.audit_rvu = 0.0
            desk.changed()
