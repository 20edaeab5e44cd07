"""A roster for the small county: two shift kinds, and short ways to plan."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from reading_queue import rosters
from reading_queue.service import Actor
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import County

MONDAY = date(2026, 3, 9)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    """A moment by the county's clocks, which are eight hours before UTC."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    return datetime.fromtimestamp(local.timestamp() - 8 * 3600, UTC)


@dataclass
class Rostering:
    """Plans as the manager."""

    county: County

    @contextmanager
    def planning(self) -> Iterator[tuple[UnitOfWork, Actor]]:
        with self.county.write() as work:
            yield work, self.county.actor("manager")

    def kind(
        self,
        name: str,
        starts: time,
        ends: time,
        *,
        modalities: list[str] | None = None,
        priorities: list[Priority] | None = None,
        on_call: bool = False,
        phone: str = "",
    ) -> int:
        plan = rosters.ShiftPlan(
            name, starts, ends, modalities=modalities, priorities=priorities, on_call=on_call, phone=phone
        )
        with self.planning() as (work, manager):
            return rosters.save_kind(work, manager, plan).id

    def day_shift(self) -> int:
        return self.kind("白班", time(8), time(17, 30), phone="0711-1001")

    def night_shift(self) -> int:
        return self.kind("夜班", time(20), time(8), priorities=[Priority.P0, Priority.P1])

    def put(self, username: str, kind_id: int, day: date = MONDAY, **more: object) -> int:
        with self.planning() as (work, manager):
            return rosters.put_shift(work, manager, rosters.ShiftOf(username, kind_id, day, **more)).id  # type: ignore[arg-type]

    def present(self, moment: datetime) -> list[str]:
        with self.county.database.read() as work:
            names = {self.county.user(name).id: name for name in ("radiologist", "radiologist2", "auditor", "ecg")}
            return [names[duty.user_id] for duty in rosters.on_duty(work, moment) if duty.user_id in names]
