"""The service times as the clocks use them: which figures apply to a case, and how long things may wait. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reading_queue.calendars import parse_calendar
from reading_queue.holidays import SHIPPED_CALENDAR
from reading_queue.policy_content import (
    ECG,
    HEAD,
    HOLTER,
    SECTIONAL,
    SHIPPED_TIMES,
    ULTRASOUND,
    XRAY,
    Figures,
    ServiceTimes,
    Variant,
)
from reading_queue.rule_shapes import read_shape
from storage.domain.reading import Priority

__all__ = ["ECG", "HEAD", "HOLTER", "SECTIONAL", "ULTRASOUND", "XRAY", "Case", "Policy", "Target", "parse_policy"]

NUDGED, WIDENED, BREACHED, AFFAIRS = 1, 2, 3, 4
"""Levels of escalation: the owner told, the pool widened, the maximum passed, medical affairs told."""


@dataclass(frozen=True)
class Target:
    """Minutes from ready to the final report: what is aimed at, and what may never be passed.

    `working` counts them in the centre's working hours alone; otherwise nights and holidays count.
    """

    target: float
    maximum: float
    working: bool


@dataclass(frozen=True)
class Case:
    """What the service times ask of a case. `institution` is the code of the clinic."""

    priority: Priority
    modality: str
    body_part: str = ""
    description: str = ""
    institution: str = ""
    sop_classes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Policy:
    """An edition of the service times."""

    content: ServiceTimes

    def row_for(self, case: Case) -> str:
        """The name of the row that applies, like `P1/CT_MR/HEAD`; with `@` and the code where a contract has a say."""
        key = self._key(case)
        contracted = f"@{case.institution}" if case.institution in self.content.contracts else ""
        return f"{case.priority}/{key}{contracted}"

    def variant_row(self, row: str, key: str) -> str:
        """The row of the same class and contract for a kind in a group, like `CT_MR/HEAD`; as it is when there is none."""
        place, at, code = row.partition("@")
        priority = place.partition("/")[0]
        return f"{priority}/{key}{at}{code}" if self._figures(Priority(priority), key, code) else row

    def target(self, row: str) -> Target:
        """The figures of a row that `row_for` named. Raises `KeyError` for one that this edition does not have."""
        place, _, code = row.partition("@")
        priority, _, key = place.partition("/")
        found = self._figures(Priority(priority), key, code) or self._figures(
            Priority(priority), key.split("/")[0], code
        )
        if found is None:
            raise KeyError(row)
        hours = found.working if found.working is not None else Priority(priority) in self.content.working
        return Target(found.target, found.maximum, working=hours)

    def centre_of(self, row: str) -> str:
        """The centre whose hours count for a row; empty for the county's."""
        contract = self.content.contracts.get(row.partition("@")[2])
        return contract.centre if contract else ""

    def group_of(self, modality: str) -> str:
        """The group that a modality (0008,0060) is read in."""
        return next((name for name, members in self.content.groups.items() if modality in members), self.content.other)

    def asks_sop_classes(self, modality: str) -> bool:
        """Whether the SOP classes of such a study decide which figures apply."""
        group = self.group_of(modality)
        return any(variant.sop_classes for variant in self.content.variants if variant.group == group)

    @property
    def steps(self) -> tuple[float, ...]:
        """Shares of the maximum of clock B, level by level."""
        steps = self.content.escalation
        return (steps.nudge, steps.widen, steps.breach, steps.affairs)

    @property
    def accept_within(self) -> timedelta:
        """How long a named reader has to claim."""
        return timedelta(minutes=self.content.waits.accept_minutes)

    @property
    def answer_within(self) -> timedelta:
        """How long the clinic has to answer, and the longest pause of clock B."""
        return timedelta(hours=self.content.waits.answer_hours)

    @property
    def lease_grace(self) -> timedelta:
        """How long a holder may still write after the lease ran out, as long as nobody else has claimed."""
        return timedelta(minutes=self.content.waits.grace_minutes)

    def unmanned_wait(self, priority: Priority) -> timedelta:
        """How long a case of this class waits for the next shift before everybody may take it."""
        return timedelta(minutes=self.content.waits.unmanned_minutes.get(priority, 0))

    def unclaimed_wait(self, priority: Priority) -> timedelta | None:
        """After how long without a reader the duty phone is called; None for never."""
        minutes = self.content.waits.unclaimed_minutes.get(priority)
        return None if minutes is None else timedelta(minutes=minutes)

    def regulatory_bound(self, priority: Priority, modality: str) -> timedelta | None:
        """How long clock A may count for a case of this kind; None where the regulator does not ask."""
        rule = self.content.regulatory
        asked = priority in rule.priorities and modality in rule.modalities
        return timedelta(minutes=rule.minutes) if asked else None

    @property
    def regulatory_warning(self) -> timedelta:
        """How long before the end of clock A somebody is warned."""
        return timedelta(minutes=self.content.regulatory.warn_minutes)

    def is_of_a_van(self, institution: str, device: str) -> bool:
        """Whether routine studies of this clinic or calling AE title come from a mobile van."""
        vans = self.content.vans
        return institution in vans.institutions or device in vans.devices

    def _key(self, case: Case) -> str:
        group = self.group_of(case.modality)
        for variant in self.content.variants:
            key = f"{group}/{variant.name}"
            if variant.group == group and _is(variant, case) and self._figures(case.priority, key, case.institution):
                return key
        return group

    def _figures(self, priority: Priority, key: str, code: str) -> Figures | None:
        contract = self.content.contracts.get(code)
        own = contract.targets.get(priority, {}).get(key) if contract else None
        return own or self.content.targets[priority].get(key)


def parse_policy(content: Mapping[str, Any]) -> Policy:
    """An edition as the county wrote it. Raises `InvalidField`."""
    return Policy(read_shape(ServiceTimes, content))


def _is(variant: Variant, case: Case) -> bool:
    told = f"{case.body_part} {case.description}".upper()
    return any(word.upper() in told for word in variant.words) or not case.sop_classes.isdisjoint(variant.sop_classes)


SHIPPED_POLICY = parse_policy(SHIPPED_TIMES)
"""What the product ships, in force until the county publishes its own."""

ACCEPT_WITHIN = SHIPPED_POLICY.accept_within
ANSWER_WITHIN = SHIPPED_POLICY.answer_within
LEASE_GRACE = SHIPPED_POLICY.lease_grace

CENTRE_CALENDAR = parse_calendar(SHIPPED_CALENDAR).working(ZoneInfo("Asia/Shanghai"))
"""The shipped calendar in the time zone of China."""
