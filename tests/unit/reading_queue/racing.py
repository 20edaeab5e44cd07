"""Readers who race each other, each in a process of his own; module-level, so that it can be sent to one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from reading_queue import rulebook, service
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.assignment.rules import SHIPPED
from reading_queue.service import Actor
from storage.db.models import User
from storage.db.queries.tasks import events_of
from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from storage.domain.errors import Conflict
from storage.domain.readiness import ReadyTimes, SignalKind
from storage.domain.reading import Role
from tests.services.forking import forking
from tests.unit.reading_queue.arriving import SLOW, Arriving
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

_DEADLINE = 100


def race(job: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """What `job` returned in each process; they begin together."""
    context = forking()
    with context.Manager() as manager:
        barrier = manager.Barrier(len(arguments))
        with context.Pool(len(arguments)) as pool:
            outcome = pool.starmap_async(job, [(barrier, *given) for given in arguments])
            return outcome.get(_DEADLINE)


def _open(url: str, clock: ManualClock) -> Database:
    return Database(make_engine(url, pool_size=1), clock)


def _actor(database: Database, username: str) -> Actor:
    with database.read() as work:
        return Actor.of(work.session.execute(select(User).where(User.username == username)).scalar_one())


def take_all(barrier: Any, url: str, clock: ManualClock, username: str) -> list[int]:
    """Ask for the next case until there is none; the identities of what this reader got."""
    database = _open(url, clock)
    actor = _actor(database, username)
    barrier.wait()
    taken = []
    while True:
        with database.write() as work:
            lease = service.next_task(work, actor, lease_minutes=LEASE_MINUTES)
        if lease is None:
            return taken
        taken.append(lease.task.id)


def take_planned(barrier: Any, url: str, clock: ManualClock, username: str) -> list[int]:
    """The same as the API does it: choose without a lock, then take, in several threads."""
    database = Database(make_engine(url, pool_size=3), clock)
    actor = _actor(database, username)
    barrier.wait()

    def take() -> list[int]:
        taken = []
        while lease := service.ask_next(database, actor, lease_minutes=LEASE_MINUTES):
            taken.append(lease.task.id)
        return taken

    with ThreadPoolExecutor(3) as pool:
        return [one for taken in pool.map(lambda _: take(), range(3)) for one in taken]


def editions_asked(barrier: Any, url: str, clock: ManualClock, username: str) -> list[int]:
    """One process asks three times; the other, without a name, publishes rules in between, for now and for ten minutes on."""
    database = _open(url, clock)
    found = []
    for minutes in (0, 10, None):
        if username:
            found.append(_edition_asked(database, _actor(database, username)))
        barrier.wait()
        if not username and minutes is not None:
            with database.write() as work:
                begins = work.now + timedelta(minutes=minutes)
                rulebook.publish(work, _actor(database, "manager"), ASSIGNMENT, SHIPPED, effective_from=begins)
        barrier.wait()
        clock.advance(minutes=minutes or 0)
    return found


def _edition_asked(database: Database, actor: Actor) -> int:
    lease = service.ask_next(database, actor, lease_minutes=LEASE_MINUTES)
    assert lease is not None
    with database.read() as work:
        edition: int = events_of(work, lease.task.id)[-1].detail["choice"]["edition"]
        return edition


def claim_each(barrier: Any, url: str, clock: ManualClock, username: str, task_ids: list[int]) -> list[int]:
    """Claim every task by its number; the identities of what this reader got."""
    database = _open(url, clock)
    actor = _actor(database, username)
    barrier.wait()
    taken = []
    for task_id in task_ids:
        try:
            with database.write() as work:
                service.claim(work, task_id, actor, lease_minutes=LEASE_MINUTES)
        except Conflict:
            continue
        taken.append(task_id)
    return taken


def sign_each(barrier: Any, url: str, clock: ManualClock, leases: list[tuple[int, str]], *, fail_every: int = 3) -> int:
    """Sign each, but let every third transaction fail after the signature first; how many were signed."""
    database = _open(url, clock)
    actor = _actor(database, "ecg")
    barrier.wait()
    for number, (task_id, token) in enumerate(leases):
        if number % fail_every == 0:
            with suppress(DBAPIError), database.write() as work:
                service.sign(work, task_id, actor, token, REPORT)
                work.session.execute(text("SELECT 1 FROM there_is_no_such_table"))
        with database.write() as work:
            service.sign(work, task_id, actor, token, REPORT)
    return len(leases)


def bring_and_open(
    barrier: Any, url: str, clock: ManualClock, lists: dict[int, list[str]], mine: list[tuple[int, str]]
) -> list[int]:
    """Bring these objects (study, SOP Instance UID), tell each study's whole list before and after, and look each time."""
    database = _open(url, clock)
    county = County(database, clock)
    opened: list[int] = []
    barrier.wait()
    for study_id, uid in mine:
        arriving = Arriving(county, study_id)
        arriving.say(SignalKind.PERFORMED, lists[study_id])
        arriving.image(uid)
        with database.write() as work:
            opened += service.open_ready_studies(work, SLOW)
    return opened


def open_all(barrier: Any, url: str, clock: ManualClock) -> list[int]:
    """Look for ready studies a few times, as several gateways and workers do."""
    database = _open(url, clock)
    barrier.wait()
    opened: list[int] = []
    for _ in range(5):
        with database.write() as work:
            opened += service.open_ready_studies(work, ReadyTimes(idle=10))
    return opened


def sign_one(barrier: Any, url: str, clock: ManualClock, username: str, task_id: int, token: str) -> int:
    """Sign under one lease, as a second window and a repeated request do; the version's row."""
    database = _open(url, clock)
    actor = _actor(database, username)
    barrier.wait()
    with database.write() as work:
        return service.sign(work, task_id, actor, token, REPORT).id


def amend_or_confirm(barrier: Any, url: str, clock: ManualClock, username: str, task_id: int) -> int:
    """Amend the report a few times, or as a clinic confirm its first version as often; how often it was done."""
    database = _open(url, clock)
    actor = _actor(database, username)
    barrier.wait()
    for _ in range(3):
        with database.write() as work:
            if actor.role == Role.CLINIC:
                service.receipt(work, 1, actor)
            else:
                service.amend(work, task_id, actor, REPORT, "更正错字")
    return 3
