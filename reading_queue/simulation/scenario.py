"""What a month is made of, as a person writes it in TOML or JSON: examinations, readers, shifts, a roster, habits."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, time
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from reading_queue.rule_shapes import Shape, read_shape
from storage.domain.errors import Invalid, InvalidField
from storage.domain.reading import Priority

Chance = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[float, Field(ge=0, le=60_000, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Hours = Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=24, max_length=24)]

CLINIC_HOURS: Hours = (0, 0, 0, 0, 0, 0, 0.2, 2, 9, 13, 13, 9, 3, 4, 10, 11, 8, 4, 1, 0.5, 0.3, 0.2, 0, 0)
"""When routine examinations are made, hour by hour from midnight: two working half-days. An assumption, not a measurement."""
EMERGENCY_HOURS: Hours = (
    2,
    1.5,
    1.3,
    1.2,
    1.2,
    1.5,
    2.2,
    3.5,
    5,
    6,
    6,
    5.5,
    5,
    5,
    5.5,
    5.5,
    5.5,
    5.5,
    6,
    6.5,
    6,
    5,
    4,
    3,
)
"""When emergencies come: all day, most of them between morning and late evening. An assumption, not a measurement."""


class Times(Shape):
    """How long something takes: log-normal with this median and spread (of the logarithm), or exponential with this mean."""

    minutes: Minutes
    spread: Annotated[float, Field(ge=0, le=3)] = 0.5
    shape: Literal["lognormal", "exponential"] = "lognormal"


class Exam(Shape):
    """A kind of examination. `per_day` is the mean on a working day; on weekends and holidays emergencies come as ever, of
    everything else the share `day_off`.

    `mix` divides it into classes. `reading` and `audit` are the times at the screen, `upload` that from the start of the
    examination to the whole study; `retakes` is the chance that the reader sends it back.
    """

    name: Name
    modality: Name
    body_part: str = ""
    per_day: Annotated[float, Field(ge=0, le=100_000)]
    day_off: Annotated[float, Field(ge=0, le=10)] = 0.4
    mix: Mapping[Priority, Annotated[float, Field(ge=0)]] = Field(default_factory=lambda: {Priority.P2: 1.0})
    reading: Times | None = None
    audit: Times | None = None
    upload: Times = Times(minutes=12, spread=0.6)
    retakes: Chance = 0.0
    routine_hours: Hours = CLINIC_HOURS
    emergency_hours: Hours = EMERGENCY_HOURS


class ReaderPlan(Shape):
    """A reader. `licences` are modalities or groups, empty for everything; `pace` 1.2 takes a fifth less time."""

    name: Name
    licences: tuple[Name, ...] = ()
    audits: bool = False
    title: str = ""
    subspecialties: frozenset[str] = frozenset()
    pace: Annotated[float, Field(gt=0.1, le=10)] = 1.0


class ShiftPattern(Shape):
    """A kind of shift, by local time; over midnight where `ends` comes first. Null is everything."""

    name: Name
    starts: time
    ends: time
    modalities: tuple[Name, ...] | None = None
    priorities: frozenset[Priority] | None = None
    on_call: bool = False
    share: Annotated[float, Field(ge=0, le=1)] = 1.0


class RosterLine(Shape):
    """Who has which shift: on these days of the week (Monday is 1), or every so many days from the first day plus `offset` on."""

    reader: Name
    shift: Name
    weekdays: frozenset[Annotated[int, Field(ge=1, le=7)]] = frozenset()
    every_days: Annotated[int, Field(ge=0, le=366)] = 0
    offset: Annotated[int, Field(ge=0, le=366)] = 0

    def holds(self, day: date, first: date) -> bool:
        """Whether the shift is on `day` of a month that begins on `first`."""
        if self.every_days and (day - first).days % self.every_days != self.offset % self.every_days:
            return False
        return bool(self.every_days) if not self.weekdays else day.isoweekday() in self.weekdays


class Habits(Shape):
    """What else fills a day. After `break_after` minutes of work comes a break; on call, a case begins `call_out` minutes later.

    `rejects` is the chance that an auditor sends a draft back once, `rework` the share of the reading time that it costs.
    """

    break_after: Minutes = 110
    break_minutes: Minutes = 12
    call_out: Minutes = 15
    questions: Chance = 0.01
    answer: Times = Times(minutes=40, spread=0.8)
    rejects: Chance = 0.03
    rework: Chance = 0.35
    retake: Times = Times(minutes=120, spread=0.9)
    unreadable: Chance = 0.05


class FreeChoice(Shape):
    """How readers pick from a free list: see docs/simulation.md. `heed` is the share of picks that follow the classes.

    `insight` is how well the length of a case is seen before it is opened, 0 not at all, 1 exactly; `noise` is the scale of
    what else decides.
    """

    heed: Chance = 0.5
    insight: Chance = 0.5
    noise: Annotated[float, Field(gt=0, le=10)] = 0.3


class Scenario(Shape):
    """A month. `service_times`, `calendar`, `assignment` and `signatures` are laid over what the product ships."""

    name: str = ""
    first: date
    days: Annotated[int, Field(ge=1, le=400)] = 28
    zone: str = "Asia/Shanghai"
    clinics: Mapping[Name, Annotated[float, Field(ge=0)]] = Field(default_factory=lambda: {"t01": 1.0})
    exams: Annotated[tuple[Exam, ...], Field(min_length=1)]
    readers: Annotated[tuple[ReaderPlan, ...], Field(min_length=1)]
    shifts: Annotated[tuple[ShiftPattern, ...], Field(min_length=1)]
    roster: Annotated[tuple[RosterLine, ...], Field(min_length=1)]
    habits: Habits = Habits()
    free_choice: FreeChoice = FreeChoice()
    service_times: Mapping[str, Any] = Field(default_factory=dict)
    calendar: Mapping[str, Any] = Field(default_factory=dict)
    assignment: Mapping[str, Any] = Field(default_factory=dict)
    signatures: Mapping[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        readers, shifts = ({one.name for one in named} for named in (self.readers, self.shifts))
        for line in self.roster:
            if line.reader not in readers or line.shift not in shifts:
                raise ValueError(f"the roster names {line.reader} and {line.shift}, which are not both there")
        if not any(self.clinics.values()):
            raise ValueError("the clinics have no weight")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{self.zone} is not a time zone") from error
        return self


def parse_scenario(content: Mapping[str, Any]) -> Scenario:
    """Raises `InvalidField` naming what makes no sense."""
    return read_shape(Scenario, content)


def read_scenario(path: Path) -> Scenario:
    """A month out of a TOML or JSON file. Raises `Invalid` in words."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Invalid(f"{path} cannot be read as a scenario: {error}") from error
    try:
        return parse_scenario(content)
    except InvalidField as error:
        raise Invalid(f"{path}: {error.message}") from error


def example_text() -> str:
    """A documented month of a county, as TOML."""
    return files("reading_queue.simulation").joinpath("example.toml").read_text(encoding="utf-8")
