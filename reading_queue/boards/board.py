"""The county at this moment, in figures: what is open and when it is due, who reads, what came too late and why, who is silent.

Nothing here tells of a patient: what does, the manager's board asks for besides.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.boards.chapter import BOARDS, BoardRules
from reading_queue.parts import Part, Parts, parts_of
from reading_queue.rosters import local_day, on_duty
from reading_queue.rosters.duties import Duty
from reading_queue.rulebook import in_force
from reading_queue.service.tally import day_of_work
from storage.db.models import Device, ReaderWork, TaskEvent, User
from storage.db.queries import board as rows
from storage.db.queries.board import Breach, InHand, OpenCount
from storage.db.queries.critical import CaseFilter, list_cases
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority, Role, TaskState

_EXPLAINED = 100
"""Of so many breaches it is told where their time went; of a worse day, of the latest ones."""

_WAITING = frozenset({TaskState.QUEUED, TaskState.ASSIGNED, TaskState.REWORK, TaskState.DRAFTED, TaskState.RECON_HOLD})
_MOST_CRITICAL = 100


@dataclass(frozen=True)
class Reader:
    """Somebody on shift, or off it with a case in hand."""

    user: User
    duty: Duty | None
    in_hand: Sequence[InHand]
    kept: int
    today: ReaderWork | None


@dataclass(frozen=True)
class Late:
    """A breach, and where its time went."""

    breach: Breach
    parts: Parts | None

    @property
    def longest(self) -> Part | None:
        """The part that took most of the time."""
        if self.parts is None:
            return None
        spent = spent_on(self.parts)
        return max(spent, key=lambda part: spent[part]) if any(spent.values()) else None


@dataclass(frozen=True)
class CriticalClock:
    """An open critical value: what runs, and until when; not what it is, nor whose."""

    case_id: int
    institution: str
    institution_name: str
    institution_name_en: str
    modality: str
    state: str
    state_since: datetime
    due_at: datetime | None


@dataclass
class Backlog:
    """What waits for a reader, and what is in hand, of one modality."""

    waiting: int = 0
    in_hand: int = 0
    paused: int = 0
    breached: int = 0


@dataclass(frozen=True)
class Board:
    """Everything at one moment. `steps` are the names of the steps of due time, the worst first."""

    at: datetime
    rules: BoardRules
    steps: Sequence[str]
    classes: Mapping[Priority, Mapping[str, int]]
    backlog: Mapping[str, Backlog]
    readers: Sequence[Reader]
    late: Sequence[Late]
    lost: Mapping[Part, timedelta]
    silent: Sequence[Device]
    critical: Sequence[CriticalClock] = field(default_factory=list)


def board(work: UnitOfWork) -> Board:
    """The county now."""
    rules = in_force(work, BOARDS).content
    counts = rows.open_counts(work, rules.due_minutes)
    late = _late(work)
    return Board(
        at=work.now,
        rules=rules,
        steps=[rows.BREACHED, rows.LATE, *(str(one) for one in rules.due_minutes), rows.LATER, rows.PAUSED],
        classes=_classes(counts),
        backlog=_backlog(counts),
        readers=_readers(work),
        late=late,
        lost=_lost(late),
        silent=rows.silent_devices(work, work.now - timedelta(hours=rules.silent_hours)),
        critical=_critical(work),
    )


def spent_on(parts: Parts) -> dict[Part, timedelta]:
    """Time by part; what nobody told counts as none."""
    return {part: getattr(parts, part) or timedelta() for part in Part}


def _classes(counts: Sequence[OpenCount]) -> dict[Priority, dict[str, int]]:
    found: defaultdict[Priority, Counter[str]] = defaultdict(Counter)
    for one in counts:
        found[Priority(one.priority)][one.step] += one.tasks
    return {priority: dict(found[priority]) for priority in Priority}


def _backlog(counts: Sequence[OpenCount]) -> dict[str, Backlog]:
    found: defaultdict[str, Backlog] = defaultdict(Backlog)
    for one in counts:
        line = found[one.modality]
        if one.step == rows.PAUSED:
            line.paused += one.tasks
        elif TaskState(one.state) in _WAITING:
            line.waiting += one.tasks
        else:
            line.in_hand += one.tasks
        line.breached += one.tasks if one.step == rows.BREACHED else 0
    return dict(sorted(found.items(), key=lambda item: (-item[1].waiting, item[0])))


def _readers(work: UnitOfWork) -> list[Reader]:
    duties = {duty.user_id: duty for duty in on_duty(work, work.now)}
    hands: defaultdict[int, list[InHand]] = defaultdict(list)
    for one in rows.in_hand(work):
        hands[one.reader_id].append(one)
    kept, people = rows.kept_for(work), rows.readers(work, duties.keys() | hands.keys())
    done = rows.done_on(work, day_of_work(work, in_force(work, ASSIGNMENT).content))
    found = [
        Reader(user, duties.get(user.id), hands.get(user.id, []), kept.get(user.id, 0), done.get(user.id))
        for user in people.values()
        if user.role in (Role.RADIOLOGIST, Role.AUDITOR)
    ]
    return sorted(found, key=lambda one: (one.duty is None, not one.in_hand, one.user.display_name))


def _late(work: UnitOfWork) -> list[Late]:
    midnight = datetime.combine(local_day(work, work.now), time.min, work.zone).astimezone(UTC)
    breaches = rows.breaches_since(work, midnight)
    events: defaultdict[int, list[TaskEvent]] = defaultdict(list)
    for event in rows.events_of(work, [one.task_id for one in breaches[:_EXPLAINED]]):
        events[event.task_id].append(event)
    return [Late(one, parts_of(events[one.task_id], work.now) if one.task_id in events else None) for one in breaches]


def _lost(late: Sequence[Late]) -> dict[Part, timedelta]:
    lost = dict.fromkeys(Part, timedelta())
    for one in late:
        if one.parts is not None:
            for part, spent in spent_on(one.parts).items():
                lost[part] += spent
    return lost


def _critical(work: UnitOfWork) -> list[CriticalClock]:
    found = list_cases(work, CaseFilter(is_open=True), _MOST_CRITICAL).items
    return [
        CriticalClock(
            one.id,
            one.institution.code,
            one.institution.name,
            one.institution.name_en,
            one.modality,
            one.state,
            one.state_since,
            one.due_at,
        )
        for one in found
    ]
