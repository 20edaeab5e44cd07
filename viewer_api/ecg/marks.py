"""`/api/v1/tasks/{id}/ecg/{sop}/marks` and their versions: marks that physicians set on median beats."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from reading_queue.ecg.marks import Kept, Marks, keep_marks, visible_marks
from storage.db.queries import ecg as queries
from storage.db.queries.ecg_marks import marks_of_instance
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.ecg.physician import physician_out
from viewer_api.ecg.schemas import PhysicianOut, SopUid
from viewer_api.ecg.service import ecg_instance
from viewer_api.openapi import refusals
from viewer_api.schemas import RequestSchema, Schema
from viewer_api.studies.routes import Uid
from viewer_api.worklist.routes import TaskId

router = APIRouter(prefix="/api/v1", tags=["ecg"])

_Sample = Annotated[int, Field(ge=0, le=100_000)]


class MarksIn(RequestSchema):
    """Samples of the median beat; a wave that is not there has no marks."""

    qrs_on: _Sample
    qrs_off: _Sample
    p_on: _Sample | None = None
    p_off: _Sample | None = None
    t_off: _Sample | None = None


class KeepMarksIn(RequestSchema):
    """`based_on` is the version of this task's marks that the sender has seen, 0 for none; null marks go back to what was
    measured.
    """

    lease_token: Annotated[str, Field(min_length=1, max_length=100)]
    based_on: Annotated[int, Field(ge=0)] = 0
    marks: MarksIn | None


class MarksVersions(Schema):
    items: list[PhysicianOut]


@router.put("/tasks/{task_id}/ecg/{sop_instance_uid}/marks", responses=refusals(401, 403, 404, 409))
def keep_ecg_marks(
    task_id: TaskId, sop_instance_uid: SopUid, body: KeepMarksIn, caller: CallerDep, services: ServicesDep
) -> PhysicianOut:
    """Keep marks as a new version, beside what was measured; the intervals are computed here."""
    marks = Marks(**body.marks.model_dump()) if body.marks else None
    with services.database.write(caller.scope) as work:
        kept = Kept(sop_instance_uid, body.based_on, marks)
        return physician_out(keep_marks(work, task_id, caller.actor, body.lease_token, kept))


@router.get("/studies/{study_instance_uid}/ecg/{sop_instance_uid}/marks", responses=refusals(401, 403, 404))
def list_ecg_marks(
    study_instance_uid: Uid, sop_instance_uid: SopUid, caller: CallerDep, services: ServicesDep
) -> MarksVersions:
    """Every version that was kept for a recording, the last first."""
    with services.database.read(caller.scope) as work:
        instance = ecg_instance(work, study_instance_uid, sop_instance_uid)
        measured = queries.latest_measurements(work, instance.study_id).get(instance.id)
        rows = visible_marks(work, marks_of_instance(work, instance.id), caller.actor)
        return MarksVersions(items=[physician_out(row, measured) for row in rows])
