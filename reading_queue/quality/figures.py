"""Quality figures: reject analysis by site, device, operator, reason, modality and month; indicators; discrepancies and reviews.

Reject analysis after AAPM TG-305: retakes divided by all exams of the same source. They count against whoever took the
images, never the reader.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import in_force
from storage.db.models import Device, Institution
from storage.db.queries import quality
from storage.db.queries.quality import Source, Span
from storage.db.session import UnitOfWork
from storage.domain.quality import Discrepancy, Grade, RetakeState, ReviewState
from storage.domain.reading import InstitutionKind

NOT_IMAGES = "ECG"


class Dimension(StrEnum):
    """By what figures are told."""

    SITE = "site"
    DEVICE = "device"
    OPERATOR = "operator"
    MODALITY = "modality"
    REASON = "reason"
    MONTH = "month"


@dataclass
class Line:
    """Figures of one site, device, operator, reason, modality or month. By reason there are no exams and no grades."""

    key: str
    label: str = ""
    label_en: str = ""
    exams: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    retakes: int = 0
    redone: int = 0
    waived: int = 0
    expired: int = 0
    flawed: int = 0
    """Exams that were graded with the reason; by reason alone."""

    @property
    def retake_rate(self) -> float | None:
        """Retakes by exams: those signed and those that ended without images. None without exams."""
        whole = self.exams + self.expired
        return self.retakes / whole if whole else None

    @property
    def grade_a_rate(self) -> float | None:
        """甲片率: grade A among the graded. None where nothing was graded."""
        graded = sum(self.grades.values())
        return self.grades[Grade.A] / graded if graded else None


@dataclass(frozen=True)
class Indicator:
    """A national indicator. `target` in percent; `at_most` says on which side of it is good."""

    code: str
    numerator: int
    denominator: int
    target: float
    at_most: bool

    @property
    def percent(self) -> float | None:
        """None without a denominator."""
        return 100 * self.numerator / self.denominator if self.denominator else None


def months(span: Span, work: UnitOfWork) -> Iterator[tuple[str, Span]]:
    """The span cut at the county's months, each with its name YYYY-MM."""
    begin = span.begin
    while begin < span.end:
        local = begin.astimezone(work.zone)
        following = _next_month(local)
        end = min(span.end, following.astimezone(begin.tzinfo))
        yield f"{local:%Y-%m}", Span(begin, end, span.institution_id, span.modality)
        begin = end


def figures(work: UnitOfWork, span: Span, by: Dimension) -> list[Line]:
    """The lines for a dimension, the one with the most retakes first; months in their order."""
    if by is Dimension.MONTH:
        return [_month_line(work, name, part) for name, part in months(span, work)]
    lines: dict[str, Line] = {}
    _add(work, span, by, lines)
    _name(work, by, lines)
    return sorted(lines.values(), key=lambda line: (-line.retakes, -line.flawed, -line.exams, line.key))


def indicators(work: UnitOfWork, span: Span) -> list[Indicator]:
    """RQI-IIA-01 (artefacts) and RQI-RWS-03 (writing) for the span; how they are counted is in docs/quality.md."""
    rules = in_force(work, QUALITY).content
    written = quality.signed_faults(work, span)
    flawless = sum(not faults for faults, _ in written)
    return [
        _artefacts(work, span, rules.artefacts, rules.indicators.artefact_at_most),
        Indicator("RQI-RWS-03", flawless, len(written), rules.indicators.writing_at_least, at_most=False),
    ]


def _artefacts(work: UnitOfWork, span: Span, codes: frozenset[str], target: float) -> Indicator:
    graded = {
        task
        for source, task, reasons in quality.graded_reasons(work, span)
        if _is_image(source) and codes.intersection(reasons)
    }
    unreadable = quality.unreadable_tasks(work, span)
    returned = quality.tasks_retaken(work, span, codes)
    counted = graded | (returned & unreadable) | quality.signed_tasks(work, span, returned)
    exams = sum(one.exams for one in quality.count_exams(work, span) if _is_image(one.source))
    expired = sum(
        one.orders
        for one in quality.count_retakes(work, span)
        if one.state == RetakeState.EXPIRED and _is_image(one.source)
    )
    return Indicator("RQI-IIA-01", len(counted), exams + expired, target, at_most=True)


def _is_image(source: Source) -> bool:
    return source.modality != NOT_IMAGES


