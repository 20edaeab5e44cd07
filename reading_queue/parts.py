"""Where the time of a task went: upload, queue, reading, audit, delivery, retake. Pure, and from its events alone (I4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol

from storage.domain.reading import Action, TaskState


class Happened(Protocol):
    """An event of a task, as `TaskEvent` has it."""

    @property
    def action(self) -> str: ...
    @property
    def to_state(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...


class Part(StrEnum):
    """Whose time it is."""

    UPLOAD = "upload"
    QUEUE = "queue"
    READ = "read"
    AUDIT = "audit"
    DELIVERY = "delivery"
    RETAKE = "retake"


PART_OF: Mapping[TaskState, Part | None] = {
    TaskState.RECON_HOLD: Part.QUEUE,
    TaskState.QUEUED: Part.QUEUE,
    TaskState.ASSIGNED: Part.QUEUE,
    TaskState.REWORK: Part.QUEUE,
    TaskState.READING: Part.READ,
    TaskState.CONSULT: Part.AUDIT,
    TaskState.DRAFTED: Part.AUDIT,
    TaskState.AUDITING: Part.AUDIT,
    TaskState.RETAKE_WAIT: Part.RETAKE,
    TaskState.INFO_WAIT: Part.RETAKE,
    TaskState.SIGNED: Part.DELIVERY,
    TaskState.READ: None,
    TaskState.DELIVERED: None,
    TaskState.CLOSED: None,
    TaskState.CANCELLED: None,
    TaskState.DECLINED: None,
}
"""Which part a task in this state spends; none once there is nothing more to wait for."""

_STARTED = "exam_started_at"
_OVER = frozenset(state for state, part in PART_OF.items() if part is None)


@dataclass(frozen=True)
class Parts:
    """How long each part has taken so far, in absolute time; `upload` is None where nobody told when the exam began.

    A part that is still going on counts up to now. What comes after the first delivery counts nowhere: an amended report
    is delivered again, but the clinic had its answer.
    """

    upload: timedelta | None = None
    queue: timedelta = timedelta()
    read: timedelta = timedelta()
    audit: timedelta = timedelta()
    delivery: timedelta = timedelta()
    retake: timedelta = timedelta()

    @property
    def clock_a(self) -> timedelta | None:
        """From the start of the examination to the final report, or to now; None where nobody told when it began."""
        return None if self.upload is None else self.upload + self.since_ready

    @property
    def since_ready(self) -> timedelta:
        """From ready to the final report, pauses included, or to now."""
        return self.queue + self.read + self.audit + self.retake


def told_at_opening(exam_started_at: datetime | None) -> dict[str, object]:
    """What the event that opens a task keeps, so that clock A and the time of the upload derive from it."""
    return {} if exam_started_at is None else {_STARTED: exam_started_at.isoformat()}


def parts_of(events: Sequence[Happened], now: datetime) -> Parts:
    """The parts of a task with these events, which are all of them, in order."""
    if not events:
        return Parts()
    spent = dict.fromkeys(Part, timedelta())
    for state, start, end in _spans(events, now):
        part = PART_OF[state]
        if part is not None:
            spent[part] += max(end - start, timedelta())
    return Parts(
        upload=_upload(events[0]),
        queue=spent[Part.QUEUE],
        read=spent[Part.READ],
        audit=spent[Part.AUDIT],
        delivery=spent[Part.DELIVERY],
        retake=spent[Part.RETAKE],
    )


def _spans(events: Sequence[Happened], now: datetime) -> list[tuple[TaskState, datetime, datetime]]:
    """The states that the task went through, each with its beginning and end, up to the first that ends the waiting."""
    over = next((n for n, event in enumerate(events) if event.to_state in _OVER), None)
    told = events if over is None else events[: over + 1]
    spans = [(TaskState(one.to_state), one.at, following.at) for one, following in pairwise(told)]
    return spans if over is not None else [*spans, (TaskState(told[-1].to_state), told[-1].at, max(now, told[-1].at))]


def _upload(opened: Happened) -> timedelta | None:
    started = opened.detail.get(_STARTED)
    if opened.action != Action.OPEN or not isinstance(started, str):
        return None
    return max(opened.at - datetime.fromisoformat(started), timedelta())
