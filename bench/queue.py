"""The reading queue under load: the next case, a burst, the worklist, the clocks, contested claims; SQLite and PostgreSQL.

    .venv/bin/python -m bench.queue [--tasks 1000000] [--open 100000] [--seconds 10] [--contested 100000]
                                    [--world embedded|server|both]

Readers ask in two processes of forty threads, as two processes of the HTTP server would for them, at times that were fixed
before: an answer that comes late is late from when it was asked for, not from when there was time to ask. What has been
taken leaves the readers' hands in batches, in a thread of its own. The baseline is a queue without rules: one statement that
takes what is due first (`ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`), and the same claim. `CPU ms` is processor time
for each answer, of those who ask and of the database's server where it has one.
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
from queue import SimpleQueue
from typing import Any

from sqlalchemy import event, func, select, text, update

from bench._county_of_tasks import NOW, READERS, Running, fill
from bench._processor import parent, processor_time
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

PROCESSES, THREADS = 2, 40
ASKS_PER_SECOND = 100
CLAIMERS = 16
DUE = 100
LEASE = 10.0
_FINISHED_EVERY = 0.5

Ask = Callable[[Database, Actor], Lease | None]


@dataclass(frozen=True)
class Plan:
    """What one process does: these readers ask, each at his moment after the start."""

    url: str
    way: str
    asks: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Measured:
    """How long each answer took, and the processor time for one, all in seconds."""

    waits: list[float]
    processor: float | None = None


def main() -> None:
    """Run all of it in one world or in both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=10)
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
    print("| what | n | median ms | p95 ms | longest ms | CPU ms |\n|---|---|---|---|---|---|", flush=True)
    for way in ("next", "baseline"):
        _line(f"{way}, {ASKS_PER_SECOND} asks a second", _at_a_rate(database, way, wanted.seconds))
        _line(f"{way}, {READERS} at one instant", _at_once(database, way))
    _line("a page of the worklist", Measured(list(_pages(database))))
    _line(f"a tick with {DUE} due", Measured(list(_ticks(database))))
    print(f"\nOne ask takes {_statements_of_an_ask(database)} statements.")
    _contest(url, database, wanted.contested)
    _check(database)
    engine.dispose()


def _line(what: str, measured: Measured) -> None:
    ordered = sorted(1000 * one for one in measured.waits)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    processor = "" if measured.processor is None else f"{1000 * measured.processor:.1f}"
    figures = f"{statistics.median(ordered):.1f} | {p95:.1f} | {ordered[-1]:.1f} | {processor}"
    print(f"| {what} | {len(ordered)} | {figures} |", flush=True)


def _at_a_rate(database: Database, way: str, seconds: int) -> Measured:
    asks = [(number % READERS, number / ASKS_PER_SECOND) for number in range(seconds * ASKS_PER_SECOND)]
    return _ask_all(database, way, asks)


def _at_once(database: Database, way: str) -> Measured:
    return _ask_all(database, way, [(number, 0.0) for number in range(READERS)])


def _ask_all(database: Database, way: str, asks: list[tuple[int, float]]) -> Measured:
    url = database.engine.url.render_as_string(hide_password=False)
    plans = [Plan(url, way, tuple(asks[n::PROCESSES])) for n in range(PROCESSES)]
    server = _server(database)
    before = processor_time(server)
    parts = _in_processes(ask_in_time, plans)
    spent = sum(used for _, used in parts) + processor_time(server) - before
    waits = list(itertools.chain.from_iterable(waited for waited, _ in parts))
    return Measured(waits, spent / len(waits))


