"""Results, and what can be counted of them, as CSV; page by page, so that a year of a county costs no memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from storage.db.models import Result, Study
from storage.db.session import Database, Scope
from storage.domain.ages import age_at, iso_date
from storage.domain.errors import InvalidField
from viewer_api.spreadsheets import BYTE_ORDER_MARK, line

_PAGE = 500
_LONGEST = timedelta(days=366 * 2)
_HEAD_ZH = (
    "序号", "机构", "类型", "版本", "发出时间", "患者编号", "姓名", "性别", "年龄", "检查类型", "检查项目", "检查号",
    "阳性", "危急值", "报告医师", "审核医师", "签收时间", "签收人", "打印时间", "打印人", "检查唯一号",
)  # fmt: skip
_HEAD_EN = (
    "Number", "Institution", "Kind", "Version", "Issued", "Patient ID", "Name", "Sex", "Age", "Modality", "Examination",
    "Accession number", "Positive", "Critical", "Author", "Signer", "Received", "Received by", "Printed", "Printed by",
    "Study UID",
)  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Days of the county, the last included."""

    first: date
    last: date
    zone: tzinfo

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)


def span_of(first: date, last: date, zone: tzinfo) -> Span:
    """Raise `InvalidField` for days in the wrong order, or too many of them."""
    if not first <= last <= first + _LONGEST:
        raise InvalidField("last", "must be the first day or later, and at most two years after it.")
    return Span(first, last, zone)


def result_lines(
    database: Database, scope: Scope, span: Span, institution_id: int | None, *, english: bool, mark: bool
) -> Iterator[str]:
    """The file in pieces: a head and a line for each result of the span, in the order of their making."""
    yield (BYTE_ORDER_MARK if mark else "") + line(_HEAD_EN if english else _HEAD_ZH)
    last_id = 0
    while True:
        with database.read(scope) as work:
            query = _page(span, institution_id).where(Result.id > last_id).order_by(Result.id).limit(_PAGE)
            found = work.session.execute(query).scalars().all()
            yield from (line(_values(one, span.zone)) for one in found)
        if len(found) < _PAGE:
            return
        last_id = found[-1].id


def _page(span: Span, institution_id: int | None) -> Select[Result]:
    query = select(Result).where(Result.created_at >= span.begins, Result.created_at < span.ends)
    if institution_id is not None:
        query = query.where(Result.institution_id == institution_id)
    return query.options(
        joinedload(Result.study).joinedload(Study.institution),
        joinedload(Result.report_version),
        joinedload(Result.receipt),
        joinedload(Result.printing),
    )


def _values(result: Result, zone: tzinfo) -> list[object]:
    content, receipt, printing = result.report_version.content, result.receipt, result.printing
    patient, study = content["patient"], content["study"]
    started = study["exam_started_at"]
    at = datetime.fromisoformat(started) if started else result.created_at
    return [
        result.seq,
        result.study.institution.code,
        result.kind,
        result.report_version.version,
        _local(result.created_at, zone),
        patient["id"],
        patient["name"].replace("^", ""),
        patient["sex"],
        age_at(iso_date(patient["birth_date"]), at),
        study["modality"],
        study["description"],
        study["accession_number"],
        {True: "1", False: "0", None: ""}[content["positive"]],
        content["critical"],
        content["author"]["name"],
        content["signer"]["name"],
        _local(receipt.at, zone) if receipt else "",
        receipt.received_by if receipt else "",
        _local(printing.at, zone) if printing else "",
        printing.printed_by if printing else "",
        study["study_instance_uid"],
    ]


def _local(moment: datetime | None, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
