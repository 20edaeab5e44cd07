"""`/api/v1/clinic-figures`: volumes, times, retakes, grades and critical values of one clinic, or of all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles
from typing import Annotated

from fastapi import APIRouter, Query

from reading_queue.quality.figures import months
from storage.db.queries import people, quality
from storage.db.queries.clinic_figures import SignedTimes, critical_values, signed_times
from storage.db.queries.quality import Span
from storage.db.session import UnitOfWork
from storage.domain.quality import Grade
from viewer_api.clinic.schemas import ClinicFigures, ClinicLine, ClinicQuery
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1", tags=["clinic"], responses=refusals(401, 403))

_TENTHS = 10


@router.get("/clinic-figures", responses=refusals(404))
def show_figures(asked: Annotated[ClinicQuery, Query()], caller: CallerDep, services: ServicesDep) -> ClinicFigures:
    """By month and by modality. A clinic sees its own."""
    with services.database.read(caller.scope) as work:
        span, first, last = _span(work, asked, caller.scope.institution_id)
        exams = signed_times(work, span)
        modalities = sorted({one.modality for one in exams})
        return ClinicFigures(
            begin=first,
            end=last,
            whole=_line(work, "", span, exams),
            months=[_month(work, name, part, exams) for name, part in months(span, work)],
            modalities=[_modality(work, one, span, exams) for one in modalities],
        )


def _span(work: UnitOfWork, asked: ClinicQuery, own: int | None) -> tuple[Span, date, date]:
    last = work.now.astimezone(work.zone).date()
    year, month = divmod(last.year * 12 + last.month - asked.months, 12)
    first = date(year, month + 1, 1)
    begin = datetime.combine(first, time.min, work.zone).astimezone(UTC)
    wanted = people.institution_by_code(work, asked.institution).id if asked.institution else None
    end = datetime.combine(last + timedelta(days=1), time.min, work.zone).astimezone(UTC)
    return Span(begin, end, own if own is not None else wanted), first, last


def _month(work: UnitOfWork, name: str, part: Span, exams: Sequence[SignedTimes]) -> ClinicLine:
    own = [one for one in exams if part.begin <= one.signed_at < part.end]
    return _line(work, name, part, own)


def _modality(work: UnitOfWork, name: str, span: Span, exams: Sequence[SignedTimes]) -> ClinicLine:
    return _line(work, name, replace(span, modality=name), [one for one in exams if one.modality == name])


def _line(work: UnitOfWork, key: str, span: Span, exams: Sequence[SignedTimes]) -> ClinicLine:
    grades: Counter[str] = Counter()
    for counted in quality.count_exams(work, span):
        grades[counted.grade] += counted.exams
    whole = [(one.signed_at - one.exam_started_at).total_seconds() for one in exams if one.exam_started_at]
    ready = [max(0.0, (one.signed_at - one.ready_at).total_seconds() - one.paused_seconds) for one in exams]
    return ClinicLine(
        key=key,
        signed=len(exams),
        from_exam_median=_minutes(median(whole)) if whole else None,
        from_ready_median=_minutes(median(ready)) if ready else None,
        from_ready_p90=_minutes(_ninetieth(ready)) if ready else None,
        in_time=sum(one.signed_at <= one.limit_at for one in exams),
        retakes=sum(one.orders for one in quality.count_retakes(work, span)),
        grade_a=grades[Grade.A],
        grade_b=grades[Grade.B],
        grade_c=grades[Grade.C],
        grade_reject=grades[Grade.REJECT],
        critical=None if span.modality else critical_values(work, span),
    )


def _ninetieth(values: Sequence[float]) -> float:
    return values[0] if len(values) == 1 else quantiles(values, n=_TENTHS, method="inclusive")[-1]


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)