def _server(database: Database) -> int | None:
    """The process of a database's server, of which every connection has a child; None for SQLite, which has none."""
    if database.engine.dialect.name == "sqlite":
        return None
    with database.read() as work:
        return parent(work.session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def _statements_of_an_ask(database: Database) -> int:
    seen: list[str] = []
    actor = _actors(database)[3]
    for _ in range(2):
        seen.clear()
        note = lambda *given: seen.append(given[2])  # noqa: E731 - an event needs a name to be removed by
        event.listen(database.engine, "before_cursor_execute", note)
        lease = _next(database, actor)
        event.remove(database.engine, "before_cursor_execute", note)
        _finish(database, [] if lease is None else [lease.task.id])
    return sum(not statement.startswith("BEGIN") for statement in seen)


def _in_processes(job: Callable[..., Any], given: Iterable[Any]) -> list[Any]:
    arguments = list(given)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(len(arguments)) as pool:
        barrier = manager.Barrier(len(arguments))
        return pool.starmap(job, [(barrier, one) for one in arguments])


def ask_in_time(barrier: Any, plan: Plan) -> tuple[list[float], float]:
    """Ask at the planned moments; how long after each moment the reader had his case, and the processor time for all."""
    database = Database(make_engine(plan.url), Running())
    actors = _actors(database)
    ask = {"next": _next, "baseline": _due_first}[plan.way]
    taken: SimpleQueue[int | None] = SimpleQueue()
    finisher = threading.Thread(target=_finish_all, args=(database, taken))
    finisher.start()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: _warm(database), range(THREADS)))
        barrier.wait()
        start, before = time.monotonic(), time.process_time()
        waits = list(pool.map(lambda one: _asked(database, ask, actors[one[0]], start + one[1], taken), plan.asks))
    used = time.process_time() - before
    taken.put(None)
    finisher.join()
    database.engine.dispose()
    return waits, used


def _warm(database: Database) -> None:
    """Open the connections that threads will use."""
    with database.read() as work:
        work.session.execute(select(func.count(User.id))).scalar_one()
    time.sleep(0.01)


def _asked(database: Database, ask: Ask, actor: Actor, moment: float, taken: "SimpleQueue[int | None]") -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    lease = ask(database, actor)
    elapsed = time.monotonic() - moment
    if lease is None:
        raise SystemExit("There was nothing left to read: more open tasks are needed for this rate.")
    taken.put(lease.task.id)
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


def _finish_all(database: Database, taken: "SimpleQueue[int | None]") -> None:
    """What is taken leaves the readers' hands, so that nobody's hands fill up."""
    ended = False
    while not ended:
        time.sleep(_FINISHED_EVERY)
        ids = []
        while not taken.empty():
            ids.append(taken.get())
        ended = None in ids
        _finish(database, [one for one in ids if one is not None])


def _finish(database: Database, ids: list[int]) -> None:
    done = {"state": TaskState.SIGNED, "reader_id": None, "lease_token": None, "lease_expires_at": None}
    with database.write() as work:
        work.session.execute(update(ReadingTask).where(ReadingTask.id.in_(ids)).values(done))


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
    """`CLAIMERS` readers in both processes claim the same cases by number: one of them gets each, the others are told so."""
    classes = (Priority.P2, Priority.P3)
    with database.read() as work:
        query = select(ReadingTask.id).where(
            ReadingTask.state == TaskState.QUEUED, ReadingTask.priority.in_(classes), ReadingTask.modality == "DX"
        )
        ids = tuple(work.session.execute(query.limit(contested // CLAIMERS)).scalars())
    started = time.monotonic()
    claimers = [tuple(5 * one for one in range(CLAIMERS)[n::PROCESSES]) for n in range(PROCESSES)]
    won = _in_processes(claim_each, [(url, readers, ids) for readers in claimers])
    elapsed = time.monotonic() - started
    counts = Counter(itertools.chain.from_iterable(won))
    print(f"\n{len(ids) * CLAIMERS} contested claims of {len(ids)} cases in {elapsed:.0f} s: ", end="")
    print(f"{sum(number > 1 for number in counts.values())} claimed twice, {len(set(ids) - set(counts))} lost.")


def claim_each(barrier: Any, given: tuple[str, tuple[int, ...], tuple[int, ...]]) -> list[int]:
    """These readers, each in a thread, claim every case by its number; those that they got."""
    url, readers, ids = given
    database = Database(make_engine(url), Running())
    actors = _actors(database)
    barrier.wait()
    with ThreadPoolExecutor(len(readers)) as pool:
        won = list(pool.map(lambda reader: _claimed(database, actors[reader], ids), readers))
    database.engine.dispose()
    return list(itertools.chain.from_iterable(won))


def _claimed(database: Database, actor: Actor, ids: tuple[int, ...]) -> list[int]:
    won = []
    for task_id in ids:
        try:
            with database.write() as work:
                service.claim(work, task_id, actor, lease_minutes=LEASE)
        except Conflict:
            continue
        won.append(task_id)
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
