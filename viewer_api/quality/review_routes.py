"""`/api/v1/peer-reviews`: the next report to review, its score, and what reviews and signatures found."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from reading_queue.quality import reviews
from storage.domain.quality import Radpeer
from storage.domain.reading import Role
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.quality.schemas import (
    FiguresQuery,
    PriorScoreIn,
    ReviewOut,
    ReviewsOut,
    ScoredOut,
    ScoreIn,
    SecondLooksOut,
)
from viewer_api.quality.service import asked_span, authors_out, modalities_out, review_line, review_out
from viewer_api.worklist.routes import TaskId

router = APIRouter(prefix="/api/v1", tags=["quality"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/peer-reviews")
def list_reviews(caller: CallerDep, services: ServicesDep) -> ReviewsOut:
    """The reviews that wait for this physician: no report that he wrote or signed is among them."""
    with services.database.read(caller.scope) as work:
        return ReviewsOut(items=[review_line(one) for one in reviews.waiting_for(work, caller.actor)])


@router.post("/peer-reviews/next", response_model=ReviewOut, responses={204: {"description": "Nothing waits."}})
def next_review(caller: CallerDep, services: ServicesDep) -> ReviewOut | Response:
    """Take the next one: the report without names, and the study to look at."""
    with services.database.write(caller.scope) as work:
        review = reviews.next_review(work, caller.actor)
        return review_out(work, review) if review else Response(status_code=204)


@router.post("/peer-reviews/{review_id}/submit", responses=refusals(404, 409))
def submit_review(review_id: RowId, body: ScoreIn, caller: CallerDep, services: ServicesDep) -> ScoredOut:
    """Give the score. The author is told of a discrepancy, and not who found it."""
    with services.database.write(caller.scope) as work:
        review = reviews.submit_review(work, caller.actor, review_id, body.score, body.comment)
        return _scored(review.id, body.score)


@router.get("/peer-reviews/figures", responses=refusals(404))
def show_second_looks(
    asked: Annotated[FiguresQuery, Query()], caller: CallerDep, services: ServicesDep
) -> SecondLooksOut:
    """Discrepancies and reviews by author and by modality: everybody's for the manager, for a reader his own."""
    with services.database.read(caller.scope) as work:
        span, first, last = asked_span(work, asked)
        own = None if caller.role in (Role.MANAGER, Role.ADMIN) else caller.user.id
        return SecondLooksOut(
            begin=first,
            end=last,
            authors=authors_out(work, span, own),
            modalities=modalities_out(work, span, own),
        )


@router.post("/tasks/{task_id}/prior-score", status_code=201, responses=refusals(404, 409))
def score_prior(task_id: TaskId, body: PriorScoreIn, caller: CallerDep, services: ServicesDep) -> ScoredOut:
    """The reader of this study scores the report of an earlier one of the same person."""
    with services.database.write(caller.scope) as work:
        report_id = body.report_id
        review = reviews.score_prior(work, caller.actor, task_id, report_id, body.score, body.comment)
        return _scored(review.id, body.score)


def _scored(review_id: int, score: Radpeer) -> ScoredOut:
    return ScoredOut(id=review_id, score=score, suggests_amendment=score in reviews.TO_AMEND)
