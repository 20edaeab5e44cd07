"""Every state, every action, every role, every lease: allowed exactly as the table says, and a refusal changes nothing.

The table alone is asked what should be: who the actor is, which token he shows and whether there are words. What depends on
the case besides (the author, the one a task is kept for, the class) is set so that it does not hinder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from reading_queue.service import SYSTEM, Actor
from reading_queue.service.stepping import allow_locked
from reading_queue.transitions import TABLE, Step
from storage.db.models import ReadingTask, TaskEvent
from storage.db.session import UnitOfWork
from storage.domain.errors import CountyReadError
from storage.domain.reading import Action, Role, TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.steps import Prepared, prepare

pytestmark = pytest.mark.thorough


_PEOPLE = {
    Role.CLINIC: "clinic01",
    Role.RADIOLOGIST: "radiologist",
    Role.AUDITOR: "auditor",
    Role.MANAGER: "manager",
    Role.REGULATOR: "regulator",
    Role.ADMIN: "admin",
    Role.CONSULTANT: "consultant",
}
_A_DAY = timedelta(days=1)
_SAID = ("", "理由")
_ASKS_FOR_THE_HOLDER = Action.RESUME
"""Without asking for his token: tested with the leases."""


@dataclass(frozen=True)
class Try:
    """Who tries what: with which lease (none, live, foreign or ended) and which words."""

    action: Action
    actor: Actor
    lease: str
    token: str | None
    reason: str

    def should_be(self, step: Step | None) -> bool:
        """What the table says."""
        return (
            step is not None
            and (step.by_system if self.actor.role is None else self.actor.role in step.roles)
            and (not step.needs_lease or (self.lease == "live" and bool(self.token)))
            and (not step.needs_reason or bool(self.reason))
        )


def _tries(prepared: Prepared, actors: list[Actor]) -> Iterator[Try]:
    live = prepared.token or None
    leases = {"none": None, "live": live, "foreign": "2.25.123", "ended": live}
    for action in Action:
        step = TABLE.get((TaskState(prepared.task.state), action))
        if action == _ASKS_FOR_THE_HOLDER:
            continue
        for actor in actors:
            for lease, token in leases.items() if step and step.needs_lease else [("none", None)]:
                for reason in _SAID if step and step.needs_reason else _SAID[-1:]:
                    yield Try(action, actor, lease, token, reason)


def _row(work: UnitOfWork, task_id: int) -> tuple[object, ...]:
    events = select(func.count(TaskEvent.id)).where(TaskEvent.task_id == task_id).scalar_subquery()
    return tuple(work.session.execute(select(*ReadingTask.__table__.c, events).where(ReadingTask.id == task_id)).one())


def _unhindered(work: UnitOfWork, task_id: int, one: Try) -> ReadingTask:
    """The task in the hand of the actor himself, kept for him, written by somebody else."""
    task = work.session.get_one(ReadingTask, task_id)
    task.author_id = None if task.author_id == one.actor.user_id else task.author_id
    task.preferred_reader_id = one.actor.user_id
    if task.reader_id is not None:
        task.reader_id = one.actor.user_id or task.reader_id
        task.lease_expires_at = work.now - _A_DAY if one.lease == "ended" else task.lease_expires_at
    work.session.flush()
    return task


@pytest.mark.parametrize("state", TaskState)
def test_what_the_table_says_and_nothing_else(county: County, state: TaskState):
    prepared = prepare(county, state)
    actors = [SYSTEM, *(county.actor(name) for name in _PEOPLE.values())]
    assert len(actors) == len(Role) + 1
    with county.database.write() as work:
        for one in _tries(prepared, actors):
            point = work.session.begin_nested()
            _check(work, prepared.id, one)
            point.rollback()


def _check(work: UnitOfWork, task_id: int, one: Try) -> None:
    task = _unhindered(work, task_id, one)
    step = TABLE.get((TaskState(task.state), one.action))
    before = _row(work, task_id)
    about = f"{one.action} from {task.state} by {one.actor.role} with lease {one.lease}"
    try:
        allow_locked(work, task, one.actor, one.action, token=one.token, reason=one.reason).take()
    except CountyReadError:
        assert not one.should_be(step), f"{about} was refused"
        assert _row(work, task_id) == before, f"{about} was refused and left a trace"
    else:
        assert step is not None, about
        assert one.should_be(step), f"{about} was allowed"
        assert (task.state, _row(work, task_id)[-1]) == (step.target, before[-1] + step.recorded), about
