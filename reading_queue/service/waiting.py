"""Asking the clinic for something: a retake, or an answer. Clock B stands still meanwhile."""

from collections.abc import Mapping

from sqlalchemy import select

from reading_queue.service.actors import Actor
from reading_queue.service.stepping import allow, by_system
from storage.db.models import Instance, ReadingTask, Series
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid
from storage.domain.reading import Action


def return_for_retake(
    work: UnitOfWork,
    task_id: int,
    actor: Actor,
    lease_token: str,
    reason_code: str,
    reason: str,
    series_uid: str | None = None,
    marked: Mapping[str, object] | None = None,
) -> ReadingTask:
    """Send the study back to the clinic for new images: why, in a code and in words, and which series is meant.

    `marked` names the image (`storage.db.models.RetakeOrder`), and says under `guidance` how to do it better.
    """
    allowed = allow(work, task_id, actor, Action.RETURN, token=lease_token, reason=reason)
    if not reason_code.strip():
        raise Invalid("A retake needs a reason code.")
    _require_there(work, allowed.task, {**(marked or {}), "series_instance_uid": series_uid})
    return allowed.take({**(marked or {}), "code": reason_code.strip(), "series_instance_uid": series_uid})


def retaken(work: UnitOfWork, task_id: int, actor: Actor, reason: str = "") -> ReadingTask:
    """The clinic says, with a reason, that there will be no new images: the study is read as it is, before its class."""
    if not reason.strip():
        raise Invalid("To waive a retake a reason must be given.")
    return allow(work, task_id, actor, Action.RETAKEN, reason=reason).take({"waived": True}, goes_first=True)


def new_images(work: UnitOfWork, task: ReadingTask, detail: Mapping[str, object]) -> ReadingTask:
    """The new images of a locked task that waited for them have come."""
    return by_system(work, task, Action.RETAKEN, "new images").take(detail, goes_first=True)


def ask(
    work: UnitOfWork,
    task_id: int,
    actor: Actor,
    lease_token: str,
    question: str,
    marked: Mapping[str, object] | None = None,
) -> ReadingTask:
    """Ask the clinic, about the `marked` image if one is meant; its answer brings the task back to this reader."""
    allowed = allow(work, task_id, actor, Action.ASK, token=lease_token, reason=question)
    _require_there(work, allowed.task, marked or {})
    return allowed.take(marked, preferred_reader_id=actor.user_id)


def answer(work: UnitOfWork, task_id: int, actor: Actor, text: str) -> ReadingTask:
    """The clinic's answer: the task is kept for the one who asked, who has 10 minutes to claim it."""
    return allow(work, task_id, actor, Action.ANSWER, reason=text).take()


def _require_there(work: UnitOfWork, task: ReadingTask, marked: Mapping[str, object]) -> None:
    if marked.get("series_instance_uid"):
        _require_series(work, task, str(marked["series_instance_uid"]))
    if marked.get("sop_instance_uid"):
        _require_instance(work, task, str(marked["sop_instance_uid"]))


def _require_series(work: UnitOfWork, task: ReadingTask, series_uid: str) -> None:
    query = select(Series.id).where(Series.series_instance_uid == series_uid, Series.study_id == task.study_id)
    if work.session.execute(query).scalar_one_or_none() is None:
        raise Invalid("The study has no such series.")


def _require_instance(work: UnitOfWork, task: ReadingTask, sop_instance_uid: str) -> None:
    query = select(Instance.id).where(Instance.sop_instance_uid == sop_instance_uid, Instance.study_id == task.study_id)
    if work.session.execute(query).scalar_one_or_none() is None:
        raise Invalid("The study has no such image.")
