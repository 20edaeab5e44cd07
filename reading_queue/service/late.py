"""What came while somebody had a case in hand: whoever reads or signs it must know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reading_queue.service.sop_classes import NOT_READ
from storage.db.models import ReadingTask, TaskEvent
from storage.db.queries import readiness
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, TaskState
from storage.domain.studies import StudyState


@dataclass(frozen=True)
class LateImages:
    """How many images have come `since` the case was taken in hand, or since its report was drafted."""

    count: int
    since: datetime | None


def late_images(work: UnitOfWork, task: ReadingTask, events: Sequence[TaskEvent]) -> LateImages:
    """The images that the words of a task may not cover; `events` are all of the task's, in order.

    A draft covers what was there when it was handed over, a case in hand what was there when it was taken. Images that
    are still arriving count as well.
    """
    since = _seen_at(task, events)
    if since is None:
        return LateImages(0, None)
    told = [event for event in events if event.action == Action.LATE_IMAGES and event.at > since]
    count = sum(int(event.detail.get("images") or 0) for event in told)
    study = task.study
    if study.state == StudyState.RECEIVING:
        count += readiness.images_since(work, study.id, study.ready_instance_id or 0, NOT_READ)
    return LateImages(count, since)


def _seen_at(task: ReadingTask, events: Sequence[TaskEvent]) -> datetime | None:
    if task.drafted_at is not None:
        return task.drafted_at
    if task.state == TaskState.RETAKE_WAIT:
        return None
    return max((event.at for event in events if event.action == Action.CLAIM), default=None)
