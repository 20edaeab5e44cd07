"""The cases that the indicators are made of: each with whether it is in the numerator, and why it is or is not."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from reading_queue.critical.indicators import Indicator as CriticalIndicator
from reading_queue.critical.indicators import counted_cases, records_between
from reading_queue.indicators.definitions import Code
from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import in_force
from storage.db.models import CriticalCase, Institution
from storage.db.queries import indicators as rows
from storage.db.queries import quality
from storage.db.queries.indicators import Exam
from storage.db.queries.quality import Span
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority

TWO_HOURS = timedelta(hours=2)
"""The nation's limit; a county cannot change it."""

_EMERGENCY = frozenset({Priority.P0, Priority.P1})
_XRAY_AND_CT = frozenset({"CR", "CT", "DR", "DX", "RF", "RG"})
_NOT_IMAGES = "ECG"
_PI_RADS = re.compile(r"PI[-‐–— ]?RADS", re.IGNORECASE)
_BI_RADS = re.compile(r"BI[-‐–— ]?RADS", re.IGNORECASE)
_PROSTATE = re.compile(r"PROSTATE|前列腺", re.IGNORECASE)
_BREAST = re.compile(r"BREAST|MAMMA|乳腺|乳房", re.IGNORECASE)


class Why(StrEnum):
    """Why a case is in the numerator, or is not. The words of critical values are those of their own indicators."""

    DONE = "done"
    LATE = "late"
    UNKNOWN_START = "unknown_start"
    ONE_SIDED = "one_sided"
    NOT_TOLD = "not_told"
    GRADED = "graded"
    RETURNED = "returned"
    GIVEN_UP = "given_up"
    FINE = "fine"
    FAULTS = "faults"
    NO_CATEGORY = "no_category"


@dataclass(frozen=True)
class Counted:
    """A case of the denominator. `minutes` is what the indicator measures, None where it measures none."""

    key: int
    institution_id: int
    modality: str
    at: datetime
    counts: bool
    why: Why
    minutes: float | None = None
    is_critical: bool = False
    """`key` is a critical case, else a task."""


@dataclass(frozen=True)
class Share:
    """Numerator and denominator."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """None without a denominator."""
        return 100 * self.numerator / self.denominator if self.denominator else None

    @classmethod
    def of(cls, cases: Iterable[Counted]) -> "Share":
        """Count them."""
        found = list(cases)
        return cls(sum(one.counts for one in found), len(found))


@dataclass(frozen=True)
class Figures:
    """An indicator: as a whole, by month (`2026-03`), by institution and by modality."""

    whole: Share
    months: Mapping[str, Share]
    institutions: Mapping[int, Share]
    modalities: Mapping[str, Share]


def cases_of(work: UnitOfWork, code: Code, span: Span) -> list[Counted]:
    """The denominator of one indicator, in order of time."""
    return all_cases(work, span, (code,))[code]


def all_cases(work: UnitOfWork, span: Span, codes: Iterable[Code] = tuple(Code)) -> dict[Code, list[Counted]]:
    """The denominators of several, from one look at what was signed and one at the critical values."""
    wanted = tuple(codes)
    exams = rows.signed_exams(work, span) if any(code in _OF_EXAMS for code in wanted) else []
    found = {}
    for code in wanted:
        cases = _OF_EXAMS[code](work, span, exams) if code in _OF_EXAMS else _critical(work, span, code)
        found[code] = sorted(cases, key=lambda one: (one.at, one.key))
    return found


def figures(cases: Sequence[Counted], zone: tzinfo) -> Figures:
    """What the cases come to."""
    months: defaultdict[str, list[Counted]] = defaultdict(list)
    places: defaultdict[int, list[Counted]] = defaultdict(list)
    modalities: defaultdict[str, list[Counted]] = defaultdict(list)
    for one in cases:
        months[month_of(one, zone)].append(one)
        places[one.institution_id].append(one)
        modalities[one.modality].append(one)
    return Figures(
        Share.of(cases),
        {month: Share.of(months[month]) for month in sorted(months)},
        {place: Share.of(found) for place, found in places.items()},
        {modality: Share.of(modalities[modality]) for modality in sorted(modalities)},
    )


def month_of(one: Counted, zone: tzinfo) -> str:
    """The county's month in which the case counts."""
    return f"{one.at.astimezone(zone):%Y-%m}"


def _emergency(_work: UnitOfWork, _span: Span, exams: Sequence[Exam]) -> list[Counted]:
    return [_timed(exam) for exam in exams if exam.modality in _XRAY_AND_CT and Priority(exam.priority) in _EMERGENCY]


