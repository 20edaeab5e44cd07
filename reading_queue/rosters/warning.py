"""Telling the manager, before it matters, of hours that nobody covers and of licences that end; each occasion once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from reading_queue.notices import About, Audience, notify
from reading_queue.rosters.checking import URGENT, Gap, coverage
from reading_queue.rosters.licensing import ending_soon
from reading_queue.rosters.qualifications import local_day
from storage.db.session import Database, UnitOfWork
from storage.domain.notices import Urgency
from storage.domain.reading import Role
from storage.settings import Settings

LOOK_AHEAD_DAYS = 4
"""A Friday sees the whole weekend and the Monday after it."""

LAST_WORD = timedelta(days=7)
"""A licence is told of when its end comes within `licensing.WARNING`, and once more this long before it."""

_INSTANT = timedelta(microseconds=1)
_MANAGER = frozenset({Role.MANAGER})
_ANYBODY = About()


def warn_of_rosters(database: Database, _settings: Settings) -> None:
    """Look at the coming days and at the licences that end, and tell what has not been told."""
    with database.write() as work:
        warn_of_gaps(work)
        warn_of_licences(work)


def warn_of_gaps(work: UnitOfWork) -> int:
    """Tell of days with uncovered hours: of emergencies and of routine work apart, once a day and kind. How many were new."""
    today = local_day(work, work.now)
    ends = datetime.combine(today + timedelta(days=LOOK_AHEAD_DAYS), time(), work.zone).astimezone(UTC)
    told = 0
    for (day, urgent), modalities in _by_day(work, coverage(work, work.now, ends)).items():
        kind = "roster.gap_urgent" if urgent else "roster.gap"
        urgency = Urgency.URGENT if urgent and day == today else Urgency.NORMAL
        params = {"modality": "、".join(modalities), "day": day.isoformat()}
        made = notify(
            work, kind, Audience(roles=_MANAGER), _ANYBODY, key=f"{kind}:{day}", urgency=urgency, params=params
        )
        told += made is not None
    return told


def warn_of_licences(work: UnitOfWork) -> int:
    """Tell the manager and the reader himself of a licence that ends soon. How many notices were new."""
    today, told = local_day(work, work.now), 0
    for row in ending_soon(work):
        if row.valid_until is None:
            continue
        stage = "last" if row.valid_until <= today + LAST_WORD else "soon"
        made = notify(
            work,
            "roster.licence",
            Audience(users=frozenset({row.user_id}), roles=_MANAGER),
            _ANYBODY,
            key=f"roster.licence:{row.id}:{row.valid_until}:{stage}",
            params={"modality": row.modality, "day": row.valid_until.isoformat(), "reader": row.user.display_name},
        )
        told += made is not None
    return told


def _by_day(work: UnitOfWork, gaps: list[Gap]) -> Mapping[tuple[date, bool], list[str]]:
    """The modalities that lack somebody, by local day and whether emergencies are concerned."""
    found: defaultdict[tuple[date, bool], set[str]] = defaultdict(set)
    for gap in gaps:
        for day in _days(gap, work.zone):
            found[day, not URGENT.isdisjoint(gap.priorities)].add(gap.modality)
    return {key: sorted(found[key]) for key in sorted(found)}


def _days(gap: Gap, zone: tzinfo) -> Iterator[date]:
    day, last = gap.starts_at.astimezone(zone).date(), (gap.ends_at - _INSTANT).astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)
