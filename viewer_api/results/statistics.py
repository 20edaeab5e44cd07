"""What can be counted of an institution's results: how many, how quick, how many abnormal, and which were never fetched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import select

from storage.db.models import Institution, ReadingTask, Receipt, ReportVersion, Result, ResultPrinting
from storage.db.session import UnitOfWork
from storage.domain.reading import ReportKind
from viewer_api.results.sheets import Span
from viewer_api.spreadsheets import BYTE_ORDER_MARK, line

_ISSUED_ANEW = (ReportKind.AMENDED, ReportKind.ADDENDUM)
_HEAD_ZH = (
    "日期", "机构", "检查类型", "报告数", "阳性报告", "危急值报告", "更正或补充", "撤回", "已签收", "已打印",
    "从检查到齐到签发（分钟，中位数）", "从签发到签收（分钟，中位数）",
)  # fmt: skip
_HEAD_EN = (
    "Day", "Institution", "Modality", "Reports", "Positive", "Critical", "Amended or added to", "Withdrawn", "Received", "Printed",
    "Whole to signed (minutes, median)", "Signed to received (minutes, median)",
)  # fmt: skip


@dataclass
class ResultCount:
    """Of one day of the county, institution and modality. Minutes are medians, None where there is nothing to count."""

    day: str
    institution: str
    modality: str
    reports: int = 0
    positive: int = 0
    critical: int = 0
    changed: int = 0
    withdrawn: int = 0
    received: int = 0
    printed: int = 0
    to_signed: list[float] = field(default_factory=list)
    to_received: list[float] = field(default_factory=list)

    @property
    def signed_minutes(self) -> float | None:
        return round(median(self.to_signed), 1) if self.to_signed else None

    @property
    def received_minutes(self) -> float | None:
        return round(median(self.to_received), 1) if self.to_received else None


def counts(work: UnitOfWork, span: Span, institution_id: int | None) -> list[ResultCount]:
    """By day, institution and modality. A report counts once, at its first final version; what follows counts apart."""
    query = (
        select(
            Result.kind,
            Result.created_at,
            Institution.code,
            ReadingTask.modality,
            ReadingTask.ready_at,
            ReportVersion.content["positive"].as_string().label("positive"),
            ReportVersion.content["critical"].as_string().label("critical"),
            Receipt.at.label("received_at"),
            ResultPrinting.at.label("printed_at"),
        )
        .join(ReportVersion, ReportVersion.id == Result.report_version_id)
        .join(Institution, Institution.id == Result.institution_id)
        .join(ReadingTask, ReadingTask.id == Result.task_id)
        .outerjoin(Receipt, Receipt.result_id == Result.id)
        .outerjoin(ResultPrinting, ResultPrinting.result_id == Result.id)
        .where(Result.created_at >= span.begins, Result.created_at < span.ends)
    )
    if institution_id is not None:
        query = query.where(Result.institution_id == institution_id)
    found: dict[tuple[str, str, str], ResultCount] = {}
    for row in work.session.execute(query.execution_options(yield_per=1000)):
        day = row.created_at.astimezone(span.zone).date().isoformat()
        key = (day, row.code, row.modality)
        _count(found.setdefault(key, ResultCount(*key)), row)
    return [found[key] for key in sorted(found)]


def _count(one: ResultCount, row: Any) -> None:
    one.changed += row.kind in _ISSUED_ANEW
    one.withdrawn += row.kind == ReportKind.WITHDRAWN
    one.received += row.received_at is not None
    one.printed += row.printed_at is not None
    if row.received_at is not None:
        one.to_received.append(_minutes(row.created_at, row.received_at))
    if row.kind == ReportKind.FINAL:
        one.reports += 1
        # SQLite tells the truth of a JSON value as 1, PostgreSQL as a word.
        one.positive += row.positive in ("true", "1")
        one.critical += bool((row.critical or "").strip())
        one.to_signed.append(_minutes(row.ready_at, row.created_at))


def statistic_lines(found: Iterable[ResultCount], *, english: bool, mark: bool) -> Iterator[str]:
    """The counts as CSV, line by line."""
    yield (BYTE_ORDER_MARK if mark else "") + line(_HEAD_EN if english else _HEAD_ZH)
    for one in found:
        numbers = (one.reports, one.positive, one.critical, one.changed, one.withdrawn, one.received, one.printed)
        yield line([one.day, one.institution, one.modality, *numbers, one.signed_minutes, one.received_minutes])


def _minutes(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 60
