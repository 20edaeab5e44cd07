"""Who is at work at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reading_queue.rosters.qualifications import is_qualified, licences_of
from storage.db.models import DutySpan, User
from storage.db.queries import rosters as rows
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority
from storage.domain.rosters import Licence, names_modality

LAPSED_AFTER = timedelta(days=7)
"""A roster that nobody has kept for so long is no roster any more."""


@dataclass(frozen=True)
class Duty:
    """Somebody at work. None means everything: `modalities`, or their groups, and `priorities`.

    `until` is None where the county keeps no roster. `on_call` means reachable under `phone`, and not at the desk.
    """

    user_id: int
    shift: str
    modalities: tuple[str, ...] | None
    subspecialties: tuple[str, ...]
    until: datetime | None
    since: datetime | None = None
    priorities: tuple[Priority, ...] | None = None
    rvu_share: float = 1.0
    night: bool = False
    on_call: bool = False
    phone: str = ""

    def covers(self, modality: str, priority: Priority | None = None) -> bool:
        """Whether cases of this kind are work of this shift."""
        fits = self.priorities is None or priority is None or priority in self.priorities
        return fits and names_modality(self.modalities, modality)


def on_duty(work: UnitOfWork, at: datetime) -> list[Duty]:
    """Everybody whose shift lasts at `at` and who is not away, those on call included.

    A county without any roster counts every active reader as on duty for everything. A roster begins with its first
    shift and lapses `LAPSED_AFTER` its last.
    """
    spans = rows.spans_at(work, at)
    if spans or rows.has_roster(work, at, LAPSED_AFTER):
        return [duty_of(span) for span in spans]
    return [Duty(user.id, "", None, (), None) for user in rows.active_readers(work)]


def readers_on_duty(work: UnitOfWork, modality: str, at: datetime, priority: Priority | None = None) -> list[int]:
    """The people at the desk at `at` whose shift covers the case and who are qualified for it, each once."""
    present = [duty.user_id for duty in on_duty(work, at) if not duty.on_call and duty.covers(modality, priority)]
    people = list(dict.fromkeys(present))
    users = {user.id: user for user in rows.active_readers(work) if user.id in people}
    licences = licences_of(work, people)
    return [one for one in people if one in users and _may(work, users[one], licences, modality, at)]


def duty_phones(work: UnitOfWork, modality: str, at: datetime, priority: Priority | None = None) -> list[str]:
    """Where to call about a case at `at`: the phones of those at the desk first, then of those on call, each once."""
    duties = [duty for duty in on_duty(work, at) if duty.phone and duty.covers(modality, priority)]
    return list(dict.fromkeys(duty.phone for duty in sorted(duties, key=lambda duty: duty.on_call)))


def duty_of(span: DutySpan) -> Duty:
    """The row as others see it."""
    kind = span.kind
    return Duty(
        user_id=span.user_id,
        shift=kind.name,
        modalities=_or_all(kind.modalities),
        subspecialties=tuple(kind.subspecialties),
        until=span.ends_at,
        since=span.starts_at,
        priorities=None if kind.priorities is None else tuple(Priority(one) for one in kind.priorities),
        rvu_share=kind.rvu_share,
        night=kind.night,
        on_call=span.on_call,
        phone=span.phone or kind.phone,
    )


def _may(work: UnitOfWork, user: User, licences: Mapping[int, Sequence[Licence]], modality: str, at: datetime) -> bool:
    return is_qualified(work, user.modalities, licences.get(user.id), modality, at)


def _or_all(words: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(words)
