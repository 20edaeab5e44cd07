"""People and sweeps that race for the same critical case, each in a process of his own; module-level, to be sent to one."""

from typing import Any

from sqlalchemy import select

from reading_queue.critical import caring, raising
from reading_queue.critical.caring import Heard
from reading_queue.critical.chasing import chase_critical_values
from reading_queue.service import SYSTEM, Actor
from storage.db.models import User
from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from storage.domain.critical import CaseSource
from storage.domain.errors import Conflict


def _actor(database: Database, username: str) -> Actor:
    with database.read() as work:
        return Actor.of(work.session.execute(select(User).where(User.username == username)).scalar_one())


def take_part(
    barrier: Any, url: str, clock: ManualClock, receiver: str, cases: list[int], studies: list[int]
) -> tuple[list[int], list[int]]:
    """Acknowledge every case for `receiver`, or sweep where that is nobody; then raise the same of every study.

    The cases that this one was the first to acknowledge, and those of the studies.
    """
    database = Database(make_engine(url, pool_size=1), clock)
    clinic, reader = _actor(database, "clinic01"), _actor(database, "radiologist")
    barrier.wait()
    won = _acknowledge(database, clinic, receiver, cases) if receiver else _sweep(database)
    return won, [_raise(database, reader, study_id) for study_id in studies]


def _acknowledge(database: Database, clinic: Actor, receiver: str, cases: list[int]) -> list[int]:
    won = []
    for case_id in cases:
        try:
            with database.write() as work:
                caring.acknowledge(work, case_id, clinic, Heard(receiver, "知道了"))
        except Conflict:
            continue
        won.append(case_id)
    return won


def _sweep(database: Database) -> list[int]:
    for _ in range(5):
        chase_critical_values(database, None)  # type: ignore[arg-type]
    return []


def _raise(database: Database, reader: Actor, study_id: int) -> int:
    with database.write() as work:
        case_id = raising.suspect(work, study_id, "RAD-ICH", CaseSource.DEVICE, actor=SYSTEM).id
    with database.write() as work:
        assert raising.discover(work, study_id, reader, "RAD-ICH", "左侧脑出血").id == case_id
    return case_id
