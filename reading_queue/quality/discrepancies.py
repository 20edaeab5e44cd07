"""How the signed words differ from those that the author handed over, and what the signer says of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from reading_queue.quality.following import last_submission, words_of
from reading_queue.report_rules import Piece, difference, suggested
from storage.audit import AuditEntry, record
from storage.db.models import Draft, ReadingTask, SignedExam, SubmittedReport
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, NotAllowedFromState, NotFound
from storage.domain.quality import Discrepancy

if TYPE_CHECKING:
    from reading_queue.service.actors import Actor


@dataclass(frozen=True)
class Comparison:
    """What was handed over beside what stands there now. `signed` is None until the report is signed."""

    submitted: SubmittedReport
    findings: list[Piece]
    impression: list[Piece]
    suggested: Discrepancy
    signed: SignedExam | None


def compare(work: UnitOfWork, task_id: int) -> Comparison | None:
    """The comparison for a task; None where nothing has been handed over. Raises `NotFound`."""
    if work.session.execute(select(ReadingTask.id).where(ReadingTask.id == task_id)).scalar_one_or_none() is None:
        raise NotFound("There is no such task.")
    before, after = last_submission(work, task_id), work.session.get(Draft, task_id)
    if before is None or after is None:
        return None
    return Comparison(
        before,
        difference(before.findings, after.findings),
        difference(before.impression, after.impression),
        suggested(words_of(before), words_of(after)),
        work.session.get(SignedExam, task_id),
    )


def judge(work: UnitOfWork, actor: "Actor", task_id: int, judged: Discrepancy) -> SignedExam:
    """What the signer says of the difference; he may change his mind. Raises `NotFound`, `Forbidden`, `NotAllowedFromState`."""
    query = select(SignedExam).where(SignedExam.task_id == task_id).with_for_update(of=SignedExam)
    exam = work.session.execute(query).scalar_one_or_none()
    if exam is None:
        raise NotFound("There is no signed report of this task.")
    if exam.signer_id != actor.user_id:
        raise Forbidden("Only who signed the report judges what he changed.")
    if not exam.suggested:
        raise NotAllowedFromState("Nobody else had handed this report over: there is nothing to judge.")
    before, exam.judged = exam.judged, judged
    exam.judged_by_id, exam.judged_at = actor.user_id, work.now
    detail = {"before": before, "judged": str(judged), "suggested": exam.suggested}
    record(work.session, AuditEntry(work.now, actor.username, "report.discrepancy", f"task:{task_id}", detail))
    work.session.flush()
    return exam
