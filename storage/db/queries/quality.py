"""Counts of signed exams, grades, retakes and reviews for quality figures, and lists of retake orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased, joinedload

from storage.db.models import ImageGrade, PeerReview, RetakeOrder, SignedExam, Study
from storage.db.session import UnitOfWork
from storage.domain.quality import OPEN_RETAKES, GradeStep, RetakeState

_READ, _AUDIT = aliased(ImageGrade), aliased(ImageGrade)


@dataclass(frozen=True)
class Source:
    """Whose images they are. `operator` as the device names him; `author_id` wrote the report."""

    institution_id: int
    device_id: int | None
    modality: str
    operator: str


@dataclass(frozen=True)
class ExamCount:
    """Signed exams of one source with one standing grade (empty: nobody graded them)."""

    source: Source
    grade: str
    exams: int


@dataclass(frozen=True)
class RetakeCount:
    """Retake orders of one source for one reason that came to one end."""

    source: Source
    reason: str
    state: str
    orders: int


@dataclass(frozen=True)
class Span:
    """From `begin` to before `end`, of one institution and modality or of all."""

    begin: datetime
    end: datetime
    institution_id: int | None = None
    modality: str = ""


def count_exams(work: UnitOfWork, span: Span) -> list[ExamCount]:
    """Signed exams by source and grade: the auditing physician's, or the reader's where he gave none."""
    grade = func.coalesce(_AUDIT.grade, _READ.grade, "")
    of = (SignedExam.institution_id, SignedExam.device_id, SignedExam.modality, SignedExam.operator)
    query = _with_grades(select(*of, grade, func.count())).where(*_signed_in(span)).group_by(*of, grade)
    return [ExamCount(Source(*row[:4]), row[4], row[5]) for row in work.session.execute(query)]


def graded_reasons(work: UnitOfWork, span: Span) -> list[tuple[Source, int, list[str]]]:
    """The signed exams whose standing grade names reasons: source, task, reasons."""
    standing = func.coalesce(_AUDIT.id, _READ.id)
    of = (SignedExam.institution_id, SignedExam.device_id, SignedExam.modality, SignedExam.operator, SignedExam.task_id)
    inner = _with_grades(select(*of, standing.label("grade_id"))).where(*_signed_in(span)).subquery()
    query = select(inner, ImageGrade.reasons).join(ImageGrade, ImageGrade.id == inner.c.grade_id)
    rows = work.session.execute(query.where(ImageGrade.grade != "A"))
    return [(Source(*row[:4]), row[4], list(row[6])) for row in rows if row[6]]


def count_retakes(work: UnitOfWork, span: Span) -> list[RetakeCount]:
    """Retake orders by source, reason and what became of them."""
    of = (RetakeOrder.institution_id, RetakeOrder.device_id, RetakeOrder.modality, RetakeOrder.operator)
    by = (*of, RetakeOrder.reason_code, RetakeOrder.state)
    query = select(*by, func.count()).where(*_within(RetakeOrder, RetakeOrder.ordered_at, span)).group_by(*by)
    return [RetakeCount(Source(*row[:4]), row[4], row[5], row[6]) for row in work.session.execute(query)]


def tasks_retaken(work: UnitOfWork, span: Span, reasons: frozenset[str]) -> set[int]:
    """The tasks that were returned for one of `reasons`."""
    query = select(RetakeOrder.task_id).where(
        *_within(RetakeOrder, RetakeOrder.ordered_at, span), RetakeOrder.reason_code.in_(reasons)
    )
    return set(work.session.execute(query).scalars())


def unreadable_tasks(work: UnitOfWork, span: Span) -> set[int]:
    """The tasks that ended without a report because no images came."""
    query = select(RetakeOrder.task_id).where(
        *_within(RetakeOrder, RetakeOrder.ordered_at, span), RetakeOrder.state == RetakeState.EXPIRED
    )
    return set(work.session.execute(query).scalars())


def signed_tasks(work: UnitOfWork, span: Span, tasks: set[int]) -> set[int]:
    """Those of `tasks` that were signed in the span."""
    query = select(SignedExam.task_id).where(*_signed_in(span), SignedExam.task_id.in_(tasks))
    return set(work.session.execute(query).scalars())


def signed_faults(work: UnitOfWork, span: Span) -> list[tuple[list[str], str]]:
    """For every report signed in the span the codes that the writing rules found, and its modality."""
    query = select(SignedExam.faults, SignedExam.modality).where(*_signed_in(span))
    return [(list(faults), modality) for faults, modality in work.session.execute(query)]


def count_discrepancies(work: UnitOfWork, span: Span, author_id: int | None = None) -> Sequence[Any]:
    """Rows (author_id, modality, class, whether judged by a person, count) of the reports that somebody else signed."""
    said = func.coalesce(func.nullif(SignedExam.judged, ""), SignedExam.suggested)
    judged = case((SignedExam.judged != "", 1), else_=0)
    by = (SignedExam.author_id, SignedExam.modality, said, judged)
    query = select(*by, func.count()).where(*_signed_in(span), SignedExam.suggested != "").group_by(*by)
    if author_id is not None:
        query = query.where(SignedExam.author_id == author_id)
    return work.session.execute(query).all()


def count_reviews(work: UnitOfWork, span: Span, author_id: int | None = None) -> Sequence[Any]:
    """Rows (author_id, modality, state, score, count) of the reviews drawn in the span."""
    by = (PeerReview.author_id, PeerReview.modality, PeerReview.state, PeerReview.score)
    query = select(*by, func.count()).where(*_within(PeerReview, PeerReview.drawn_at, span)).group_by(*by)
    if author_id is not None:
        query = query.where(PeerReview.author_id == author_id)
    return work.session.execute(query).all()


def retake_orders(
    work: UnitOfWork, *, only_open: bool, study_uid: str = "", limit: int = 100, before: int | None = None
) -> Sequence[RetakeOrder]:
    """Retake orders: the open ones first where all are asked for, the newest first."""
    query = select(RetakeOrder).options(
        joinedload(RetakeOrder.study).joinedload(Study.patient), joinedload(RetakeOrder.ordered_by)
    )
    if only_open:
        query = query.where(RetakeOrder.state.in_(OPEN_RETAKES))
    if study_uid:
        query = query.join(Study, Study.id == RetakeOrder.study_id).where(Study.study_instance_uid == study_uid)
    if before is not None:
        query = query.where(RetakeOrder.id < before)
    return work.session.execute(query.order_by(RetakeOrder.id.desc()).limit(limit)).unique().scalars().all()


def _with_grades(query: Any) -> Any:
    return (
        query.select_from(SignedExam)
        .outerjoin(_READ, and_(_READ.task_id == SignedExam.task_id, _READ.step == GradeStep.READ))
        .outerjoin(_AUDIT, and_(_AUDIT.task_id == SignedExam.task_id, _AUDIT.step == GradeStep.AUDIT))
    )


def _signed_in(span: Span) -> list[Any]:
    return _within(SignedExam, SignedExam.signed_at, span)


def _within(model: Any, moment: Any, span: Span) -> list[Any]:
    conditions = [moment >= span.begin, moment < span.end]
    if span.institution_id is not None:
        conditions.append(model.institution_id == span.institution_id)
    return [*conditions, model.modality == span.modality] if span.modality else conditions
