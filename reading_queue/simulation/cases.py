"""A study on its way through the simulated centre."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from reading_queue import sla
from reading_queue.assignment.cases import Case, Owed, Work
from reading_queue.policies import Case as Kind
from reading_queue.policies import Policy
from reading_queue.simulation.world import Arrival, World


class Place(Enum):
    """Where a study is."""

    WAITING = auto()
    IN_HAND = auto()
    AWAY = auto()
    SIGNED = auto()
    UNREADABLE = auto()


@dataclass(slots=True)
class Course:
    """One study: its clocks, its place, and what has been done with it so far. Only the engine changes it."""

    arrival: Arrival
    clock: sla.ClockB
    row: str
    regulatory_due_at: datetime | None
    place: Place = Place.WAITING
    work: Work = Work.READ
    waiting_since: datetime | None = None
    author: int | None = None
    kept_for: int | None = None
    owed: Owed | None = None
    open_to_all: bool = False
    retaken: bool = False
    asked: bool = False
    reworked: bool = False
    first_claim: datetime | None = None
    ended_at: datetime | None = None
    paused: timedelta = field(default_factory=timedelta)

    @classmethod
    def of(cls, arrival: Arrival, world: World) -> "Course":
        """A study that has just become ready, with the product's own due times."""
        kind = Kind(arrival.priority, arrival.modality, arrival.body_part, institution=arrival.clinic)
        due = sla.deadlines(world.policy, world.calendar, kind, arrival.ready_at, arrival.exam_started_at)
        clock = sla.ClockB(
            arrival.ready_at,
            due.due_at,
            due.limit_at,
            world.policy.target(due.row).working,
            calendar=world.calendar,
            steps=world.policy.steps,
            longest_pause=world.policy.answer_within,
            soon=world.policy.content.soon,
        )
        return cls(arrival, clock, due.row, due.regulatory_due_at)

    def as_case(self, world: World, rvu_share: float = 1.0) -> Case:
        """What the rules of assignment see; a retaken study counts from when it was first ready."""
        arrival = self.arrival
        effort = world.rules.effort_of(arrival.modality, arrival.body_part, self.work)
        return Case(
            id=arrival.id,
            work=self.work,
            priority=arrival.priority,
            modality=arrival.modality,
            due_at=arrival.ready_at if self.retaken and self.work is Work.READ else self.clock.due_at,
            waiting_since=self.waiting_since or arrival.ready_at,
            rvu=effort.rvu * rvu_share,
            minutes=effort.minutes,
            patient=arrival.patient,
            subspecialty=world.rules.subspecialty_of(arrival.modality, arrival.body_part),
            author=self.author,
            kept_for=self.kept_for,
            owed=self.owed,
            open_to_all=self.open_to_all,
        )

    def pause(self, now: datetime) -> None:
        """Clock B stands still: the clinic has to do something."""
        self.clock = replace(self.clock, paused_since=now)

    def resume(self, now: datetime) -> None:
        """It goes on."""
        began = self.clock.paused_since or now
        self.paused += min(now - began, self.clock.longest_pause)
        self.clock = sla.resumed(self.clock, now)

    def widens_at(self, policy: Policy) -> datetime:
        """When its clock widens the pool of readers."""
        maximum = self.clock.counted(self.clock.started_at, self.clock.limit_at)
        return self.clock.after(self.clock.started_at, maximum * policy.steps[1])

    @property
    def delay(self) -> timedelta:
        """From ready to the end, pauses not counted; nothing before the end."""
        return (self.ended_at or self.arrival.ready_at) - self.arrival.ready_at - self.paused