@dataclass
class AuthorLine:
    """What second looks found of one author, or of one modality."""

    key: str
    compared: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    scores: Counter[str] = field(default_factory=Counter)
    drawn: int = 0

    @property
    def discrepancy_rate(self) -> float | None:
        """Major differences among the reports that somebody else signed."""
        whole = sum(self.compared.values())
        return self.compared[Discrepancy.MAJOR] / whole if whole else None

    @property
    def review_rate(self) -> float | None:
        """Scores above 1 among the reviews given."""
        whole = sum(self.scores.values())
        return 1 - self.scores["1"] / whole if whole else None


def second_looks(work: UnitOfWork, span: Span, *, by_author: bool, author_id: int | None = None) -> list[AuthorLine]:
    """Discrepancies and reviews by author (key: user id) or by modality; of one author alone when he is named."""
    lines: dict[str, AuthorLine] = {}
    for author, modality, said, judged, count in quality.count_discrepancies(work, span, author_id):
        line = lines.setdefault(key := str(author) if by_author else modality, AuthorLine(key))
        line.compared[said] += count
        line.judged += count * judged
    for author, modality, state, score, count in quality.count_reviews(work, span, author_id):
        line = lines.setdefault(key := str(author) if by_author else modality, AuthorLine(key))
        line.drawn += count
        if state == ReviewState.DONE:
            line.scores[score] += count
    return [lines[key] for key in sorted(lines)]


def _month_line(work: UnitOfWork, name: str, part: Span) -> Line:
    lines: dict[str, Line] = {name: Line(name, name, name)}
    _add(work, part, Dimension.MONTH, lines)
    return lines[name]


def _add(work: UnitOfWork, span: Span, by: Dimension, lines: dict[str, Line]) -> None:
    only = next(iter(lines), "")
    if by is Dimension.REASON:
        for _, _, reasons in quality.graded_reasons(work, span):
            for code in reasons:
                lines.setdefault(code, Line(code)).flawed += 1
    else:
        for exams in quality.count_exams(work, span):
            line = lines.setdefault(key := _key(exams.source, by, only), Line(key))
            line.exams += exams.exams
            line.grades[exams.grade] += exams.exams if exams.grade else 0
    for retake in quality.count_retakes(work, span):
        key = retake.reason if by is Dimension.REASON else _key(retake.source, by, only)
        line = lines.setdefault(key, Line(key))
        line.retakes += retake.orders
        line.redone += retake.orders if retake.state == RetakeState.REDONE else 0
        line.waived += retake.orders if retake.state == RetakeState.WAIVED else 0
        line.expired += retake.orders if retake.state == RetakeState.EXPIRED else 0


def _key(source: Source, by: Dimension, only: str) -> str:
    if by is Dimension.SITE:
        return str(source.institution_id)
    if by is Dimension.DEVICE:
        return str(source.device_id or "")
    if by is Dimension.OPERATOR:
        return f"{source.institution_id}/{source.operator}"
    return source.modality if by is Dimension.MODALITY else only


def _name(work: UnitOfWork, by: Dimension, lines: Mapping[str, Line]) -> None:
    """Say what the keys stand for, in the names that people know."""
    sites = {str(row.id): row for row in work.session.execute(select(Institution)).scalars()}
    devices = {str(row.id): row for row in _devices(work, by)}
    reasons = {one.code: one for one in in_force(work, QUALITY).content.reasons} if by is Dimension.REASON else {}
    for key, line in lines.items():
        site, _, operator = key.partition("/")
        line.label = line.label_en = operator if by is Dimension.OPERATOR else key
        if by in (Dimension.SITE, Dimension.OPERATOR) and site in sites:
            line.label, line.label_en = _joined(sites[site], operator)
        elif by is Dimension.DEVICE and key in devices:
            line.label = line.label_en = devices[key].ae_title
        elif key in reasons:
            line.label, line.label_en = reasons[key].zh, reasons[key].en


def _joined(site: Institution, operator: str) -> tuple[str, str]:
    more = f" · {operator}" if operator else ""
    return f"{site.name}{more}", f"{site.name_en or site.name}{more}"


def _devices(work: UnitOfWork, by: Dimension) -> Iterable[Device]:
    return work.session.execute(select(Device)).scalars() if by is Dimension.DEVICE else ()


def _next_month(local: datetime) -> datetime:
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(first.year * 12 + first.month, 12)
    return first.replace(year=year, month=month + 1)


def clinics(work: UnitOfWork) -> list[Institution]:
    """The sites that figures may be asked for."""
    query = select(Institution).where(Institution.kind == InstitutionKind.CLINIC).order_by(Institution.code)
    return list(work.session.execute(query).scalars())
