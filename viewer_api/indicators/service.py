"""Indicators as the interface tells them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta

from reading_queue.boards.chapter import BOARDS
from reading_queue.indicators.counting import (
    Counted,
    Figures,
    Share,
    all_cases,
    cases_of,
    figures,
    month_of,
    tasks_behind,
)
from reading_queue.indicators.definitions import DEFINITIONS, Code
from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import Institution, ReadingTask
from storage.db.queries import devices, people
from storage.db.queries.indicators import shown_tasks
from storage.db.queries.quality import Span
from storage.db.session import UnitOfWork
from storage.domain.ages import age_at, iso_date
from storage.domain.errors import InvalidField
from storage.domain.reading import Priority
from viewer_api.auth.service import Caller
from viewer_api.indicators.schemas import (
    CaseLine,
    CaseList,
    CasesIn,
    NationalList,
    NationalOut,
    ShareOut,
    SpanIn,
    WordsOut,
)
from viewer_api.masking import mask_name
from viewer_api.spreadsheets import BYTE_ORDER_MARK, line

_DEFAULT_MONTHS = 5
_LONGEST = timedelta(days=3 * 366)
_MOST_CASES = 500


def national_out(work: UnitOfWork, asked: SpanIn) -> NationalList:
    """Every indicator for the span."""
    span, first, last = asked_span(work, asked)
    places = {row.id: row for row in devices.institutions(work)}
    targets = _targets(work)
    found = all_cases(work, span)
    items = [_item(code, figures(found[code], work.zone), targets.get(code), places) for code in Code]
    return NationalList(begin=first, end=last, items=items)


def cases_out(work: UnitOfWork, caller: Caller, asked: CasesIn) -> CaseList:
    """The cases behind an indicator; who looks, and why, is put on the audit chain."""
    span, first, last = asked_span(work, asked)
    found = [
        one
        for one in cases_of(work, asked.code, span)
        if asked.month in ("", month_of(one, work.zone)) and asked.counts in (None, one.counts)
    ]
    shown = found[::-1][:_MOST_CASES]
    filters = asked.model_dump(mode="json", exclude={"reason", "begin", "end"}, exclude_defaults=True)
    detail = {**filters, "begin": first.isoformat(), "end": last.isoformat(), "cases": len(found)}
    told = {**detail, "reason": asked.reason}
    record(work.session, AuditEntry(work.now, caller.known_as, "indicator.cases", f"indicator:{asked.code}", told))
    return CaseList(items=_lines(work, shown), total=len(found))


def sheet(found: NationalList, *, english: bool) -> bytes:
    """Every figure as a row: indicator, by what, numerator, denominator, percent, target."""
    head_zh = ("指标", "名称", "口径", "分子", "分母", "百分比", "目标", "分子定义", "分母定义", "来源")
    head_en = ("Indicator", "Name", "By", "Numerator", "Denominator", "Percent", "Target", "Counted", "Of", "Source")
    rows = [line(head_en if english else head_zh)]
    for one in found.items:
        words = one.en if english else one.zh
        whole = ShareOut(
            key="", label="合计", label_en="All", **one.model_dump(include={"numerator", "denominator", "percent"})
        )
        about = (words.numerator, words.denominator, words.source)
        for share in (whole, *one.months, *one.institutions, *one.modalities):
            label = share.label_en if english else share.label
            counted = (share.numerator, share.denominator, share.percent, one.target)
            rows.append(line([one.code, words.name, label, *counted, *about]))
    return (BYTE_ORDER_MARK + "".join(rows)).encode()


def asked_span(work: UnitOfWork, asked: SpanIn) -> tuple[Span, date, date]:
    """The span of time, and its first and last day in the county. Raises `InvalidField`, `NotFound`."""
    last = asked.end or work.now.astimezone(work.zone).date()
    first = asked.begin or _months_before(last)
    if not timedelta(0) <= last - first <= _LONGEST:
        raise InvalidField("begin", "must not lie after end, nor more than three years before it.")
    begin = datetime.combine(first, time.min, work.zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, work.zone).astimezone(UTC)
    place = people.institution_by_code(work, asked.institution).id if asked.institution else None
    return Span(begin, end, place, asked.modality), first, last


def _months_before(last: date) -> date:
    year, month = divmod(last.year * 12 + last.month - 1 - _DEFAULT_MONTHS, 12)
    return date(year, month + 1, 1)


def _targets(work: UnitOfWork) -> Mapping[str, float]:
    quality = in_force(work, QUALITY).content.indicators
    own = {Code.ARTEFACT.value: quality.artefact_at_most, Code.WRITING.value: quality.writing_at_least}
    return {**in_force(work, BOARDS).content.targets, **own}


def _item(code: Code, found: Figures, target: float | None, places: Mapping[int, Institution]) -> NationalOut:
    definition = DEFINITIONS[code]
    sites = [
        _share(places[place].code, share, places[place].name, places[place].name_en)
        for place, share in found.institutions.items()
    ]
    return NationalOut(
        code=code,
        zh=WordsOut(**asdict(definition.zh)),
        en=WordsOut(**asdict(definition.en)),
        target=target,
        at_most=definition.at_most,
        numerator=found.whole.numerator,
        denominator=found.whole.denominator,
        percent=found.whole.percent,
        months=[_share(month, share) for month, share in found.months.items()],
        institutions=sorted(sites, key=lambda one: one.key),
        modalities=[_share(modality, share) for modality, share in found.modalities.items()],
    )


def _share(key: str, share: Share, label: str = "", label_en: str = "") -> ShareOut:
    return ShareOut(
        key=key,
        label=label or key,
        label_en=label_en or label or key,
        numerator=share.numerator,
        denominator=share.denominator,
        percent=share.percent,
    )


def _lines(work: UnitOfWork, cases: list[Counted]) -> list[CaseLine]:
    behind = tasks_behind(work, cases)
    tasks = shown_tasks(work, set(behind.values()))
    places = {row.id: row for row in devices.institutions(work)}
    return [_line(one, tasks.get(behind.get(one.key, 0)), places[one.institution_id]) for one in cases]


def _line(one: Counted, task: ReadingTask | None, place: Institution) -> CaseLine:
    patient = task.study.patient if task else None
    exam_at = (task.study.exam_started_at or task.study.first_received_at) if task else one.at
    return CaseLine(
        task_id=task.id if task else None,
        patient=mask_name(patient.name) if patient else "",
        sex=patient.sex if patient else "",
        age=age_at(iso_date(patient.birth_date), exam_at) if patient else "",
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        modality=one.modality,
        priority=Priority(task.priority) if task else None,
        at=one.at,
        counts=one.counts,
        why=one.why,
        minutes=one.minutes,
    )
