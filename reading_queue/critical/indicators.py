"""The national indicators of critical values, from the records of both sides: aggregates, no patients.

RQI-RCV-04 (radiology, from the discovery) and US-CV-01 (ultrasound, from the report): the share of critical values that were
told within ten minutes, where both sides have a record of time, content and the names of who told and who received.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby
from statistics import median

from storage.db.models import CriticalCase, CriticalEvent
from storage.db.queries.critical import cases_between, events_between
from storage.db.session import UnitOfWork
from storage.domain.critical import SPOKEN, Basis, CaseAction, CaseState

TEN_MINUTES = timedelta(minutes=10)
"""The nation's limit; a county cannot change it."""


class Indicator(StrEnum):
    """The indicators by their national code."""

    RADIOLOGY = "RQI-RCV-04"
    ULTRASOUND = "US-CV-01"


class Outcome(StrEnum):
    """Why a case is in the numerator, or is not."""

    DONE = "done"
    ONE_SIDED = "one_sided"
    LATE = "late"
    NOT_TOLD = "not_told"


_RADIOLOGY = frozenset({"CR", "CT", "DR", "DX", "MG", "MR", "NM", "PT", "RF", "XA"})
_ULTRASOUND = frozenset({"US", "IVUS"})


@dataclass(frozen=True)
class Side:
    """What one side has on record: when, what was said or read back, who told, who received."""

    at: datetime | None
    content: str
    notifier: str
    receiver: str

    @property
    def is_complete(self) -> bool:
        return self.at is not None and all(one.strip() for one in (self.content, self.notifier, self.receiver))


@dataclass(frozen=True)
class CaseRecord:
    """A critical value as the indicators see it. `reached_at` is when a person at the clinic knew.

    That is when he was told by voice, or for a notice on a screen when he acknowledged it: nobody is told by a screen that
    nobody looks at.
    """

    institution: str
    modality: str
    basis: Basis
    basis_at: datetime | None
    is_false_alarm: bool
    centre: Sequence[Side]
    clinic: Sequence[Side]
    reached_at: datetime | None
    case_id: int = 0

    @property
    def minutes(self) -> float | None:
        """From the basis until a person at the clinic knew."""
        if self.basis_at is None or self.reached_at is None:
            return None
        return (self.reached_at - self.basis_at).total_seconds() / 60

    @property
    def outcome(self) -> "Outcome":
        """What it is to the indicator."""
        if self.reached_at is None:
            return Outcome.NOT_TOLD
        if not _is_in_time(self):
            return Outcome.LATE
        return Outcome.DONE if self.is_recorded_by_both else Outcome.ONE_SIDED

    @property
    def indicator(self) -> Indicator | None:
        """Which indicator counts it; an electrocardiogram is in neither."""
        if self.modality in _RADIOLOGY:
            return Indicator.RADIOLOGY
        return Indicator.ULTRASOUND if self.modality in _ULTRASOUND else None

    @property
    def is_recorded_by_both(self) -> bool:
        return any(one.is_complete for one in self.centre) and any(one.is_complete for one in self.clinic)

    @property
    def is_done(self) -> bool:
        """Told within ten minutes, and both sides can show it."""
        if self.basis_at is None or self.reached_at is None or not self.is_recorded_by_both:
            return False
        return self.reached_at - self.basis_at <= TEN_MINUTES


@dataclass(frozen=True)
class Rate:
    """Numerator and denominator; `one_sided` counts those in time that fail only because a side has no record.

    `minutes` are those from the basis until the clinic knew, of the cases that it knows of.
    """

    numerator: int
    denominator: int
    one_sided: int
    minutes: tuple[float, ...] = field(default=(), compare=False)

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None where nothing was to be told."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def median_minutes(self) -> float | None:
        """None where nobody has been told."""
        return median(self.minutes) if self.minutes else None


def rate(records: Iterable[CaseRecord], indicator: Indicator, since: datetime, until: datetime) -> Rate:
    """The indicator for what began in `since` <= t < `until`; false alarms do not count."""
    counted = counted_cases(records, indicator, since, until)
    return Rate(
        numerator=sum(one.is_done for one in counted),
        denominator=len(counted),
        one_sided=sum(one.outcome is Outcome.ONE_SIDED for one in counted),
        minutes=tuple(one.minutes for one in counted if one.minutes is not None),
    )


def counted_cases(
    records: Iterable[CaseRecord], indicator: Indicator, since: datetime, until: datetime
) -> list[CaseRecord]:
    """The cases of the denominator, as `rate` counts them."""
    return [
        one
        for one in records
        if one.indicator == indicator
        and not one.is_false_alarm
        and one.basis_at is not None
        and since <= one.basis_at < until
    ]


def by_month(
    records: Collection[CaseRecord], indicator: Indicator, since: datetime, until: datetime, zone: tzinfo
) -> dict[str, Rate]:
    """The indicator by month of the county's calendar, as `2026-03`; only months that have something to count."""
    months: defaultdict[str, list[CaseRecord]] = defaultdict(list)
    for one in counted_cases(records, indicator, since, until):
        if one.basis_at is not None:
            months[one.basis_at.astimezone(zone).strftime("%Y-%m")].append(one)
    return {month: rate(months[month], indicator, since, until) for month in sorted(months)}


def _is_in_time(record: CaseRecord) -> bool:
    if record.basis_at is None or record.reached_at is None:
        return False
    return record.reached_at - record.basis_at <= TEN_MINUTES


def rates(
    records: Collection[CaseRecord], since: datetime, until: datetime
) -> Mapping[Indicator, tuple[Rate, Mapping[str, Rate]]]:
    """Both indicators: of the county, and of every clinic that has something to count."""
    clinics = sorted({one.institution for one in records})
    return {
        indicator: (
            rate(records, indicator, since, until),
            {
                clinic: of_clinic
                for clinic in clinics
                if (
                    of_clinic := rate((r for r in records if r.institution == clinic), indicator, since, until)
                ).denominator
            },
        )
        for indicator in Indicator
    }


def records_between(work: UnitOfWork, since: datetime, until: datetime) -> list[CaseRecord]:
    """What is on record of the cases that began in this span; two queries."""
    grouped = groupby(events_between(work, since, until), key=lambda event: event.case_id)
    events = {case_id: list(found) for case_id, found in grouped}
    return [record_of(case, events.get(case.id, [])) for case in cases_between(work, since, until)]


def record_of(case: CriticalCase, events: Sequence[CriticalEvent]) -> CaseRecord:
    """A case as its events tell it."""
    told = [event for event in events if event.action == CaseAction.NOTIFY]
    heard = [event for event in events if event.action == CaseAction.ACKNOWLEDGE]
    return CaseRecord(
        institution=case.institution.code,
        modality=case.modality,
        basis=Basis(case.basis),
        basis_at=case.basis_at,
        is_false_alarm=case.state == CaseState.FALSE_ALARM,
        centre=[Side(event.happened_at, event.content, event.actor_name, event.other_side) for event in told],
        clinic=[
            Side(event.happened_at, event.content, event.other_side, str(event.detail.get("receiver", "")))
            for event in heard
            if event.actor_is_clinic
        ],
        reached_at=min(_moments(told, heard), default=None),
        case_id=case.id,
    )


def _moments(told: Iterable[CriticalEvent], heard: Iterable[CriticalEvent]) -> list[datetime]:
    spoken = [event.happened_at for event in told if event.method in SPOKEN]
    return [*spoken, *(event.happened_at for event in heard)]
