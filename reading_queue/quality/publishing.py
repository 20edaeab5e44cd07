"""What must hold before a report is signed: the writing rules, and the grade of the images where the county asks for one."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from reading_queue.quality.chapter import QUALITY
from reading_queue.quality.exams import exam_of
from reading_queue.report_rules import Fault, Severity, WrittenReport, check_report
from reading_queue.rulebook import in_force
from storage.db.models import ImageGrade, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.errors import GradeMissing, NotPublishable

if TYPE_CHECKING:
    from reading_queue.service.actors import ReportContent


def faults_of(work: UnitOfWork, task: ReadingTask, report: WrittenReport) -> list[Fault]:
    """What the rules in force find in a report on this task's exam."""
    return check_report(report, exam_of(work, task), in_force(work, QUALITY).content.lexicon)


def require_publishable(
    work: UnitOfWork, task: ReadingTask, words: "ReportContent", override: str = ""
) -> dict[str, Any]:
    """Raise `NotPublishable` while a blocking fault is not overridden with a reason, `GradeMissing` for a missing grade.

    Returns what belongs into the event of the signature: the codes that were found, and the reason if one was needed.
    """
    edition = in_force(work, QUALITY)
    if edition.content.must_grade(task.modality) and not _is_graded(work, task):
        raise GradeMissing("The images must be graded before the report is signed.")
    written = WrittenReport(words.findings, words.impression, words.positive, words.critical)
    faults = check_report(written, exam_of(work, task), edition.content.lexicon)
    blocking = list(dict.fromkeys(str(fault.code) for fault in faults if fault.severity is Severity.BLOCKS))
    if blocking and not override.strip():
        raise NotPublishable(blocking)
    found = {"edition": edition.version, "faults": list(dict.fromkeys(str(fault.code) for fault in faults))}
    return {"check": {**found, **({"blocking": blocking, "override": override.strip()} if blocking else {})}}


def _is_graded(work: UnitOfWork, task: ReadingTask) -> bool:
    query = select(ImageGrade.id).where(ImageGrade.task_id == task.id).limit(1)
    return work.session.execute(query).scalar_one_or_none() is not None
