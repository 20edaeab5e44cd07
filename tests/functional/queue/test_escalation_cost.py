"""A tick costs what is due, not what is open: twenty thousand open tasks, a hundred due, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update

from reading_queue import service
from storage.db.models import ReadingTask, Study, TaskEvent
from storage.db.session import Database, UnitOfWork
from storage.domain.clock import ManualClock
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import MONDAY_MORNING, County, populate

OPEN, DUE = 20_000, 100


@pytest.fixture
def crowded(database: Database) -> County:
    """One task that has just been opened, and thousands like it; every two-hundredth is due."""
    clock = ManualClock(MONDAY_MORNING)
    county = County(Database(database.engine, clock), clock)
    populate(county.database)
    county.task(priority=Priority.P1, modality="MR")
    with county.write() as work:
        _copy(work, Study, "study_instance_uid")
        _copy(work, ReadingTask, "", study_id="study_id + {shift}")
        # Of those that are due half of the maximum has passed; the others have only just come.
        started = clock.now() - timedelta(minutes=31)
        earlier = {"clock_started_at": started, "limit_at": started + timedelta(minutes=60)}
        due = update(ReadingTask).where(ReadingTask.id % (OPEN // DUE) == 0)
        work.session.execute(due.values(**earlier, next_escalation_at=started + timedelta(minutes=30)))
    with county.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return county


def _copy(work: UnitOfWork, model: type[Any], unique: str, **special: str) -> None:
    """Double the one row until there are as many as wanted."""
    made = 1
    while made < OPEN:
        more = min(made, OPEN - made)
        names = [column.name for column in model.__table__.columns]
        values = {name: name for name in names} | {"id": "id + {shift}", **special}
        if unique:
            values[unique] = f"{unique} || '.{made}'"
        chosen = ", ".join(values[name].format(shift=made) for name in names)
        table = model.__tablename__
        copy = f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} WHERE id <= {more}"
        work.session.execute(text(copy))
        made += more


@contextmanager
def _fetches(county: County) -> Iterator[dict[str, Any]]:
    """The statement that finds what is due, how many tasks came with it, and how many statements the tick took."""
    seen: dict[str, Any] = {"statements": 0, "loaded": 0}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen["statements"] += 1
        if "next_escalation_at <=" in statement:
            seen["query"] = (statement, parameters)

    def load(target: object, _context: Any) -> None:
        seen["loaded"] += isinstance(target, ReadingTask)

    event.listen(county.database.engine, "before_cursor_execute", note)
    event.listen(ReadingTask, "load", load)
    try:
        yield seen
    finally:
        event.remove(county.database.engine, "before_cursor_execute", note)
        event.remove(ReadingTask, "load", load)


def test_a_tick_touches_what_is_due_and_finds_it_by_the_index(crowded: County):
    with _fetches(crowded) as seen:
        # Two workers at the same moment: what one has in hand the other leaves alone.
        with ThreadPoolExecutor(2) as both:
            assert sum(both.map(_tick, (crowded, crowded))) == DUE
        assert seen["loaded"] == DUE
        busy = seen["statements"]
        assert _tick(crowded) == 0
        assert seen["statements"] - busy < 10
    assert busy < DUE
    plan = _plan(crowded, *seen["query"])
    assert "ix_reading_task_next_escalation_at" in plan, plan
    with crowded.database.read() as work:
        told = select(func.count()).select_from(TaskEvent).where(TaskEvent.action == "escalate")
        assert work.session.execute(told).scalar_one() == DUE


def _tick(county: County) -> int:
    with county.write() as work:
        return service.escalate_due(work)


def _plan(county: County, statement: str, parameters: Any) -> str:
    word = "EXPLAIN " if county.database.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with county.database.engine.connect() as connection:
        return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(word + statement, parameters))
