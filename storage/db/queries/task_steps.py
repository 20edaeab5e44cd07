"""A step of a task as the database has it: one conditional update of its row, and the event that tells of it.

Both statements are built once for each kind of step: every claim, draft and signature runs them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CursorResult, Insert, Table, Update, bindparam
from sqlalchemy.orm.attributes import set_committed_value

from storage.db.models import ReadingTask, TaskEvent
from storage.db.session import UnitOfWork

assert isinstance(ReadingTask.__table__, Table)
assert isinstance(TaskEvent.__table__, Table)
_TASK, _EVENT = ReadingTask.__table__, TaskEvent.__table__
_PERSONS = {"reader_id": "reader", "author_id": "author", "signer_id": "signer"}


@dataclass(frozen=True)
class Unchanged:
    """What must still hold of the row; with `token` also that this lease lives on after `alive_after`."""

    state: str
    version: int
    token: str | None = None
    alive_after: datetime | None = None


def change_task(work: UnitOfWork, task: ReadingTask, unchanged: Unchanged, changes: Mapping[str, object]) -> bool:
    """Set columns of a task that this transaction has read; False, and nothing is changed, when it is not as it was.

    The object is then as the row is, without reading it again: nobody else can have changed what is locked.
    """
    work.session.flush()
    values = {name: _plain(value) for name, value in changes.items()}
    statement = _change(tuple(values), leased=unchanged.alive_after is not None)
    bound = {f"new_{name}": value for name, value in values.items()} | {
        f"old_{k}": v for k, v in vars(unchanged).items()
    }
    outcome = work.session.execute(statement, {"task_id": task.id, **bound})
    if cast("CursorResult[Any]", outcome).rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(task, name, value)
    moved = [_PERSONS[name] for name in values if name in _PERSONS]
    if moved:
        work.session.expire(task, moved)
    return True


def write_event(work: UnitOfWork, event: TaskEvent) -> None:
    """Insert the event, which no session knows."""
    work.session.flush()
    columns = (column.name for column in _EVENT.columns if column.name != "id")
    work.session.execute(_INSERT, {name: getattr(event, name) for name in columns})


_INSERT: Insert = _EVENT.insert().values(
    {column.name: bindparam(column.name, type_=column.type) for column in _EVENT.columns if column.name != "id"}
)


@lru_cache(maxsize=256)
def _change(names: tuple[str, ...], *, leased: bool) -> Update:
    row = _TASK.c
    held = [row.lease_token == bindparam("old_token"), row.lease_expires_at > bindparam("old_alive_after")]
    as_it_was = (row.state == bindparam("old_state"), row.version == bindparam("old_version"))
    return (
        _TASK.update()
        .where(row.id == bindparam("task_id"), *as_it_was, *(held if leased else ()))
        .values({name: bindparam(f"new_{name}", type_=row[name].type) for name in names})
    )


def _plain(value: object) -> object:
    """The value as the row will give it back."""
    if isinstance(value, Enum):
        return value.value
    return value.astimezone(UTC) if isinstance(value, datetime) else value