def _timed(exam: Exam) -> Counted:
    if exam.exam_started_at is None:
        return _counted(exam, Why.UNKNOWN_START, counts=False)
    took = exam.signed_at - exam.exam_started_at
    in_time = took <= TWO_HOURS
    return _counted(exam, Why.DONE if in_time else Why.LATE, counts=in_time, minutes=took.total_seconds() / 60)


def _writing(_work: UnitOfWork, _span: Span, exams: Sequence[Exam]) -> list[Counted]:
    return [_counted(exam, Why.FAULTS if exam.faults else Why.FINE, counts=not exam.faults) for exam in exams]


def _artefacts(work: UnitOfWork, span: Span, exams: Sequence[Exam]) -> list[Counted]:
    codes = in_force(work, QUALITY).content.artefacts
    graded = {task for _, task, reasons in quality.graded_reasons(work, span) if codes.intersection(reasons)}
    returned = quality.tasks_retaken(work, span, codes)
    signed = [_flaw(exam, graded, returned) for exam in exams if exam.modality != _NOT_IMAGES]
    given_up = [
        Counted(one.task_id, one.institution_id, one.modality, one.ordered_at, one.task_id in returned, Why.GIVEN_UP)
        for one in rows.unread_exams(work, span)
        if one.modality != _NOT_IMAGES
    ]
    return [*signed, *given_up]


def _flaw(exam: Exam, graded: set[int], returned: set[int]) -> Counted:
    if exam.task_id in graded:
        return _counted(exam, Why.GRADED, counts=True)
    if exam.task_id in returned:
        return _counted(exam, Why.RETURNED, counts=True)
    return _counted(exam, Why.FINE, counts=False)


def _pi_rads(work: UnitOfWork, _span: Span, exams: Sequence[Exam]) -> list[Counted]:
    asked = [exam for exam in exams if exam.modality == "MR" and _PROSTATE.search(exam.words)]
    return _categorised(work, asked, _PI_RADS)


def _bi_rads(work: UnitOfWork, _span: Span, exams: Sequence[Exam]) -> list[Counted]:
    asked = [exam for exam in exams if exam.modality == "MG" or (exam.modality == "MR" and _BREAST.search(exam.words))]
    return _categorised(work, asked, _BI_RADS)


def _categorised(work: UnitOfWork, exams: Sequence[Exam], named: re.Pattern[str]) -> list[Counted]:
    said = {task for task, words in rows.last_words(work, [exam.task_id for exam in exams]) if named.search(words)}
    return [
        _counted(exam, Why.DONE if exam.task_id in said else Why.NO_CATEGORY, counts=exam.task_id in said)
        for exam in exams
    ]


def _counted(exam: Exam, why: Why, *, counts: bool, minutes: float | None = None) -> Counted:
    return Counted(exam.task_id, exam.institution_id, exam.modality, exam.signed_at, counts, why, minutes)


def _critical(work: UnitOfWork, span: Span, code: Code) -> list[Counted]:
    places = {row.code: row.id for row in work.session.query(Institution.code, Institution.id)}
    records = records_between(work, span.begin, span.end)
    counted = counted_cases(records, CriticalIndicator(code), span.begin, span.end)
    return [
        Counted(
            one.case_id,
            places[one.institution],
            one.modality,
            one.basis_at or span.begin,
            one.is_done,
            Why(one.outcome),
            one.minutes,
            is_critical=True,
        )
        for one in counted
        if span.institution_id in (None, places[one.institution]) and span.modality in ("", one.modality)
    ]


_OF_EXAMS: Mapping[Code, Callable[[UnitOfWork, Span, Sequence[Exam]], list[Counted]]] = {
    Code.EMERGENCY: _emergency,
    Code.WRITING: _writing,
    Code.ARTEFACT: _artefacts,
    Code.PI_RADS: _pi_rads,
    Code.BI_RADS: _bi_rads,
}


def tasks_behind(work: UnitOfWork, cases: Sequence[Counted]) -> dict[int, int]:
    """By key of a case the task that shows it: its own, or the newest one of a critical value's study."""
    critical = [one.key for one in cases if one.is_critical]
    found = {one.key: one.key for one in cases if not one.is_critical}
    studies = work.session.query(CriticalCase.id, CriticalCase.study_id).filter(CriticalCase.id.in_(critical)).all()
    newest = rows.tasks_of_critical(work, [study for _, study in studies])
    return found | {case: newest[study] for case, study in studies if study in newest}
