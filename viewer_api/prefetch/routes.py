"""`/api/v1/tasks/{id}/prefetch`: what a reader's viewer may fetch while he looks at something else."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter

from reading_queue import service as queue
from storage.db.models import ReadingTask, Study
from storage.db.queries.delivery import FetchedImage, images_to_fetch
from storage.db.queries.persons import priors_of
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.prefetch.schemas import FetchFor, FetchOut, FetchPlan
from viewer_api.worklist.routes import TaskId

router = APIRouter(prefix="/api/v1/tasks/{task_id}/prefetch", tags=["readings"])

VIEWER_ACCEPT = "multipart/related; type=application/octet-stream; transfer-syntax=*"
_OF_CASE, _OF_NEXT, _OF_PRIOR = 2000, 8, 4


@router.get("", responses=refusals(401, 403, 404))
def plan_fetching(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> FetchPlan:
    """The first image of each series of the case, its others, then the beginning of the next case and of what it compares with.

    The next case is what the server would give now; somebody else may be faster. Sizes are in bytes.
    """
    with services.database.read(caller.scope) as work:
        task = work.session.get(ReadingTask, task_id)
        if task is None:
            raise NotFound("There is no such task.")
        study = work.session.get_one(Study, task.study_id)
        items = [*_out(images_to_fetch(work, study, _OF_CASE), FetchFor.CASE), *_prior(work, study)]
        for case in queue.plan_next(work, caller.actor).cases[:1]:
            following = work.session.get_one(Study, work.session.get_one(ReadingTask, case.id).study_id)
            items += _out(images_to_fetch(work, following, _OF_NEXT), FetchFor.NEXT)
            items += _prior(work, following)
    return FetchPlan(accept=VIEWER_ACCEPT, items=items)


def _prior(work: UnitOfWork, study: Study) -> Iterator[FetchOut]:
    """The beginning of the latest earlier study of the same kind and part of the body; no others: lines are slow."""
    alike = (
        prior.study
        for prior in priors_of(work, study)
        if prior.study.modality == study.modality and prior.study.body_part in (study.body_part, "")
    )
    found = next(alike, None)
    return _out(images_to_fetch(work, found, _OF_PRIOR), FetchFor.PRIOR) if found is not None else iter(())


def _out(images: Sequence[FetchedImage], of: FetchFor) -> Iterator[FetchOut]:
    for image in images:
        series = f"/dicomweb/studies/{image.study_instance_uid}/series/{image.series_instance_uid}"
        url = f"{series}/instances/{image.sop_instance_uid}/frames/1"
        yield FetchOut(url=url, size=image.size, of=of, study_instance_uid=image.study_instance_uid)
