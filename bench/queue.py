"""The reading queue under load: the next case, a burst, the worklist, the clocks, contested claims; SQLite and PostgreSQL.

    .venv/bin/python -m bench.queue [--tasks 1000000] [--open 100000] [--seconds 20] [--contested 100000]
                                    [--world embedded|server|both]

Readers ask in processes and threads of their own, at times that were fixed before: an answer that comes late is late from
when it was asked for, not from when there was time to ask. The baseline is a queue without rules: one statement that takes
what is due first (`ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`), and the same claim.
"""

import argparse
import itertools
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from bench._county_of_tasks import NOW, READERS, Running, fill
from reading_queue import service
from reading_queue.service import Actor, Lease
from reading_queue.service.stepping import allow_locked
from storage.db.migrate import upgrade
from storage.db.models import ReadingTask, TaskEvent, User
from storage.db.queries.tasks import TaskFilter, list_tasks
from storage.db.session import Database, UnitOfWork, make_engine
from storage.domain.errors import Conflict
from storage.domain.identifiers import new_uid
from storage.domain.reading import Action, Priority, TaskState
from tests.services.postgres import PostgresServer

PROCESSES, THREADS = 2, 12
ASKS_PER_SECOND = 100
CLAIMERS, OFTEN = 8, 8
DUE = 100
LEASE = 10.0

Ask = Callable[[Database, Actor], Lease | None]


@dataclass(frozen=True)
class Plan:
    """What one process does: these readers ask, each at his moment after the start."""

    url: str
    way: str
    asks: tuple[tuple[int, float], ...]


def main() -> None:
    """Run all of it in one world or in both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--contested", type=int, default=100_000)
    parser.add_argument("--world", choices=("embedded", "server", "both"), default="both")
    wanted = parser.parse_args()
    if wanted.world != "server":
        with tempfile.TemporaryDirectory() as folder:
            _run("SQLite", f"sqlite:///{Path(folder) / 'county.sqlite'}", wanted)
    if wanted.world != "embedded":
        server = PostgresServer(durable=True)
        server.start()
        try:
            _run("PostgreSQL", server.create_database(), wanted)
        finally:
            server.stop()


def _run(name: str, url: str, wanted: argparse.Namespace) -> None:
    engine = make_engine(url)
    upgrade(engine)
    database = Database(engine, Running())
    started = time.monotonic()
    fill(database, wanted.tasks, wanted.open)
    print(
        f"\n### {name}: {wanted.tasks} tasks, {wanted.open} of them open (made in {time.monotonic() - started:.0f} s)\n"
    )
    print("| what | n | median ms | p95 ms | longest ms |\n|---|---|---|---|---|", flush=True)
    for way in ("next", "baseline"):
        _line(f"{way}, {ASKS_PER_SECOND} asks a second", _at_a_rate(url, way, wanted.seconds))
        _line(f"{way}, {READERS} at one instant", _at_once(url, way))
    _line("a page of the worklist", list(_pages(database)))
    _line(f"a tick with {DUE} due", list(_ticks(database)))
    _contest(url, database, wanted.contested)
    _check(database)
    engine.dispose()


def _line(what: str, seconds: list[float]) -> None:
    ordered = sorted(1000 * one for one in seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"| {what} | {len(ordered)} | {statistics.median(ordered):.1f} | {p95:.1f} | {ordered[-1]:.1f} |", flush=True)


def _at_a_rate(url: str, way: str, seconds: int) -> list[float]:
    asks = [(number % READERS, number / ASKS_PER_SECOND) for number in range(seconds * ASKS_PER_SECOND)]
    return _ask_all(url, way, asks)


def _at_once(url: str, way: str) -> list[float]:
    return _ask_all(url, way, [(number, 0.0) for number in range(READERS)])


def _ask_all(url: str, way: str, asks: list[tuple[int, float]]) -> list[float]:
    plans = [Plan(url, way, tuple(asks[n::PROCESSES])) for n in range(PROCESSES)]
    return list(itertools.chain.from_iterable(_in_processes(ask_in_time, plans)))


def _in_processes(job: Callable[..., Any], given: Iterable[Any]) -> list[Any]:
    arguments = list(given)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(len(arguments)) as pool:
        barrier = manager.Barrier(len(arguments))
        return pool.starmap(job, [(barrier, one) for one in arguments])


def ask_in_time(barrier: Any, plan: Plan) -> list[float]:
    """Ask at the planned moments; how long after each moment the reader had his case."""
    database = Database(make_engine(plan.url, pool_size=THREADS), Running())
    actors = _actors(database)
    ask = {"next": _next, "baseline": _due_first}[plan.way]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: _warm(database), range(THREADS)))
        barrier.wait()
        start = time.monotonic()
        taken = list(pool.map(lambda one: _asked(database, ask, actors[one[0]], start + one[1]), plan.asks))
    database.engine.dispose()
    return taken


def _warm(database: Database) -> None:
    """Open this thread's connection."""
    with database.read() as work:
        work.session.execute(select(func.count(User.id))).scalar_one()
    time.sleep(0.01)


def _asked(database: Database, ask: Ask, actor: Actor, moment: float) -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    lease = ask(database, actor)
    elapsed = time.monotonic() - moment
    if lease is None:
        raise SystemExit("There was nothing left to read: more open tasks are needed for this rate.")
    _finish(database, lease.task.id)
    return elapsed


