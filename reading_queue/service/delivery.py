"""The clinic's word that it holds a result."""

from sqlalchemy import select

from reading_queue.course import COURSE
from reading_queue.critical.reports import blocks_closing
from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor
from reading_queue.service.guards import require_role
from reading_queue.service.stepping import Allowed, allow, audit, by_system, locked
from storage.db.models import ReadingTask, Receipt, Report, ReportVersion, Result, ResultPrinting
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Forbidden, NotFound
from storage.domain.reading import Action, TaskState

_BATCH = 200


def receipt(work: UnitOfWork, seq: int, actor: Actor, received_by: str = "", *, printed: bool = False) -> Receipt:
    """The actor's own institution has its result `seq`. A second receipt returns the first; it may add that it is `printed`.

    `received_by` names who took it, where that is another than the one logged in.
    """
    require_role(actor, Action.RECEIPT)
    result = _result(work, seq, actor)
    # The task's lock makes two receipts at once wait for each other.
    allowed = allow(work, result.task_id, actor, Action.RECEIPT)
    known = work.session.execute(select(Receipt).where(Receipt.result_id == result.id)).scalar_one_or_none()
    who = received_by.strip() or actor.name
    given = known or _write(allowed, result, who)
    if printed:
        _note_printed(allowed, result, who)
    return given


def _note_printed(allowed: Allowed, result: Result, printed_by: str) -> None:
    """Once: who printed it again is on the audit trail alone."""
    row = {
        "result_id": result.id,
        "institution_id": result.institution_id,
        "user_id": allowed.actor.user_id,
        "printed_by": printed_by,
        "at": allowed.work.now,
    }
    insert_missing(allowed.work.session, ResultPrinting, [row], ResultPrinting.result_id)
    audit(allowed.work, allowed.actor, Action.RECEIPT, allowed.task, seq=result.seq, printed=True)


def close_delivered(work: UnitOfWork) -> int:
    """End what the clinic has had for long enough and nothing is open about. Returns how many were closed.

    A task with a critical value stays open until that has been acknowledged.
    """
    settled = work.now - in_force(work, COURSE).content.span("close_after")
    query = select(ReadingTask.id).where(ReadingTask.state == TaskState.DELIVERED, ReadingTask.state_since <= settled)
    closed = 0
    for task_id in work.session.execute(query.order_by(ReadingTask.state_since).limit(_BATCH)).scalars().all():
        task = locked(work, task_id)
        if task.state != TaskState.DELIVERED or blocks_closing(work, task):
            continue
        by_system(work, task, Action.CLOSE).take()
        closed += 1
    return closed


def _write(allowed: Allowed, result: Result, received_by: str) -> Receipt:
    work, actor = allowed.work, allowed.actor
    if actor.user_id is None:
        raise Forbidden("Only a person can acknowledge a result.")
    settles = allowed.task.state != TaskState.SIGNED or _is_newest(work, result)
    (allowed if settles else allowed.to(TaskState.SIGNED)).take({"seq": result.seq})
    given = Receipt(
        institution_id=result.institution_id,
        result_id=result.id,
        user_id=actor.user_id,
        received_by=received_by,
        at=work.now,
    )
    work.session.add(given)
    work.session.flush()
    audit(work, actor, Action.RECEIPT, allowed.task, seq=result.seq)
    return given


def _result(work: UnitOfWork, seq: int, actor: Actor) -> Result:
    query = select(Result).where(Result.institution_id == actor.institution_id, Result.seq == seq)
    result = work.session.execute(query).scalar_one_or_none()
    if result is None:
        raise NotFound("There is no such result.")
    return result


def _is_newest(work: UnitOfWork, result: Result) -> bool:
    newest = (
        select(ReportVersion.id)
        .join(Report)
        .where(ReportVersion.id == result.report_version_id, ReportVersion.version == Report.last_version)
    )
    return work.session.execute(newest).scalar_one_or_none() is not None
