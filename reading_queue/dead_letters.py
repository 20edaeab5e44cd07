"""Tasks that failed for good, or that killed those who took them: written down, and run again when a person says so."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import DeadLetter
from storage.db.session import Database, Hint, UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Conflict, Forbidden, NotFound
from storage.domain.hints import LetterState
from storage.domain.reading import Role
from storage.settings import Settings

OPERATORS = frozenset({Role.MANAGER, Role.ADMIN})
MAX_DEATHS = 3
"""How many processes a task may cost before it is not tried again by itself."""

LOST = "WorkerLost"
"""The kind of failure of a task whose process ended under it each time."""

_ASK_AGAIN_AFTER = timedelta(minutes=2)
_BATCH = 100


def bury(work: UnitOfWork, task: str, args: Sequence[Any], error: str) -> None:
    """The task failed for good: `error` is the kind of failure. A letter that is there already counts one more."""
    letter = _locked(work, task, args)
    letter.attempts += 1
    letter.state, letter.error, letter.last_at = LetterState.OPEN, error, work.now


def may_run_again(work: UnitOfWork, task: str, args: Sequence[Any]) -> bool:
    """Count that a process ended under this task. False, with an open letter, once it has cost too many."""
    letter = _locked(work, task, args)
    letter.deaths += 1
    letter.last_at = work.now
    if letter.deaths < MAX_DEATHS:
        if letter.state == LetterState.SETTLED:
            letter.state = LetterState.COUNTING
        return True
    letter.state, letter.error = LetterState.OPEN, LOST
    return False


def settle(database: Database, task: str, args: Sequence[Any]) -> None:
    """The task has run to its end: whatever letter there is of it is done with."""
    unsettled = (
        DeadLetter.task == task,
        DeadLetter.args_key == _key(args),
        DeadLetter.state != LetterState.SETTLED,
    )
    with database.read() as work:
        if work.session.execute(select(DeadLetter.id).where(*unsettled)).first() is None:
            return
    with database.write() as work:
        work.session.execute(
            update(DeadLetter).where(*unsettled).values(state=LetterState.SETTLED, attempts=0, deaths=0)
        )


def redrive(work: UnitOfWork, actor: Actor, letter_id: int) -> DeadLetter:
    """Let the workers try once more. Raises `NotFound`, and `Conflict` for a letter that is not open."""
    letter = _decide(work, actor, letter_id, LetterState.REDRIVEN)
    letter.deaths = 0
    work.after_commit(Hint(letter.task, tuple(letter.args)))
    return letter


def dismiss(work: UnitOfWork, actor: Actor, letter_id: int) -> DeadLetter:
    """Nothing more is to be done about it. Raises as `redrive` does; should the task fail again, the letter opens again."""
    return _decide(work, actor, letter_id, LetterState.DISMISSED)


def redrive_waiting(database: Database, _settings: Settings) -> None:
    """Hint again at what a person has let run and nobody has run since."""
    with database.write() as work:
        waits = (DeadLetter.state == LetterState.REDRIVEN, DeadLetter.last_at <= work.now - _ASK_AGAIN_AFTER)
        query = select(DeadLetter).where(*waits).order_by(DeadLetter.id).limit(_BATCH)
        for letter in work.session.execute(query.with_for_update(skip_locked=True)).scalars():
            letter.last_at = work.now
            work.after_commit(Hint(letter.task, tuple(letter.args)))


def letters(
    work: UnitOfWork, states: Sequence[LetterState], limit: int, before: int | None = None
) -> Sequence[DeadLetter]:
    """The newest first."""
    query = select(DeadLetter).where(DeadLetter.state.in_(states)).order_by(DeadLetter.id.desc()).limit(limit)
    if before is not None:
        query = query.where(DeadLetter.id < before)
    return work.session.execute(query).scalars().all()


def _decide(work: UnitOfWork, actor: Actor, letter_id: int, state: LetterState) -> DeadLetter:
    if actor.role not in OPERATORS:
        raise Forbidden("Only the manager or an administrator decides on what the workers could not do.")
    found = select(DeadLetter).where(DeadLetter.id == letter_id).with_for_update()
    letter = work.session.execute(found).scalar_one_or_none()
    if letter is None:
        raise NotFound("There is no such letter.")
    if letter.state != LetterState.OPEN:
        raise Conflict(f"Somebody has decided on it already: it is {letter.state}.")
    letter.state, letter.decided_by_id, letter.decided_at, letter.last_at = state, actor.user_id, work.now, work.now
    detail = {"task": letter.task, "args": letter.args}
    record(
        work.session, AuditEntry(work.now, actor.username, f"dead_letter.{state}", f"dead_letter:{letter.id}", detail)
    )
    return letter


def _locked(work: UnitOfWork, task: str, args: Sequence[Any]) -> DeadLetter:
    row = {
        "task": task,
        "args_key": _key(args),
        "args": list(args),
        "state": LetterState.COUNTING,
        "first_at": work.now,
        "last_at": work.now,
    }
    insert_missing(work.session, DeadLetter, [row], DeadLetter.id)
    query = select(DeadLetter).where(DeadLetter.task == task, DeadLetter.args_key == _key(args))
    return work.session.execute(query.with_for_update()).scalar_one()


def _key(args: Sequence[Any]) -> str:
    return json.dumps(list(args), separators=(",", ":"), ensure_ascii=False)
