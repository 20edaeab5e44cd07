"""How the database finds what the queue asks for: the plans of all statements on tasks, for tests that none reads them all."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from reading_queue import service
from storage.db.queries.tasks import TaskFilter, list_tasks
from storage.db.session import Database, UnitOfWork
from storage.domain.reading import Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, County

Statement = tuple[str, Any]

FILTERS = (
    TaskFilter(),
    TaskFilter(open_only=False),
    TaskFilter(states=(TaskState.DRAFTED, TaskState.REWORK)),
    TaskFilter(modalities=("ECG", "CT")),
    TaskFilter(priorities=(Priority.P0,)),
    TaskFilter(modalities=("MR",), priorities=(Priority.P1, Priority.P2), open_only=False),
    TaskFilter(institution="t01", modalities=("CT",)),
    TaskFilter(mine=1),
    TaskFilter(text="张"),
    TaskFilter(text="zhang", institution="t02"),
    TaskFilter(text="A1", mine=1),
)
_FEW = frozenset(
    {"ix_reading_task_reader_id", "ix_reading_task_goes_first", "ix_reading_task_kept_for", "ix_reading_task_rework_of"}
)
"""Partial indices of what is never much; a whole one of these may be read."""


def everything(county: County) -> list[Callable[[UnitOfWork], object]]:
    """What readers and clocks ask for all day."""
    actors = [county.actor(name) for name in ("radiologist", "ecg", "auditor")]
    return [
        *(lambda work, one=one: service.plan_next(work, one) for one in actors),
        *(lambda work, one=one: service.next_task(work, one, lease_minutes=LEASE_MINUTES) for one in actors),
        *(lambda work, one=one: list_tasks(work, one) for one in FILTERS),
        *(
            lambda work, one=one: list_tasks(work, one, cursor=list_tasks(work, TaskFilter(), 1).next)
            for one in FILTERS
        ),
        service.expire_leases,
    ]


def some_tasks(county: County) -> None:
    """One of each kind, so that every question is asked."""
    for priority in Priority:
        county.task(priority=priority)
    county.task(modality="ECG")
    county.drafted(county.task())


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """Every SELECT on tasks that is run meanwhile, with its values."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT") and "reading_task" in statement:
            seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def scans_on_sqlite(database: Database, statement: Statement) -> list[str]:
    """The parts of the plan that read all tasks."""
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1]).all()
    return [row[3] for row in rows if re.match(r"SCAN reading_task\b", row[3]) and not _FEW & set(row[3].split())]


def scans_on_postgres(database: Database, statement: Statement) -> list[str]:
    """The same, when reading a table as a whole is the last resort: what is left has no index that fits."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement[0]}", statement[1]).scalar_one()
    tree = json.loads(plan) if isinstance(plan, str) else plan
    return [f"{node['Node Type']} {node.get('Index Name', '')}" for node in _nodes(tree[0]["Plan"]) if _reads_all(node)]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from _nodes(part)


def _reads_all(node: dict[str, Any]) -> bool:
    if node["Node Type"] == "Seq Scan":
        return bool(node["Relation Name"] == "reading_task")
    is_index = node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    of_tasks = "reading_task" in node.get("Index Name", "")
    return is_index and of_tasks and "Index Cond" not in node and node["Index Name"] not in _FEW
