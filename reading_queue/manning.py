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
    shift = _shift(work, modality, priority)
    if shift.is_manned:
        return Manning(None, shift.ends_at, opens=False)
    since = unmanned_since or work.now
    opens_at = since + policy.unmanned_wait(priority)
    if opens_at <= work.now:
        return Manning(since, None, opens=True)
    return Manning(since, opens_at, opens=False)


@dataclass(frozen=True)
class _Shift:
    """Whether somebody who may read it is at the desk, and when the last of the present shifts ends; None without a roster."""

    is_manned: bool
    ends_at: datetime | None


def _shift(work: UnitOfWork, modality: str, priority: Priority) -> _Shift:
    """Asked once for each kind of case in a transaction: when a shift goes home, many cases ask at the same moment."""
    known: dict[tuple[str, str], _Shift] = work.session.info.setdefault("shifts", {})
    key = (modality, priority)
    if key not in known:
        manned = bool(readers_on_duty(work, modality, work.now, priority))
        known[key] = _Shift(manned, _end(work, modality, priority) if manned else None)
    return known[key]


def _end(work: UnitOfWork, modality: str, priority: Priority) -> datetime | None:
    covering = [duty for duty in on_duty(work, work.now) if not duty.on_call and duty.covers(modality, priority)]
    ends = [duty.until for duty in covering if duty.until is not None]
    return max(ends) if ends and len(ends) == len(covering) else None
