"""`/api/v1/quality`, `/api/v1/retakes`, `/api/v1/report-check`, and what quality asks of a task."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from sqlalchemy import select

from reading_queue.quality import discrepancies, figures, grading, retakes
from reading_queue.quality.chapter import QUALITY
from reading_queue.quality.exams import exam_of
from reading_queue.report_rules import Exam, check_report
from reading_queue.rulebook import in_force
from storage.db.models import ReadingTask
from storage.db.queries import quality
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.quality.schemas import (
    CheckIn,
    CheckOut,
    DiscrepancyOut,
    FiguresOut,
    FiguresQuery,
    GradeIn,
    GradesOut,
    JudgedIn,
    QualityRulesOut,
    RetakeOut,
    RetakeQuery,
    SheetQuery,
)
from viewer_api.quality.service import (
    asked_span,
    check_out,
    discrepancy_out,
    figure_out,
    grades_out,
    indicator_out,
    retakes_out,
    rules_out,
)
from viewer_api.quality.sheet import as_csv
from viewer_api.schemas import Page
from viewer_api.worklist.routes import TaskId

router = APIRouter(prefix="/api/v1", tags=["quality"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/quality/rules")
def show_rules(services: ServicesDep) -> QualityRulesOut:
    """The reasons for grades and retakes, and where a grade is required."""
    with services.database.read() as work:
        return rules_out(in_force(work, QUALITY).content)


@router.get("/tasks/{task_id}/grade", responses=refusals(404))
def show_grades(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> GradesOut:
    """How the images of a task were graded, and by whom."""
    with services.database.read(caller.scope) as work:
        return grades_out(work, task_id)


@router.put("/tasks/{task_id}/grade", responses=refusals(404, 409))
def grade_images(task_id: TaskId, body: GradeIn, caller: CallerDep, services: ServicesDep) -> GradesOut:
    """Grade the images of a case in hand; again until it is signed."""
    with services.database.write(caller.scope) as work:
        grading.grade_images(work, caller.actor, task_id, body.grade, body.reasons, body.note)
        return grades_out(work, task_id)


@router.post("/report-check", responses=refusals(404))
def check(body: CheckIn, caller: CallerDep, services: ServicesDep) -> CheckOut:
    """What the writing rules find in a report. Nothing is kept."""
    with services.database.read(caller.scope) as work:
        lexicon = in_force(work, QUALITY).content.lexicon
        return check_out(check_report(body.report.report(), _exam(work, body), lexicon))


@router.get("/tasks/{task_id}/discrepancy", responses=refusals(404))
def show_discrepancy(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> DiscrepancyOut | None:
    """What was changed since the author handed the report over; null where nobody has."""
    with services.database.read(caller.scope) as work:
        found = discrepancies.compare(work, task_id)
        return discrepancy_out(found) if found else None


@router.post("/tasks/{task_id}/discrepancy", responses=refusals(404, 409))
def judge_discrepancy(
    task_id: TaskId, body: JudgedIn, caller: CallerDep, services: ServicesDep
) -> DiscrepancyOut | None:
    """The signer says how much what he changed matters."""
    with services.database.write(caller.scope) as work:
        discrepancies.judge(work, caller.actor, task_id, body.judged)
        found = discrepancies.compare(work, task_id)
        return discrepancy_out(found) if found else None


@router.get("/retakes")
def list_retakes(asked: Annotated[RetakeQuery, Query()], caller: CallerDep, services: ServicesDep) -> Page[RetakeOut]:
    """Orders to take images again, the newest first. A clinic sees its own."""
    with services.database.read(caller.scope) as work:
        rows = quality.retake_orders(
            work, only_open=asked.open, study_uid=asked.study, limit=asked.limit + 1, before=asked.cursor
        )
        items = retakes_out(work, rows[: asked.limit])
        return Page(items=items, next=str(items[-1].id) if len(rows) > asked.limit else None)


@router.post("/retakes/{retake_id}/seen", responses=refusals(404))
def see_retake(retake_id: RowId, caller: CallerDep, services: ServicesDep) -> RetakeOut:
    """The clinic has opened the order; the first look counts."""
    with services.database.write(caller.scope) as work:
        return retakes_out(work, [retakes.see(work, caller.actor, retake_id)])[0]


@router.get("/quality/figures", responses=refusals(404))
def show_figures(asked: Annotated[FiguresQuery, Query()], caller: CallerDep, services: ServicesDep) -> FiguresOut:
    """Exams, grades and retakes by site, device, operator, modality, reason or month, and the national indicators."""
    with services.database.read(caller.scope) as work:
        span, first, last = asked_span(work, asked)
        return FiguresOut(
            begin=first,
            end=last,
            items=[figure_out(line) for line in figures.figures(work, span, asked.by)],
            indicators=[indicator_out(one) for one in figures.indicators(work, span)],
        )


@router.get("/quality/figures.csv", responses=refusals(404), response_class=Response)
def download_figures(asked: Annotated[SheetQuery, Query()], caller: CallerDep, services: ServicesDep) -> Response:
    """The same lines for a spreadsheet."""
    with services.database.read(caller.scope) as work:
        span, first, last = asked_span(work, asked)
        lines = [figure_out(line) for line in figures.figures(work, span, asked.by)]
    name = f"quality-{asked.by}-{first}-{last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(as_csv(lines, english=asked.english), media_type="text/csv; charset=utf-8", headers=headers)


def _exam(work: UnitOfWork, body: CheckIn) -> Exam:
    if body.task_id is not None:
        task = work.session.execute(select(ReadingTask).where(ReadingTask.id == body.task_id)).scalar_one_or_none()
        if task is None:
            raise NotFound("There is no such task.")
        return exam_of(work, task)
    return Exam(**body.exam.model_dump()) if body.exam else Exam()
