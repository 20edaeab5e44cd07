"""Whether anybody is on duty for a case, and from when on everybody may take it because nobody is.

P0 and P1 are open to every qualified reader at once when no shift covers them, P2 and P3 after `unmanned_minutes`.
"""

from dataclasses import dataclass
from datetime import datetime

from reading_queue.policies import Policy
from reading_queue.rosters import on_duty, readers_on_duty
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority


@dataclass(frozen=True)
class Manning:
    """What a look at the roster found. `look_at` is when to look again, None when the county keeps no roster."""

    unmanned_since: datetime | None
    look_at: datetime | None
    opens: bool


def look(
    work: UnitOfWork, policy: Policy, priority: Priority, modality: str, unmanned_since: datetime | None
) -> Manning:
    """The roster as it is now, for a case that nobody has taken; `unmanned_since` is what the last look found."""
    if readers_on_duty(work, modality, work.now, priority):
        return Manning(None, _shift_ends(work, modality, priority), opens=False)
    since = unmanned_since or work.now
    opens_at = since + policy.unmanned_wait(priority)
    if opens_at <= work.now:
        return Manning(since, None, opens=True)
    return Manning(since, opens_at, opens=False)


def _shift_ends(work: UnitOfWork, modality: str, priority: Priority) -> datetime | None:
    """When the last of the present shifts that cover the case ends; None without a roster, where nobody ever goes home."""
    covering = [duty for duty in on_duty(work, work.now) if not duty.on_call and duty.covers(modality, priority)]
    ends = [duty.until for duty in covering if duty.until is not None]
    return max(ends) if ends and len(ends) == len(covering) else None
