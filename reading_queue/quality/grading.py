"""Grading images: by the reader while he reads, by the auditing physician until he signs; both are kept, with names."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import ImageGrade, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.quality import Grade, GradeStep
from storage.domain.reading import TaskState

if TYPE_CHECKING:
    from reading_queue.service.actors import Actor

_STEPS: Mapping[str, GradeStep] = {TaskState.READING: GradeStep.READ, TaskState.AUDITING: GradeStep.AUDIT}


def grade_images(
    work: UnitOfWork, actor: "Actor", task_id: int, grade: Grade, reasons: Sequence[str] = (), note: str = ""
) -> ImageGrade:
    """Grade the images of a task that the actor has in hand; again until it leaves his hand.

    Raises `Invalid` for a reason that the chapter QUALITY does not know for the modality, and for C or a reject without one.
    """
    task = _in_hand(work, actor, task_id)
    codes = _known(work, task, grade, reasons)
    row = _row(work, task.id, _STEPS[task.state]) or _new_row(task)
    before = row.grade
    row.grade, row.reasons, row.note = grade, codes, note.strip()
    row.graded_by_id, row.graded_at = int(actor.user_id or 0), work.now
    work.session.add(row)
    work.session.flush()
    detail = {"step": row.step, "before": before, "grade": row.grade, "reasons": codes}
    record(work.session, AuditEntry(work.now, actor.username, "images.grade", f"task:{task.id}", detail))
    return row


def grades_of(work: UnitOfWork, task_id: int) -> list[ImageGrade]:
    """The grades of a task: the reader's, then the auditing physician's, which stands where it is there."""
    query = select(ImageGrade).where(ImageGrade.task_id == task_id).order_by(ImageGrade.step.desc())
    return list(work.session.execute(query).scalars())


def _in_hand(work: UnitOfWork, actor: "Actor", task_id: int) -> ReadingTask:
    query = select(ReadingTask).where(ReadingTask.id == task_id).with_for_update(of=ReadingTask)
    task = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    if task.state not in _STEPS:
        raise NotAllowedFromState("Images are graded while somebody reads or audits them.")
    if task.reader_id != actor.user_id or actor.user_id is None:
        raise Forbidden("Only who has the case in hand grades its images.")
    return task


def _known(work: UnitOfWork, task: ReadingTask, grade: Grade, reasons: Sequence[str]) -> list[str]:
    known = {one.code for one in in_force(work, QUALITY).content.reasons_for(task.modality)}
    codes = list(dict.fromkeys(reasons))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Invalid("That reason is not in the county's list for this modality.")
    if not codes and grade in (Grade.C, Grade.REJECT):
        raise Invalid("A grade of C or a reject needs a reason.")
    return codes


def _row(work: UnitOfWork, task_id: int, step: GradeStep) -> ImageGrade | None:
    query = select(ImageGrade).where(ImageGrade.task_id == task_id, ImageGrade.step == step)
    return work.session.execute(query).scalar_one_or_none()


def _new_row(task: ReadingTask) -> ImageGrade:
    return ImageGrade(
        institution_id=task.institution_id, task_id=task.id, study_id=task.study_id, step=_STEPS[task.state], grade=""
    )
