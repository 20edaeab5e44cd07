"""A reader at work in the simulated centre."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reading_queue.assignment.cases import Case, Reader, Work
from reading_queue.simulation.world import Person, Watch


@dataclass(slots=True)
class Tally:
    """What a reader did in the whole month; spans of time in hours are made of these."""

    read: int = 0
    audited: int = 0
    rvu: float = 0.0
    busy: timedelta = field(default_factory=timedelta)
    on_shift: timedelta = field(default_factory=timedelta)
    overtime: timedelta = field(default_factory=timedelta)
    on_breaks: timedelta = field(default_factory=timedelta)


@dataclass(slots=True)
class Desk:
    """Where one person works. `watch` is the shift that he is on, `busy_until` the end of what he has in hand."""

    person: Person
    watch: Watch | None = None
    case_id: int | None = None
    began_at: datetime | None = None
    resting: bool = False
    idle_since: datetime | None = None
    since_break: float = 0.0
    minutes_in_hand: float = 0.0
    read_rvu: float = 0.0
    audit_rvu: float = 0.0
    carried_rvu: float = 0.0
    last_patient: int | None = None
    tally: Tally = field(default_factory=Tally)
    _seen: Reader | None = None

    def watch_at(self, now: datetime) -> Watch | None:
        """The shift that he has now: at the desk before on call."""
        now_on = [watch for watch in self.person.watches if watch.starts <= now < watch.ends]
        return min(now_on, key=lambda watch: (watch.on_call, watch.starts), default=None)

    @property
    def is_at_desk(self) -> bool:
        """On a shift that is not one on call."""
        return self.watch is not None and not self.watch.on_call

    @property
    def is_free(self) -> bool:
        """At the desk with nothing in hand."""
        return self.is_at_desk and self.case_id is None and not self.resting

    def view(self) -> Reader:
        """What the rules of assignment see of him."""
        if self._seen is None:
            self._seen = self._reader()
        return self._seen

    def changed(self) -> None:
        """Something that others see is not as it was."""
        self._seen = None

    def take(self, case: Case, now: datetime) -> None:
        """He has the case in hand."""
        self.case_id, self.began_at, self.minutes_in_hand = case.id, now, case.minutes
        self.last_patient = case.patient
        self._seen = None

    def put_down(self, case: Case, now: datetime, *, done: bool) -> None:
        """He is finished with the case; it counts for him when it is `done`."""
        span = now - (self.began_at or now)
        self.tally.busy += span
        self.since_break += span.total_seconds() / 60
        if done:
            self._count(case)
        self.case_id = self.began_at = None
        self.minutes_in_hand = 0.0
        self._seen = None

    def _count(self, case: Case) -> None:
        self.tally.rvu += case.rvu
        if case.work is Work.READ:
            self.tally.read += 1
            self.read_rvu += case.rvu
        else:
            self.tally.audited += 1
            self.audit_rvu += case.rvu

    def _reader(self) -> Reader:
        watch, person = self.watch, self.person
        return Reader(
            id=person.id,
            audits=person.audits,
            modalities=person.modalities,
            licences=person.licences,
            on_duty=watch is not None,
            shift_modalities=None if watch is None else watch.modalities,
            shift_priorities=None if watch is None else watch.priorities,
            subspecialties=person.subspecialties,
            present=not self.resting,
            in_hand=int(self.case_id is not None),
            minutes_in_hand=self.minutes_in_hand,
            read_rvu=self.read_rvu,
            audit_rvu=self.audit_rvu,
            carried_rvu=self.carried_rvu,
            share=0.0 if watch is None else watch.share,
            last_patient=self.last_patient,
        )
