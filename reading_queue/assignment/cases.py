"""What a choice is made of: cases that wait, readers at work, and the choice with its figures. No database, no wall clock.

Cases and readers are not frozen, although nobody changes them: an ask makes hundreds, and frozen ones take three times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.domain.reading import Priority
from storage.domain.rosters import Licence

Figure = bool | int | float | str
"""What a choice rests on: codes and figures, never patient data."""


class Work(StrEnum):
    """What is to be done with a case."""

    READ = "read"
    AUDIT = "audit"


class Owed(StrEnum):
    """Why a case is kept for one reader."""

    ASSIGNED = "assigned"
    ANSWERED = "answered"
    REWORK = "rework"


class Rule(StrEnum):
    """The rule that decided a choice, the strongest first."""

    OWED = "owed"
    GREEN_CHANNEL = "green_channel"
    EMERGENCY = "emergency"
    SAME_PATIENT = "same_patient"
    ROUTINE = "routine"


@dataclass(slots=True)
class Case:
    """A case that waits for somebody.

    `due_at` is what it is ordered by: the target of clock B, or for a retaken study when it was first ready.
    `waiting_since` is when it came to wait. `rvu` is its weight for the work at hand, `minutes` the expected time for it.
    `patient` and the readers are identities. `kept_for` with `owed` says that one reader alone may have it.
    `open_to_all` says that every fit reader may take it, on duty or not: it is getting late, or nobody was there for it.
    """

    id: int
    work: Work
    priority: Priority
    modality: str
    due_at: datetime
    waiting_since: datetime
    rvu: float = 1.0
    minutes: float = 5.0
    patient: int = 0
    subspecialty: str = ""
    author: int | None = None
    kept_for: int | None = None
    owed: Owed | None = None
    prior_reader: int | None = None
    open_to_all: bool = False


@dataclass(slots=True)
class Reader:
    """A reader as the choice sees him.

    `modalities` is what he may read, None for everything; where he has `licences`, those that hold now alone count.
    `on_duty` says that he is at the desk of a shift now, and `shift_modalities` and `shift_priorities` what that is for,
    None for everything. `present` says that he has done something lately: only then is work left for him.
    `minutes_in_hand` is the expected time of what he has in hand. `read_rvu` and `audit_rvu` are the weighted work of the
    day so far, `carried_rvu` what he owes (positive) from days before, and `share` the part of a full reader's work that is
    expected of him. `last_patient` is whose case he took last; `given_back` are the cases that he gave back lately.
    """

    id: int
    audits: bool = False
    modalities: frozenset[str] | None = None
    licences: tuple[Licence, ...] | None = None
    on_duty: bool = True
    shift_modalities: frozenset[str] | None = None
    shift_priorities: frozenset[Priority] | None = None
    subspecialties: frozenset[str] = frozenset()
    present: bool = True
    in_hand: int = 0
    minutes_in_hand: float = 0.0
    read_rvu: float = 0.0
    audit_rvu: float = 0.0
    carried_rvu: float = 0.0
    share: float = 1.0
    last_patient: int | None = None
    given_back: frozenset[int] = field(default_factory=frozenset)

    @property
    def done_rvu(self) -> float:
        """The weighted work of the day so far."""
        return self.read_rvu + self.audit_rvu


@dataclass(frozen=True, slots=True)
class Choice:
    """The case that a reader is given, and why: `why` is what `reading_queue.assignment.explaining.explain` puts into words."""

    case: Case
    why: Mapping[str, Figure]
