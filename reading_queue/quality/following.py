"""What quality work keeps of each step of a task, in the step's own transaction.

Called by `reading_queue.service.stepping` for every event. It keeps the retake orders in step with the task, the words as
they were submitted, and a line for every signed exam; and it draws for peer review.
"""

from sqlalchemy import select

from reading_queue.quality.chapter import QUALITY
from reading_queue.quality.drawing import draw, draw_number
from reading_queue.quality.exams import operator_of
from reading_queue.quality.retakes import close_retake, open_retake
from reading_queue.report_rules import WrittenReport, suggested
from reading_queue.rulebook import in_force
from storage.db.models import Draft, ReadingTask, SignedExam, Study, SubmittedReport, TaskEvent
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, TaskState


def follow(work: UnitOfWork, task: ReadingTask, event: TaskEvent) -> None:
    """Keep what belongs to `event`, which has just been written."""
    if event.action == Action.RETURN:
        open_retake(work, task, event)
    elif event.from_state == TaskState.RETAKE_WAIT and event.to_state != TaskState.RETAKE_WAIT:
        close_retake(work, task, event)
    elif event.action == Action.SUBMIT:
        _keep_words(work, task, event)
    elif event.action == Action.SIGN:
        _count_signature(work, task, event)


def last_submission(work: UnitOfWork, task_id: int) -> SubmittedReport | None:
    """The words as they were handed over last."""
    query = select(SubmittedReport).where(SubmittedReport.task_id == task_id)
    return work.session.execute(query.order_by(SubmittedReport.seq.desc()).limit(1)).scalar_one_or_none()


def words_of(row: Draft | SubmittedReport) -> WrittenReport:
    """What is written in a row."""
    return WrittenReport(row.findings, row.impression, row.positive, row.critical)


def _keep_words(work: UnitOfWork, task: ReadingTask, event: TaskEvent) -> None:
    draft = work.session.get(Draft, task.id)
    if draft is None or event.actor_id is None:
        return
    work.session.add(
        SubmittedReport(
            institution_id=task.institution_id,
            task_id=task.id,
            seq=event.seq,
            author_id=event.actor_id,
            submitted_at=event.at,
            findings=draft.findings,
            impression=draft.impression,
            positive=draft.positive,
            critical=draft.critical,
        )
    )
    work.session.flush()


def _count_signature(work: UnitOfWork, task: ReadingTask, event: TaskEvent) -> None:
    if task.author_id is None or task.signer_id is None:
        return
    edition = in_force(work, QUALITY)
    check = event.detail.get("check") or {}
    exam = SignedExam(
        institution_id=task.institution_id,
        task_id=task.id,
        seq=event.seq,
        study_id=task.study_id,
        device_id=work.session.get_one(Study, task.study_id).device_id,
        modality=task.modality,
        operator=operator_of(work, task.study_id),
        author_id=task.author_id,
        signer_id=task.signer_id,
        signed_at=event.at,
        edition=int(check.get("edition") or 0),
        faults=list(check.get("faults") or []),
        blocking=list(check.get("blocking") or []),
        override_reason=str(check.get("override") or ""),
        suggested=_suggestion(work, task),
        draw=draw_number(edition.content.peer_review.seed, task.id, event.seq),
    )
    work.session.add(exam)
    work.session.flush()
    draw(work, exam, edition.content.peer_review)


def _suggestion(work: UnitOfWork, task: ReadingTask) -> str:
    """Empty where nobody but the signer had handed words over."""
    before, after = last_submission(work, task.id), work.session.get(Draft, task.id)
    if before is None or after is None or before.author_id == task.signer_id:
        return ""
    return suggested(words_of(before), words_of(after))
