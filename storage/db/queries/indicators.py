"""Signed exams and given-up ones as the national indicators count them, by the index of their moments."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from storage.db.models import ReadingTask, Report, ReportVersion, RetakeOrder, SignedExam, Study
from storage.db.queries.quality import Span
from storage.db.session import UnitOfWork
from storage.domain.quality import RetakeState

_MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Exam:
    """A signed exam. `words` are body part and description; `faults` what the writing rules found in the report."""

    task_id: int
    institution_id: int
    modality: str
    priority: str
    signed_at: datetime
    exam_started_at: datetime | None
    faults: Sequence[str]
    words: str


@dataclass(frozen=True)
class Unread:
    """An exam that ended without a report because no images came."""

    task_id: int
    institution_id: int
    modality: str
    ordered_at: datetime


def signed_exams(work: UnitOfWork, span: Span) -> list[Exam]:
    """Those signed in the span, in order."""
    words = func.coalesce(Study.body_part, "") + " " + func.coalesce(Study.description, "")
    query = (
        select(
            SignedExam.task_id,
            SignedExam.institution_id,
            SignedExam.modality,
            ReadingTask.priority,
            SignedExam.signed_at,
            ReadingTask.exam_started_at,
            SignedExam.faults,
            words,
        )
        .join(ReadingTask, ReadingTask.id == SignedExam.task_id)
        .join(Study, Study.id == SignedExam.study_id)
        .where(*_within(SignedExam, SignedExam.signed_at, span))
        .order_by(SignedExam.signed_at, SignedExam.task_id)
    )
    return [Exam(*row) for row in map(tuple[Any, ...], work.session.execute(query))]


def unread_exams(work: UnitOfWork, span: Span) -> list[Unread]:
    """Those whose retake was ordered in the span and never made."""
    query = select(RetakeOrder.task_id, RetakeOrder.institution_id, RetakeOrder.modality, RetakeOrder.ordered_at)
    query = query.where(*_within(RetakeOrder, RetakeOrder.ordered_at, span), RetakeOrder.state == RetakeState.EXPIRED)
    return [Unread(*row) for row in map(tuple[Any, ...], work.session.execute(query))]


def last_words(work: UnitOfWork, task_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """For each of these tasks what its report says last: findings and impression in one."""
    ordered = sorted(task_ids)
    for start in range(0, len(ordered), _MOST_AT_ONCE):
        part = ordered[start : start + _MOST_AT_ONCE]
        query = (
            select(Report.task_id, ReportVersion.content)
            .join(ReportVersion, ReportVersion.report_id == Report.id)
            .where(Report.task_id.in_(part), ReportVersion.version == Report.last_version)
        )
        for task_id, content in work.session.execute(query):
            yield task_id, f"{content.get('findings', '')}\n{content.get('impression', '')}"


def shown_tasks(work: UnitOfWork, task_ids: Collection[int]) -> dict[int, ReadingTask]:
    """These tasks with patient and clinic, for the list of cases behind a figure."""
    lines = joinedload(ReadingTask.study).joinedload(Study.patient), joinedload(ReadingTask.institution)
    query = select(ReadingTask).options(*lines).where(ReadingTask.id.in_(task_ids))
    return {row.id: row for row in work.session.execute(query).scalars()}


def tasks_of_critical(work: UnitOfWork, study_ids: Collection[int]) -> dict[int, int]:
    """By study: its newest task."""
    query = select(ReadingTask.study_id, func.max(ReadingTask.id)).where(ReadingTask.study_id.in_(study_ids))
    return dict(work.session.execute(query.group_by(ReadingTask.study_id)).all())


def _within(model: Any, moment: Any, span: Span) -> list[Any]:
    conditions = [moment >= span.begin, moment < span.end]
    if span.institution_id is not None:
        conditions.append(model.institution_id == span.institution_id)
    return [*conditions, model.modality == span.modality] if span.modality else conditions
