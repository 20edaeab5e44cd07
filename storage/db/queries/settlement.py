"""What settlement reckons with: signed versions, retakes that were never made, lines of closed months, disputes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.db.models import (
    Institution,
    ReadingTask,
    Report,
    ReportVersion,
    RetakeOrder,
    SettlementDispute,
    SettlementLine,
    SettlementMonth,
    Study,
)
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.quality import RetakeState


@dataclass(frozen=True)
class Signed:
    """A version as settlement sees it; `words` are the body part and the description of the study."""

    kind: str
    version: int
    at: datetime
    author_id: int
    signer_id: int
    study_id: int
    task_id: int
    institution_id: int
    institution: str
    modality: str
    priority: str
    words: str


@dataclass(frozen=True)
class GivenUp:
    """A task that ended as unreadable, because the retake that `reader_id` ordered was never made."""

    at: datetime
    reader_id: int | None
    task_id: int
    institution_id: int
    institution: str
    modality: str
    priority: str
    words: str


_ABOUT = (
    ReadingTask.id,
    ReadingTask.institution_id,
    Institution.code,
    ReadingTask.modality,
    ReadingTask.priority,
    func.coalesce(Study.body_part, "") + " " + func.coalesce(Study.description, ""),
)


def signed_in(work: UnitOfWork, begin: datetime, end: datetime, institution_id: int | None = None) -> list[Signed]:
    """Every version signed from `begin` to before `end`, and all earlier ones of the same studies; in their order.

    By the index of the moments, and from there by study: it costs what was signed in the time.
    """
    inside = (
        select(Report.study_id)
        .join(ReportVersion, ReportVersion.report_id == Report.id)
        .where(ReportVersion.signed_at >= begin, ReportVersion.signed_at < end)
    )
    if institution_id is not None:
        inside = inside.where(ReportVersion.institution_id == institution_id)
    version = (ReportVersion.kind, ReportVersion.version, ReportVersion.signed_at)
    query = (
        select(*version, ReportVersion.author_id, ReportVersion.signer_id, Report.study_id, *_ABOUT)
        .join(Report, Report.id == ReportVersion.report_id)
        .join(ReadingTask, ReadingTask.id == Report.task_id)
        .join(Institution, Institution.id == ReadingTask.institution_id)
        .join(Study, Study.id == Report.study_id)
        .where(Report.study_id.in_(inside), ReportVersion.signed_at < end)
        .order_by(ReportVersion.signed_at, ReportVersion.id)
    )
    return [Signed(*values) for values in map(tuple[Any, ...], work.session.execute(query))]


def given_up_in(work: UnitOfWork, begin: datetime, end: datetime, institution_id: int | None = None) -> list[GivenUp]:
    """Tasks that ended as unreadable in the time."""
    query = (
        select(RetakeOrder.closed_at, RetakeOrder.ordered_by_id, *_ABOUT)
        .join(ReadingTask, ReadingTask.id == RetakeOrder.task_id)
        .join(Institution, Institution.id == ReadingTask.institution_id)
        .join(Study, Study.id == ReadingTask.study_id)
        .where(
            RetakeOrder.closed_at >= begin,
            RetakeOrder.closed_at < end,
            RetakeOrder.state == RetakeState.EXPIRED,
        )
        .order_by(RetakeOrder.closed_at, RetakeOrder.id)
    )
    if institution_id is not None:
        query = query.where(RetakeOrder.institution_id == institution_id)
    return [GivenUp(*values) for values in map(tuple[Any, ...], work.session.execute(query))]


def granted_in(
    work: UnitOfWork, begin: datetime, end: datetime, institution_id: int | None = None
) -> Sequence[SettlementDispute]:
    """The corrections that were granted in the time."""
    query = select(SettlementDispute).where(
        SettlementDispute.answered_at >= begin,
        SettlementDispute.answered_at < end,
        SettlementDispute.granted.is_(True),
    )
    if institution_id is not None:
        query = query.where(SettlementDispute.institution_id == institution_id)
    return work.session.execute(query.order_by(SettlementDispute.answered_at, SettlementDispute.id)).scalars().all()


def closed_month(work: UnitOfWork, month: str) -> SettlementMonth | None:
    """The month, where it was closed."""
    return work.session.get(SettlementMonth, month)


def closed_months(work: UnitOfWork) -> Sequence[SettlementMonth]:
    """All that were closed, the latest first."""
    return work.session.execute(select(SettlementMonth).order_by(SettlementMonth.month.desc())).scalars().all()


def lines_of(work: UnitOfWork, month: str, institution_id: int | None = None) -> Sequence[SettlementLine]:
    """The lines of a closed month, in their order."""
    query = select(SettlementLine).where(SettlementLine.month == month)
    if institution_id is not None:
        query = query.where(SettlementLine.institution_id == institution_id)
    return work.session.execute(query.order_by(SettlementLine.number)).scalars().all()


def line(work: UnitOfWork, line_id: int) -> SettlementLine:
    """One line of a closed month. Raises `NotFound`."""
    found = work.session.execute(select(SettlementLine).where(SettlementLine.id == line_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such line of a closed month.")
    return found


def dispute(work: UnitOfWork, dispute_id: int) -> SettlementDispute:
    """One, locked. Raises `NotFound`."""
    query = select(SettlementDispute).where(SettlementDispute.id == dispute_id).with_for_update(of=SettlementDispute)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such objection.")
    return found


def disputes(work: UnitOfWork, *, only_open: bool = False, limit: int = 200) -> Sequence[SettlementDispute]:
    """What was said against lines, the latest first."""
    query = select(SettlementDispute).order_by(SettlementDispute.id.desc()).limit(limit)
    return (
        work.session.execute(query.where(SettlementDispute.granted.is_(None)) if only_open else query).scalars().all()
    )


def disputes_about(work: UnitOfWork, line_ids: Collection[int]) -> Sequence[SettlementDispute]:
    """What was said against these lines."""
    query = select(SettlementDispute).where(SettlementDispute.line_id.in_(line_ids)).order_by(SettlementDispute.id)
    return work.session.execute(query).scalars().all()
