"""The roster check: hours that nobody covers, shifts that clash, and shifts of people who may not do their work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import select

from reading_queue.calendars import WorkingCalendar
from reading_queue.rosters.duties import LAPSED_AFTER, duty_of
from reading_queue.rosters.qualifications import licences_of
from reading_queue.service_times import terms_now
from storage.db.models import Device, DutySpan
from storage.db.queries import rosters as rows
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority
from storage.domain.rosters import Licence, is_licensed, modalities_named, names_modality, shift_span
from storage.domain.spans import Span, clipped, overlap, without

URGENT = frozenset({Priority.P0, Priority.P1})
_ONE_ROOM = {"CR": "DX", "DR": "DX"}
_DAY = timedelta(days=1)


class Fault(StrEnum):
    """What is wrong with somebody's shift."""

    OVERLAP = "overlap"
    UNQUALIFIED = "unqualified"
    AWAY = "away"


@dataclass(frozen=True)
class Finding:
    """A shift that does not hold: it overlaps `other`, its holder may not read all of its work, or he is away."""

    fault: Fault
    duty_id: int
    user_id: int
    day: date
    other: int | None = None


@dataclass(frozen=True)
class Gap:
    """Nobody who may read `modality` has a shift that covers these classes, from `starts_at` to `ends_at`."""

    modality: str
    priorities: tuple[Priority, ...]
    starts_at: datetime
    ends_at: datetime


def coverage(work: UnitOfWork, first: datetime, last: datetime) -> list[Gap]:
    """The hours that nobody covers, for every modality that the county's devices make. None where there is no roster.

    Emergencies must be covered at all hours, where somebody on call is enough; routine work in the centre's working hours.
    """
    roster = _Roster.of(work, first - LAPSED_AFTER, last)
    if not roster.spans:
        return []
    calendar = terms_now(work).rules.content.working(work.zone)
    needed = {True: [(first, last)], False: working_spans(calendar, first, last)}
    gaps: dict[tuple[str, Span], list[Priority]] = {}
    for modality in needed_modalities(work):
        for priority in Priority:
            urgent = priority in URGENT
            covered = roster.covered(modality, priority, on_call=urgent)
            for span in without(needed[urgent], covered):
                gaps.setdefault((modality, span), []).append(priority)
    found = [Gap(modality, tuple(priorities), *span) for (modality, span), priorities in gaps.items()]
    return sorted(found, key=lambda gap: (gap.starts_at, gap.modality, gap.priorities))


def findings(work: UnitOfWork, first: date, last: date) -> list[Finding]:
    """What is wrong with the shifts of these days, both inclusive."""
    spans = rows.spans_of_days(work, first - _DAY, last + _DAY)
    if not spans:
        return []
    roster = _Roster.of(work, spans[0].starts_at - _DAY, max(span.ends_at for span in spans))
    found = [*_overlaps(spans), *roster.unqualified(spans), *roster.away(spans)]
    return sorted((one for one in found if first <= one.day <= last), key=lambda one: (one.day, one.duty_id))


def needed_modalities(work: UnitOfWork) -> list[str]:
    """The modalities that the county's devices make; plain radiography once."""
    query = select(Device.modality).where(Device.active.is_(True), Device.modality != "").distinct()
    made = set(work.session.execute(query).scalars())
    return sorted({_ONE_ROOM.get(modality, modality) for modality in made})


def working_spans(calendar: WorkingCalendar, first: datetime, last: datetime) -> list[Span]:
    """The working hours between two moments."""
    day, end = first.astimezone(calendar.zone).date(), last.astimezone(calendar.zone).date()
    found: list[Span] = []
    while day <= end:
        if calendar.is_workday(day):
            found += [shift_span(day, opens, closes, calendar.zone) for opens, closes in calendar.hours]
        day += _DAY
    return clipped(((opens.astimezone(UTC), closes.astimezone(UTC)) for opens, closes in found), first, last)


@dataclass(frozen=True)
class _Roster:
    """The shifts of a time with what their people may do: absences and licences by user."""

    zone: tzinfo
    spans: Sequence[DutySpan]
    absences: Mapping[int, list[Span]]
    licences: Mapping[int, tuple[Licence, ...]]

    @classmethod
    def of(cls, work: UnitOfWork, first: datetime, last: datetime) -> "_Roster":
        spans = rows.spans_between(work, first, last)
        absences: dict[int, list[Span]] = {}
        for absence in rows.absences_between(work, first, last):
            absences.setdefault(absence.user_id, []).append((absence.starts_at, absence.ends_at))
        return cls(work.zone, spans, absences, licences_of(work, {span.user_id for span in spans}))

    def covered(self, modality: str, priority: Priority, *, on_call: bool) -> list[Span]:
        """When somebody at the desk, or with `on_call` within reach, may read this."""
        found: list[Span] = []
        for span in self.spans:
            if duty_of(span).covers(modality, priority) and (on_call or not span.on_call):
                found += without(self._licensed(span, modality), self.absences.get(span.user_id, []))
        return found

    def unqualified(self, spans: Sequence[DutySpan]) -> Iterator[Finding]:
        """Shifts with work that their holder may not read on that day; one without a list asks for anything at all."""
        for span in spans:
            if not self._fits(span):
                yield Finding(Fault.UNQUALIFIED, span.id, span.user_id, span.day)

    def away(self, spans: Sequence[DutySpan]) -> Iterator[Finding]:
        """Shifts of people who are away for some of them."""
        for span in spans:
            if any(overlap(_span(span), absence) for absence in self.absences.get(span.user_id, [])):
                yield Finding(Fault.AWAY, span.id, span.user_id, span.day)

    def _fits(self, span: DutySpan) -> bool:
        licences, words = self.licences.get(span.user_id), span.kind.modalities
        if words is None:
            return licences is None or any(one.is_valid_on(span.day) for one in licences)
        return all(self._may(span, licences, modality) for modality in modalities_named(words) or ())

    def _may(self, span: DutySpan, licences: Sequence[Licence] | None, modality: str) -> bool:
        if licences is None:
            return names_modality(span.user.modalities, modality)
        return is_licensed(licences, modality, span.day)

    def _licensed(self, span: DutySpan, modality: str) -> list[Span]:
        licences = self.licences.get(span.user_id)
        if licences is None:
            return [_span(span)] if names_modality(span.user.modalities, modality) else []
        return [piece for day, piece in _by_day(_span(span), self.zone) if is_licensed(licences, modality, day)]


def _by_day(span: Span, zone: tzinfo) -> Iterator[tuple[date, Span]]:
    """The span, local day by local day."""
    day, last = (moment.astimezone(zone).date() for moment in span)
    while day <= last:
        midnights = (datetime.combine(day + n * _DAY, time(), zone).astimezone(UTC) for n in (0, 1))
        yield from ((day, piece) for piece in clipped([span], *midnights))
        day += _DAY


def _overlaps(spans: Sequence[DutySpan]) -> Iterator[Finding]:
    """Two shifts at one time; being on call beside a shift is no fault."""
    by_user: dict[int, list[DutySpan]] = {}
    for span in spans:
        if not span.on_call:
            by_user.setdefault(span.user_id, []).append(span)
    for own in by_user.values():
        for one, other in pairwise(sorted(own, key=_span)):
            if overlap(_span(one), _span(other)):
                yield Finding(Fault.OVERLAP, other.id, other.user_id, other.day, one.id)


def _span(span: DutySpan) -> Span:
    return span.starts_at, span.ends_at
