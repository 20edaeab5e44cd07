"""A clinic's results, in the order of its own gap-free numbers (I6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from storage.db.models import Institution, ReportVersion, Result, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound

MAX_LIMIT = 500


@dataclass(frozen=True)
class NumberingFault:
    """An institution whose results do not run from 1 to its last number without a gap."""

    institution: str
    last_number: int
    results: int
    highest: int


def results_after(work: UnitOfWork, institution_id: int, after: int = 0, limit: int = 100) -> Sequence[Result]:
    """Results of an institution with a number above `after`, in order, with study, patient, version and receipt."""
    query = _with_line(select(Result)).where(Result.institution_id == institution_id, Result.seq > after)
    return work.session.execute(query.order_by(Result.seq).limit(max(1, min(limit, MAX_LIMIT)))).scalars().all()


def get_result(work: UnitOfWork, institution_id: int, seq: int) -> Result:
    """One result by its number. Raises `NotFound`."""
    query = _with_line(select(Result)).where(Result.institution_id == institution_id, Result.seq == seq)
    result = work.session.execute(query).scalar_one_or_none()
    if result is None:
        raise NotFound("There is no such result.")
    return result


def latest_seq(work: UnitOfWork, institution_id: int) -> int:
    """The last number given to the institution; 0 before the first."""
    query = select(Institution.result_seq).where(Institution.id == institution_id)
    return work.session.execute(query).scalar_one_or_none() or 0


def numbering_faults(work: UnitOfWork) -> list[NumberingFault]:
    """Institutions whose sequence has a gap; empty when all is well."""
    count, highest = func.count(Result.id), func.coalesce(func.max(Result.seq), 0)
    query = (
        select(Institution.code, Institution.result_seq, count, highest)
        .outerjoin(Result, Result.institution_id == Institution.id)
        .group_by(Institution.id, Institution.code, Institution.result_seq)
        .having((count != Institution.result_seq) | (highest != Institution.result_seq))
    )
    return [NumberingFault(*row) for row in work.session.execute(query)]


def _with_line(query: Select[Result]) -> Select[Result]:
    return query.options(
        joinedload(Result.study).joinedload(Study.patient),
        joinedload(Result.report_version).joinedload(ReportVersion.report),
        joinedload(Result.receipt),
        joinedload(Result.printing),
    )
