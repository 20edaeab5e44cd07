"""The service times and the working calendar as data: versioned, effective-dated, editable per county.

Every figure is a default with the anchor named in the county's reading rules: P1 and P2 follow the hospital rule
"emergency X-ray 30 min, emergency CT/MR 1 h, head 0.5 h; routine X-ray 2 h, outpatient CT/MR 4 working hours".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from reading_queue.calendars import WorkingCalendar
from storage.domain.reading import Priority


@dataclass(frozen=True)
class Target:
    """Minutes from ready to the final report: what is aimed at, and what may never be passed.

    `working` counts them in the centre's working hours alone; otherwise nights and holidays count.
    """

    target: float
    maximum: float
    working: bool


@dataclass(frozen=True)
class Policy:
    """One version of the service times, in force from `effective_from`.

    `targets` is by class and group of modalities, `head_targets` the same for a head CT or MR where it differs.
    `groups` puts modalities (0008,0060) into groups; one that is not named is read like an X-ray.
    `one_signature` names the modalities whose reader may sign alone.
    """

    version: str
    effective_from: date
    targets: Mapping[tuple[Priority, str], Target]
    head_targets: Mapping[tuple[Priority, str], Target]
    groups: Mapping[str, str]
    one_signature: frozenset[str]

    def row_for(self, priority: Priority, modality: str, body_part: str) -> str:
        """The name of the row that applies; `target` finds it again, also after the policy has been replaced."""
        group = self.groups.get(modality, XRAY)
        is_head = _is_head(body_part) and (priority, group) in self.head_targets
        return "/".join([self.version, priority, group, *([HEAD] if is_head else [])])

    def target(self, row: str) -> Target:
        """The figures of a row that `row_for` named."""
        _, priority, group, *head = row.split("/")
        return (self.head_targets if head else self.targets)[Priority(priority), group]


ECG, XRAY, SECTIONAL, ULTRASOUND, HEAD = "ECG", "XRAY", "CT_MR", "US", "HEAD"
_P0, _P1, _P2, _P3 = Priority

ACCEPT_WITHIN = timedelta(minutes=10)
"""How long an assigned reader has to claim."""

ANSWER_WITHIN = timedelta(hours=24)
"""How long the clinic has to answer, and the longest pause of clock B."""

LEASE_GRACE = timedelta(minutes=2)
"""How long a holder may still write after the lease ran out, as long as nobody else has claimed."""

REGULATORY_BOUND = timedelta(hours=2)
"""RQI-RRC-02: emergency X-ray and CT reports within two hours of the start of the examination."""

REGULATED_PRIORITIES = frozenset({_P0, _P1})
REGULATED_MODALITIES = frozenset({"CR", "CT", "DR", "DX", "MG", "PX", "RF", "RG"})

ESCALATION_STEPS = (0.5, 0.75, 1.0, 1.5)
"""Shares of the maximum of clock B: owner nudged, pool widened, breached, medical affairs told."""

WIDENED, BREACHED = 2, 3
"""Levels of escalation that change who may take a task."""

SOON = 0.75
"""The share of the target after which a task is due soon."""

_GROUPS = {
    **dict.fromkeys(("ECG", "EPS", "HD"), ECG),
    **dict.fromkeys(("CT", "MR", "PT", "NM"), SECTIONAL),
    **dict.fromkeys(("US", "IVUS"), ULTRASOUND),
    **dict.fromkeys(("CR", "DR", "DX", "IO", "MG", "PX", "RF", "RG", "XA"), XRAY),
}

POLICY_2026 = Policy(
    version="2026-01",
    effective_from=date(2026, 1, 1),
    targets={
        (_P0, ECG): Target(5, 10, working=False),
        (_P0, XRAY): Target(15, 20, working=False),
        (_P0, SECTIONAL): Target(20, 30, working=False),
        (_P0, ULTRASOUND): Target(20, 30, working=False),
        (_P1, ECG): Target(10, 15, working=False),
        (_P1, XRAY): Target(20, 30, working=False),
        (_P1, SECTIONAL): Target(40, 60, working=False),
        (_P1, ULTRASOUND): Target(30, 60, working=False),
        (_P2, ECG): Target(30, 60, working=True),
        (_P2, XRAY): Target(60, 120, working=True),
        (_P2, SECTIONAL): Target(180, 240, working=True),
        (_P2, ULTRASOUND): Target(60, 120, working=True),
        (_P3, ECG): Target(120, 480, working=True),
        (_P3, XRAY): Target(480, 1440, working=True),
        (_P3, SECTIONAL): Target(360, 1440, working=True),
        (_P3, ULTRASOUND): Target(480, 1440, working=True),
    },
    head_targets={
        (_P0, SECTIONAL): Target(15, 20, working=False),
        (_P1, SECTIONAL): Target(20, 30, working=False),
    },
    groups=_GROUPS,
    one_signature=frozenset({"ECG"}),
)

POLICIES = (POLICY_2026,)


def policy_at(day: date) -> Policy:
    """The policy in force on `day`; before the first, the first."""
    in_force = [policy for policy in POLICIES if policy.effective_from <= day]
    return max(in_force or POLICIES[:1], key=lambda policy: policy.effective_from)


def policy_of(row: str) -> Policy:
    """The policy that a row belongs to."""
    version = row.partition("/")[0]
    return next(policy for policy in POLICIES if policy.version == version)


def _is_head(body_part: str) -> bool:
    return any(word in body_part.upper() for word in ("HEAD", "BRAIN", "SKULL", "头", "颅", "脑"))


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


CENTRE_CALENDAR = WorkingCalendar(
    zone=ZoneInfo("Asia/Shanghai"),
    weekdays=frozenset(range(5)),
    hours=((time(8), time(12)), (time(13, 30), time(17, 30))),
    holidays=frozenset(
        _days(date(2026, 1, 1), date(2026, 1, 3))  # New Year
        | _days(date(2026, 2, 15), date(2026, 2, 23))  # Spring Festival
        | _days(date(2026, 4, 4), date(2026, 4, 6))  # Qingming
        | _days(date(2026, 5, 1), date(2026, 5, 5))  # Labour Day
        | _days(date(2026, 6, 19), date(2026, 6, 21))  # Dragon Boat
        | _days(date(2026, 9, 25), date(2026, 9, 27))  # Mid-Autumn
        | _days(date(2026, 10, 1), date(2026, 10, 7))  # National Day
    ),
    workdays=frozenset(
        {
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        }
    ),
)
"""The county centre's hours, with the public holidays and make-up workdays of 2026 (State Council notice)."""
