"""From the events of a task to its procedure steps, each of which goes one way only (PS3.4 CC.1.1). Pure.

A task goes back where a Unified Procedure Step may not: given back, lost, sent for retake, rejected. There the step that
was in hand ends as CANCELED, and a new one takes its place (0074,1224); docs/decisions/0012 says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from reading_queue.projections import PROJECTIONS, InputReadiness, UpsState, UpsStep
from storage.domain.reading import Action, TaskState

_FINAL = (UpsState.COMPLETED, UpsState.CANCELED)
_REVISIONS = (Action.AMEND, Action.WITHDRAW)
_IN_HAND = (Action.CLAIM, Action.RESUME)


class Work(StrEnum):
    """What is done in a step."""

    READ = "READ"
    AUDIT = "AUDIT"
    AMEND = "AMEND"


_WORK = {UpsStep.READ: Work.READ, UpsStep.AUDIT: Work.AUDIT}


class Event(Protocol):
    """What a step is made from, as `storage.db.models.TaskEvent` has it."""

    @property
    def seq(self) -> int: ...
    @property
    def action(self) -> str: ...
    @property
    def to_state(self) -> str: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Change:
    """A step came into this state, with event `seq`."""

    state: UpsState
    seq: int
    at: datetime
    reason: str = ""


@dataclass
class Step:
    """A procedure step. `seq` is the event that it began with, `replaces` the one of the step whose place it takes.

    `performer_id` is who has it in hand, or did; `told` are the events that said something about it without a new state.
    """

    seq: int
    work: Work
    readiness: InputReadiness
    changes: list[Change] = field(default_factory=list)
    replaces: int | None = None
    performer_id: int | None = None
    told: list[int] = field(default_factory=list)

    @property
    def state(self) -> UpsState:
        return self.changes[-1].state

    @property
    def began_at(self) -> datetime:
        return self.changes[0].at

    @property
    def changed_at(self) -> datetime:
        return self.changes[-1].at

    @property
    def claimed(self) -> Change | None:
        """When it was taken in hand."""
        return next((one for one in self.changes if one.state == UpsState.IN_PROGRESS), None)

    @property
    def is_over(self) -> bool:
        return self.state in _FINAL


def steps_of(events: Sequence[Event]) -> list[Step]:
    """The steps of a task, the first first; `events` are all of it up to some moment, in order. The last is the present one."""
    steps: list[Step] = []
    for event in events:
        _follow(steps, event)
    return steps


def _follow(steps: list[Step], event: Event) -> None:
    words = PROJECTIONS[TaskState(event.to_state)].ups
    present = steps[-1] if steps else None
    if event.action in _REVISIONS:
        _revise(steps, event)
    elif present is None:
        steps.append(_new(event, _WORK[words.step], words.readiness))
    elif not present.is_over:
        _lead(steps, present, event)
    if steps[-1].seq != event.seq:
        steps[-1].told.append(event.seq)


def _revise(steps: list[Step], event: Event) -> None:
    """Amended or withdrawn in one moment: a step of its own, that was never offered to anybody else."""
    step = _new(event, Work.AMEND, InputReadiness.READY)
    step.performer_id = event.actor_id
    _advance(step, UpsState.COMPLETED, event)
    steps.append(step)


def _lead(steps: list[Step], step: Step, event: Event) -> None:
    """Where the event leads a step that is not over, and what comes after it."""
    state = TaskState(event.to_state)
    words = PROJECTIONS[state].ups
    work = step.work if state == TaskState.CONSULT else _WORK[words.step]
    if words.state in _FINAL:
        _advance(step, words.state, event)
    elif work != step.work:
        _hand_on(steps, step, event)
    elif words.state == UpsState.SCHEDULED and step.state == UpsState.IN_PROGRESS:
        _replace(steps, step, event)
    else:
        _advance(step, words.state, event)
        step.readiness = words.readiness
    _note_performer(steps[-1], event)


def _hand_on(steps: list[Step], step: Step, event: Event) -> None:
    """Read, so it is to be audited; or rejected, so it is to be read again."""
    words = PROJECTIONS[TaskState(event.to_state)].ups
    if event.action == Action.REJECT or step.state == UpsState.SCHEDULED:
        _replace(steps, step, event)
        return
    _advance(step, UpsState.COMPLETED, event)
    steps.append(_new(event, _WORK[words.step], words.readiness))


def _replace(steps: list[Step], step: Step, event: Event) -> None:
    words = PROJECTIONS[TaskState(event.to_state)].ups
    _advance(step, UpsState.CANCELED, event)
    steps.append(_new(event, _WORK[words.step], words.readiness, step.seq))


def _new(event: Event, work: Work, readiness: InputReadiness, replaces: int | None = None) -> Step:
    return Step(event.seq, work, readiness, [Change(UpsState.SCHEDULED, event.seq, event.at)], replaces)


def _advance(step: Step, state: UpsState, event: Event) -> None:
    """By way of IN PROGRESS, which no step may leave out (PS3.4 CC.1.1, table CC.1.1-2)."""
    if state == step.state:
        return
    if state in _FINAL and step.state == UpsState.SCHEDULED:
        step.changes.append(Change(UpsState.IN_PROGRESS, event.seq, event.at))
    step.changes.append(Change(state, event.seq, event.at, event.reason if state == UpsState.CANCELED else ""))


def _note_performer(step: Step, event: Event) -> None:
    if event.action in _IN_HAND and step.state == UpsState.IN_PROGRESS:
        step.performer_id = event.actor_id
