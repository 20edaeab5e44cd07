"""What a clinic wants to know of its own month: signed exams with their times, and critical values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.db.models import CriticalCase, ReadingTask, SignedExam
from storage.db.queries.quality import Span
from storage.db.session import UnitOfWork
from storage.domain.critical import CaseState


@dataclass(frozen=True)
class SignedTimes:
    """When a signed exam was begun, was whole, and was signed."""

    modality: str
    priority: str
    exam_started_at: datetime | None
    ready_at: datetime
    paused_seconds: float
    limit_at: datetime
    signed_at: datetime


def signed_times(work: UnitOfWork, span: Span) -> list[SignedTimes]:
    """Of every exam signed in the span, by the index of that moment."""
    query = (
        select(
            SignedExam.modality,
            ReadingTask.priority,
            ReadingTask.exam_started_at,
            ReadingTask.ready_at,
            ReadingTask.paused_seconds,
            ReadingTask.limit_at,
            SignedExam.signed_at,
        )
        .join(ReadingTask, ReadingTask.id == SignedExam.task_id)
        .where(SignedExam.signed_at >= span.begin, SignedExam.signed_at < span.end)
    )
    if span.institution_id is not None:
        query = query.where(SignedExam.institution_id == span.institution_id)
    return [SignedTimes(*row) for row in map(tuple[Any, ...], work.session.execute(query))]


def critical_values(work: UnitOfWork, span: Span) -> int:
    """How many critical values were discovered or reported in the span, false alarms left out; by the index of that moment."""
    query = select(func.count(CriticalCase.id)).where(
        CriticalCase.basis_at >= span.begin,
        CriticalCase.basis_at < span.end,
        CriticalCase.state != CaseState.FALSE_ALARM,
    )
    if span.institution_id is not None:
        query = query.where(CriticalCase.institution_id == span.institution_id)
    return work.session.execute(query).scalar_one()
