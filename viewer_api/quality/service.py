"""Rows of quality work as the interface tells them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from reading_queue.quality import figures, reviews
from reading_queue.quality.chapter import QUALITY, QualityRules
from reading_queue.quality.discrepancies import Comparison
from reading_queue.quality.exams import age_at
from reading_queue.quality.figures import AuthorLine, Indicator, Line
from reading_queue.quality.grading import grades_of
from reading_queue.report_rules import Fault, Severity
from reading_queue.rulebook import in_force
from storage.db.models import ImageGrade, Institution, PeerReview, ReadingTask, RetakeOrder, User
from storage.db.queries.quality import Span
from storage.db.queries.studies import pictured
from storage.db.session import UnitOfWork
from storage.domain.errors import InvalidField, NotFound
from storage.domain.quality import Discrepancy, DrawnBy, Grade, GradeStep, Radpeer, RetakeState, ReviewState
from viewer_api.quality.schemas import (
    AuthorFigureOut,
    CheckOut,
    DiscrepancyOut,
    FaultOut,
    FigureOut,
    FiguresQuery,
    GradeOut,
    GradesOut,
    IndicatorOut,
    MarkOut,
    PieceOut,
    QualityRulesOut,
    ReasonOut,
    RetakeOut,
    ReviewLine,
    ReviewOut,
)
from viewer_api.schemas import patient_out

_DEFAULT_DAYS = 92
_LONGEST_DAYS = 3 * 366


def rules_out(rules: QualityRules) -> QualityRulesOut:
    return QualityRulesOut(
        reasons=[ReasonOut(**one.model_dump()) for one in rules.reasons],
        required_for=list(rules.grades.required_for),
        not_for=list(rules.grades.not_for),
        retake_seen_minutes=rules.retakes.seen_minutes,
    )


def grades_out(work: UnitOfWork, task_id: int) -> GradesOut:
    task = work.session.execute(select(ReadingTask).where(ReadingTask.id == task_id)).scalar_one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    items = [_grade_out(row) for row in grades_of(work, task_id)]
    required = in_force(work, QUALITY).content.must_grade(task.modality)
    return GradesOut(items=items, standing=items[-1].grade if items else None, required=required)


def _grade_out(row: ImageGrade) -> GradeOut:
    return GradeOut(
        step=GradeStep(row.step),
        grade=Grade(row.grade),
        reasons=row.reasons,
        note=row.note,
        graded_by=row.graded_by.username,
        graded_by_name=row.graded_by.display_name,
        graded_at=row.graded_at,
    )


def check_out(faults: list[Fault]) -> CheckOut:
    items = [FaultOut(**{name: getattr(one, name) for name in FaultOut.model_fields}) for one in faults]
    return CheckOut(faults=items, blocks=any(one.severity is Severity.BLOCKS for one in faults))


def retakes_out(work: UnitOfWork, orders: Sequence[RetakeOrder]) -> list[RetakeOut]:
    shown = pictured(work, [order.study_id for order in orders])
    return [_retake_out(order, has_picture=order.study_id in shown) for order in orders]


def _retake_out(order: RetakeOrder, *, has_picture: bool) -> RetakeOut:
    study = order.study
    return RetakeOut(
        id=order.id,
        task_id=order.task_id,
        study_instance_uid=study.study_instance_uid,
        institution=order.institution.code,
        institution_name=order.institution.name,
        institution_name_en=order.institution.name_en,
        patient=patient_out(study.patient, study.exam_started_at or study.first_received_at),
        modality=order.modality,
        description=study.description,
        body_part=study.body_part,
        device=order.device.ae_title if order.device else "",
        operator=order.operator,
        state=RetakeState(order.state),
        reason_code=order.reason_code,
        reason=order.reason,
        guidance=order.guidance,
        marked=MarkOut(**order.marked),
        thumbnail=f"/api/v1/studies/{study.study_instance_uid}/thumbnail" if has_picture else None,
        ordered_by_name=order.ordered_by.display_name if order.ordered_by else "",
        ordered_at=order.ordered_at,
        see_by=order.see_by,
        answer_by=order.answer_by,
        seen_at=order.seen_at,
        seen_by_name=order.seen_by.display_name if order.seen_by else "",
        closed_at=order.closed_at,
        close_reason=order.close_reason,
    )


def asked_span(work: UnitOfWork, asked: FiguresQuery) -> tuple[Span, date, date]:
    """The span of time, and its first and last day in the county."""
    last = asked.end or work.now.astimezone(work.zone).date()
    first = asked.begin or last - timedelta(days=_DEFAULT_DAYS - 1)
    if not timedelta(0) <= last - first <= timedelta(days=_LONGEST_DAYS):
        raise InvalidField("from", "must not lie after to, nor more than three years before it.")
    begin = datetime.combine(first, time.min, work.zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, work.zone).astimezone(UTC)
    return Span(begin, end, _institution_id(work, asked.institution), asked.modality), first, last


def _institution_id(work: UnitOfWork, code: str) -> int | None:
    if not code:
        return None
    found = work.session.execute(select(Institution.id).where(Institution.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such institution.")
    return found


def figure_out(line: Line) -> FigureOut:
    return FigureOut(
        key=line.key,
        label=line.label,
        label_en=line.label_en,
        exams=line.exams,
        graded=sum(line.grades.values()),
        grade_a=line.grades[Grade.A],
        grade_b=line.grades[Grade.B],
        grade_c=line.grades[Grade.C],
        grade_reject=line.grades[Grade.REJECT],
        grade_a_rate=line.grade_a_rate,
        retakes=line.retakes,
        redone=line.redone,
        waived=line.waived,
        expired=line.expired,
        retake_rate=line.retake_rate,
        flawed=line.flawed,
    )


def indicator_out(one: Indicator) -> IndicatorOut:
    return IndicatorOut(
        code=one.code,
        numerator=one.numerator,
        denominator=one.denominator,
        percent=one.percent,
        target=one.target,
        at_most=one.at_most,
    )


def review_out(work: UnitOfWork, review: PeerReview) -> ReviewOut:
    study, content = review.study, reviews.reviewed_version(work, review).content
    at = study.exam_started_at or study.first_received_at
    return ReviewOut(
        **review_line(review).model_dump(),
        study_instance_uid=study.study_instance_uid,
        body_part=study.body_part,
        sex=study.patient.sex,
        age=age_at(study.patient.birth_date, at),
        findings=content["findings"],
        impression=content["impression"],
        positive=content["positive"],
        critical=content["critical"],
    )


def review_line(review: PeerReview) -> ReviewLine:
    return ReviewLine(
        id=review.id,
        state=ReviewState(review.state),
        drawn_by=DrawnBy(review.drawn_by),
        drawn_at=review.drawn_at,
        modality=review.modality,
        description=review.study.description,
    )


def authors_out(work: UnitOfWork, span: Span, author_id: int | None) -> list[AuthorFigureOut]:
    lines = figures.second_looks(work, span, by_author=True, author_id=author_id)
    names = {str(row.id): row.display_name for row in work.session.execute(select(User)).scalars()}
    return [_author_out(line, names.get(line.key, "")) for line in lines]


def modalities_out(work: UnitOfWork, span: Span, author_id: int | None) -> list[AuthorFigureOut]:
    lines = figures.second_looks(work, span, by_author=False, author_id=author_id)
    return [_author_out(line, line.key) for line in lines]


def _author_out(line: AuthorLine, label: str) -> AuthorFigureOut:
    return AuthorFigureOut(
        key=line.key,
        label=label,
        compared=sum(line.compared.values()),
        none=line.compared[Discrepancy.NONE],
        minor=line.compared[Discrepancy.MINOR],
        major=line.compared[Discrepancy.MAJOR],
        judged=line.judged,
        discrepancy_rate=line.discrepancy_rate,
        drawn=line.drawn,
        reviewed=sum(line.scores.values()),
        scores={str(score): line.scores[score] for score in Radpeer},
        review_rate=line.review_rate,
    )


def discrepancy_out(found: Comparison) -> DiscrepancyOut:
    judged = found.signed.judged if found.signed else ""
    return DiscrepancyOut(
        submitted_at=found.submitted.submitted_at,
        findings=[PieceOut(kind=one.kind, text=one.text) for one in found.findings],
        impression=[PieceOut(kind=one.kind, text=one.text) for one in found.impression],
        suggested=found.suggested,
        judged=Discrepancy(judged) if judged else None,
    )