def _next(database: Database, actor: Actor) -> Lease | None:
    """As the API does it."""
    return service.ask_next(database, actor, lease_minutes=LEASE)


def _due_first(database: Database, actor: Actor) -> Lease | None:
    with database.write() as work:
        return _take_due_first(work, actor)


def _take_due_first(work: UnitOfWork, actor: Actor) -> Lease | None:
    query = select(ReadingTask).where(ReadingTask.state == TaskState.QUEUED)
    if actor.modalities is not None:
        query = query.where(ReadingTask.modality.in_(actor.modalities))
    first = query.order_by(ReadingTask.due_at).limit(1).with_for_update(of=ReadingTask, skip_locked=True)
    task = work.session.execute(first).scalar_one_or_none()
    if task is None:
        return None
    token, expires_at = new_uid(), work.now + timedelta(minutes=LEASE)
    allowed = allow_locked(work, task, actor, Action.CLAIM)
    allowed.take(reader_id=actor.user_id, lease_token=token, lease_expires_at=expires_at)
    return Lease(task, token, expires_at)


def _finish(database: Database, task_id: int) -> None:
    """The case leaves the reader's hand, so that nobody's hands fill up."""
    done = {"state": TaskState.SIGNED, "reader_id": None, "lease_token": None, "lease_expires_at": None}
    with database.write() as work:
        work.session.execute(update(ReadingTask).where(ReadingTask.id == task_id).values(done))


def _actors(database: Database) -> list[Actor]:
    with database.read() as work:
        return [Actor.of(user) for user in work.session.execute(select(User).order_by(User.id)).scalars()]


def _pages(database: Database) -> Iterable[float]:
    filters = (
        TaskFilter(),
        TaskFilter(modalities=("ECG",)),
        TaskFilter(modalities=("CT", "MR"), priorities=(Priority.P1,)),
        TaskFilter(priorities=(Priority.P0, Priority.P1)),
        TaskFilter(states=(TaskState.DRAFTED,)),
        TaskFilter(states=(TaskState.REWORK, TaskState.ASSIGNED)),
        TaskFilter(institution="t07"),
        TaskFilter(mine=7),
        TaskFilter(text="CE^SHI99"),
        TaskFilter(text="SHI7"),
        TaskFilter(open_only=False),
    )
    for wanted in filters * 10:
        started = time.monotonic()
        with database.read() as work:
            page = list_tasks(work, wanted)
        yield time.monotonic() - started
        if page.next is not None:
            started = time.monotonic()
            with database.read() as work:
                list_tasks(work, wanted, cursor=page.next)
            yield time.monotonic() - started


def _ticks(database: Database) -> Iterable[float]:
    for _ in range(5):
        with database.write() as work:
            open_ones = select(ReadingTask.id).where(ReadingTask.state == TaskState.QUEUED).limit(DUE)
            ids = list(work.session.execute(open_ones.order_by(ReadingTask.due_at)).scalars())
            due = {"next_escalation_at": NOW - timedelta(minutes=1), "escalation": 0}
            work.session.execute(update(ReadingTask).where(ReadingTask.id.in_(ids)).values(due))
        started = time.monotonic()
        with database.write() as work:
            service.escalate_due(work)
        yield time.monotonic() - started


def _contest(url: str, database: Database, contested: int) -> None:
    """`CLAIMERS` processes claim the same cases by number: one of them gets each, the others are told so."""
    classes = (Priority.P2, Priority.P3)
    with database.read() as work:
        query = select(ReadingTask.id).where(
            ReadingTask.state == TaskState.QUEUED, ReadingTask.priority.in_(classes), ReadingTask.modality == "DX"
        )
        ids = list(work.session.execute(query.limit(contested // OFTEN)).scalars())
    started = time.monotonic()
    won = _in_processes(claim_each, [(url, number * 5, tuple(ids)) for number in range(CLAIMERS)])
    elapsed = time.monotonic() - started
    counts = Counter(itertools.chain.from_iterable(won))
    print(f"\n{len(ids) * CLAIMERS} contested claims of {len(ids)} cases in {elapsed:.0f} s: ", end="")
    print(f"{sum(number > 1 for number in counts.values())} claimed twice, {len(set(ids) - set(counts))} lost.")


def claim_each(barrier: Any, given: tuple[str, int, tuple[int, ...]]) -> list[int]:
    """Claim every case by its number; those that this reader got."""
    url, reader, ids = given
    database = Database(make_engine(url, pool_size=1), Running())
    actor = _actors(database)[reader]
    barrier.wait()
    won = []
    for task_id in ids:
        try:
            with database.write() as work:
                service.claim(work, task_id, actor, lease_minutes=LEASE)
        except Conflict:
            continue
        won.append(task_id)
    database.engine.dispose()
    return won


def _check(database: Database) -> None:
    """Nobody was given what another has: a case has one claim, and its event."""
    with database.read() as work:
        claims = select(TaskEvent.task_id).where(TaskEvent.action == Action.CLAIM).group_by(TaskEvent.task_id)
        twice = work.session.execute(select(func.count()).select_from(claims.having(func.count() > 1).subquery()))
        print(f"{twice.scalar_one()} cases were given to two readers.")


if __name__ == "__main__":
    threading.stack_size(1 << 20)
    main()
