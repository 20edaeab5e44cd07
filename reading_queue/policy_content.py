"""The service times as the county writes them, and as the product ships them.

The figures are those of the county's reading rules: P1 and P2 follow the hospital rule "emergency X-ray 30 min, emergency
CT/MR 1 h, head 0.5 h; routine X-ray 2 h, outpatient CT/MR 4 working hours; inpatient 6 working hours, difficult cases
24 h", and the two hours of clock A are RQI-RRC-02.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from reading_queue.rule_shapes import Shape
from storage.domain.reading import Priority

ECG, XRAY, SECTIONAL, ULTRASOUND = "ECG", "XRAY", "CT_MR", "US"
HEAD, COMPLEX, HOLTER = "HEAD", "COMPLEX", "HOLTER"
_MONTH_OF_MINUTES = 31 * 24 * 60

Minutes = Annotated[float, Field(gt=0, le=_MONTH_OF_MINUTES, allow_inf_nan=False)]
Wait = Annotated[float, Field(ge=0, le=_MONTH_OF_MINUTES, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/@]+$")]
Table = Mapping[Priority, Mapping[str, "Figures"]]


class Figures(Shape):
    """Minutes from ready to the final report. `working` is null where the class says which hours count."""

    target: Minutes
    maximum: Minutes
    working: bool | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.maximum < self.target:
            raise ValueError("the maximum is shorter than the target")
        return self


class Variant(Shape):
    """A kind of case inside a group that has figures of its own, told by words of the examination or by SOP classes."""

    name: Name
    group: Name
    words: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    sop_classes: tuple[str, ...] = ()


class Steps(Shape):
    """Shares of the maximum of clock B at which somebody is told."""

    nudge: Share
    widen: Share
    breach: Share
    affairs: Share

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(later <= earlier for earlier, later in pairwise((self.nudge, self.widen, self.breach, self.affairs))):
            raise ValueError("each step must come after the one before it")
        return self


class Waits(Shape):
    """How long a named reader has to claim, the clinic to answer, a holder to write after his lease; and the rest in minutes.

    `unmanned_minutes`: how long a class waits for the next shift before everybody may take it; `unclaimed_minutes`: after
    how long without a reader the duty phone is called.
    """

    accept_minutes: Minutes
    answer_hours: Annotated[float, Field(gt=0, le=31 * 24)]
    grace_minutes: Wait
    unmanned_minutes: Mapping[Priority, Wait]
    unclaimed_minutes: Mapping[Priority, Minutes]


class Shares(Shape):
    """How the maximum is divided between the reader and the auditor."""

    read: Annotated[float, Field(gt=0, le=1)]
    audit: Annotated[float, Field(ge=0, lt=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if abs(self.read + self.audit - 1) > 1e-9:  # noqa: PLR2004 - rounding of two decimal fractions
            raise ValueError("the two shares must make 1 together")
        return self


class Regulatory(Shape):
    """Clock A: from the start of the examination, never paused; somebody is warned `warn_minutes` before its end."""

    minutes: Minutes
    warn_minutes: Wait
    priorities: frozenset[Priority]
    modalities: frozenset[Name]


class GreenChannel(Shape):
    """For how long other studies of the patient join his green-channel case."""

    window_hours: Annotated[float, Field(gt=0, le=31 * 24)]


class Contract(Shape):
    """A clinic's own figures where they differ, and the centre whose hours count for it, empty for the county's."""

    centre: str = ""
    targets: Table = Field(default_factory=dict)


class Vans(Shape):
    """Whose routine studies are P3: institutions by code, devices by calling AE title."""

    institutions: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()


class ServiceTimes(Shape):
    """An edition of the service times. `targets` is by class, then by group (`CT_MR`) or kind in a group (`CT_MR/HEAD`)."""

    groups: Mapping[Name, frozenset[Name]]
    other: Name
    variants: tuple[Variant, ...]
    working: frozenset[Priority]
    targets: Table
    escalation: Steps
    waits: Waits
    shares: Shares
    soon: Annotated[float, Field(gt=0, le=1)]
    regulatory: Regulatory
    green_channel: GreenChannel
    compliance: Mapping[Priority, Annotated[float, Field(gt=0, le=1)]]
    vans: Vans = Vans()
    contracts: Mapping[Name, Contract] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self._check_groups()
        for priority in Priority:
            missing = sorted(set(self.groups) - set(self.targets.get(priority, {})))
            if missing:
                raise ValueError(f"targets.{priority} lacks {', '.join(missing)}")
        known = {*self.groups, *(f"{one.group}/{one.name}" for one in self.variants)}
        for table in (self.targets, *(contract.targets for contract in self.contracts.values())):
            unknown = sorted({key for rows in table.values() for key in rows} - known)
            if unknown:
                raise ValueError(f"targets name {', '.join(unknown)}, which is neither a group nor a variant")
        return self

    def _check_groups(self) -> None:
        if self.other not in self.groups:
            raise ValueError(f"other is {self.other}, which is not a group")
        strange = sorted({one.group for one in self.variants} - set(self.groups))
        if strange:
            raise ValueError(f"variants name {', '.join(strange)}, which is not a group")
        modalities = [modality for members in self.groups.values() for modality in members]
        twice = sorted({one for one in modalities if modalities.count(one) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is in more than one group")


def _figures(target: float, maximum: float, **more: bool) -> dict[str, Any]:
    return {"target": target, "maximum": maximum, **more}


_HOLTER = _figures(1440, 2880, working=False)

SHIPPED_TIMES: Mapping[str, Any] = {
    "groups": {
        ECG: ["ECG", "EPS", "HD"],
        XRAY: ["CR", "DR", "DX", "IO", "MG", "PX", "RF", "RG", "XA"],
        SECTIONAL: ["CT", "MR", "NM", "PT"],
        ULTRASOUND: ["IVUS", "US"],
    },
    "other": XRAY,
    "variants": [
        {
            "name": HOLTER,
            "group": ECG,
            "words": ["HOLTER", "AMBULATORY", "动态"],
            "sop_classes": ["1.2.840.10008.5.1.4.1.1.9.1.3"],
        },
        {"name": COMPLEX, "group": SECTIONAL, "words": ["疑难", "COMPLEX"]},
        {"name": HEAD, "group": SECTIONAL, "words": ["HEAD", "BRAIN", "SKULL", "头", "颅", "脑"]},
    ],
    "working": ["P2", "P3"],
    "targets": {
        "P0": {
            ECG: _figures(5, 10),
            XRAY: _figures(15, 20),
            SECTIONAL: _figures(20, 30),
            f"{SECTIONAL}/{HEAD}": _figures(15, 20),
            ULTRASOUND: _figures(20, 30),
        },
        "P1": {
            ECG: _figures(10, 15),
            f"{ECG}/{HOLTER}": _HOLTER,
            XRAY: _figures(20, 30),
            SECTIONAL: _figures(40, 60),
            f"{SECTIONAL}/{HEAD}": _figures(20, 30),
            ULTRASOUND: _figures(30, 60),
        },
        "P2": {
            ECG: _figures(30, 60),
            f"{ECG}/{HOLTER}": _HOLTER,
            XRAY: _figures(60, 120),
            SECTIONAL: _figures(180, 240),
            ULTRASOUND: _figures(60, 120),
        },
        "P3": {
            ECG: _figures(120, 480),
            f"{ECG}/{HOLTER}": _HOLTER,
            XRAY: _figures(480, 1440),
            SECTIONAL: _figures(360, 1440),
            f"{SECTIONAL}/{COMPLEX}": _figures(1440, 1440),
            ULTRASOUND: _figures(480, 1440),
        },
    },
    "escalation": {"nudge": 0.5, "widen": 0.75, "breach": 1.0, "affairs": 1.5},
    "waits": {
        "accept_minutes": 10,
        "answer_hours": 24,
        "grace_minutes": 2,
        "unmanned_minutes": {"P0": 0, "P1": 0, "P2": 240, "P3": 240},
        "unclaimed_minutes": {"P0": 2},
    },
    "shares": {"read": 0.7, "audit": 0.3},
    "soon": 0.75,
    "regulatory": {
        "minutes": 120,
        "warn_minutes": 30,
        "priorities": ["P0", "P1"],
        "modalities": ["CR", "CT", "DR", "DX", "MG", "PX", "RF", "RG"],
    },
    "green_channel": {"window_hours": 24},
    "compliance": {"P0": 0.95, "P1": 0.95, "P2": 0.90, "P3": 0.90},
    "vans": {"institutions": [], "devices": []},
    "contracts": {},
}
