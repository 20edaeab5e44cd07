"""`/api/v1/tasks/{id}/key-images`: what a reader marks while the case is in his hands."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import Field

from reading_queue import key_images
from storage.db.models import KeyImage
from storage.db.queries.tasks import get_task
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.http import matches, not_modified
from viewer_api.openapi import refusals
from viewer_api.results.service import instance_named
from viewer_api.schemas import Moment, RequestSchema, Schema

router = APIRouter(prefix="/api/v1/tasks/{task_id}/key-images", tags=["readings"], responses=refusals(401, 403, 404))

TaskId = Annotated[int, Path(ge=1, le=2**63 - 1)]
KeyImageId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class MarkIn(RequestSchema):
    """A frame of the study, counted from 1."""

    sop_instance_uid: Annotated[str, Field(min_length=1, max_length=64)]
    frame: Annotated[int, Field(ge=1, le=100_000)] = 1
    note: Annotated[str, Field(max_length=200, examples=["右上肺结节"])] = ""


class MarkOut(Schema):
    id: int
    sop_instance_uid: str
    frame: int
    note: str
    marked_at: Moment
    picture: str


class MarkList(Schema):
    items: list[MarkOut]


@router.get("")
def list_marks(task_id: TaskId, caller: CallerDep, services: ServicesDep) -> MarkList:
    """The key images as they are marked now; what a signed report shows is in the report."""
    with services.database.read(caller.scope) as work:
        get_task(work, task_id)
        return _marks(work, task_id)


@router.put("", responses=refusals(422))
def mark_frame(task_id: TaskId, body: MarkIn, caller: CallerDep, services: ServicesDep) -> MarkList:
    """Mark a frame, or give it another note. They go with the report when it is signed."""
    with services.database.write(caller.scope) as work:
        key_images.mark(work, task_id, caller.actor, **body.model_dump())
        return _marks(work, task_id)


@router.delete("/{key_image_id}")
def unmark_frame(task_id: TaskId, key_image_id: KeyImageId, caller: CallerDep, services: ServicesDep) -> MarkList:
    """Take a mark away; one that is gone already is fine."""
    with services.database.write(caller.scope) as work:
        key_images.unmark(work, task_id, caller.actor, key_image_id)
        return _marks(work, task_id)


@router.get(
    "/{key_image_id}/picture",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "PNG for ECGs"}},
)
def show_mark(
    task_id: TaskId,
    key_image_id: KeyImageId,
    caller: CallerDep,
    services: ServicesDep,
    size: Annotated[int, Query(ge=64, le=2048)] = 256,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The marked frame as people see it."""
    with services.database.read(caller.scope) as work:
        marked = next((one for one in key_images.marks_of(work, task_id) if one.id == key_image_id), None)
        if marked is None:
            raise NotFound("There is no such key image.")
        instance = instance_named(work, marked.sop_instance_uid)
    etag = f'"{instance.sha256[:24]}-{marked.frame}-{size}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if matches(if_none_match, etag):
        return not_modified(headers)
    picture, media_type = key_images.picture(services.store, instance.object_key, marked.frame, size)
    return Response(picture, 200, headers, media_type)


def _marks(work: UnitOfWork, task_id: int) -> MarkList:
    return MarkList(items=[_out(one) for one in key_images.marks_of(work, task_id)])


def _out(one: KeyImage) -> MarkOut:
    names = ("id", "sop_instance_uid", "frame", "note", "marked_at")
    picture = f"/api/v1/tasks/{one.task_id}/key-images/{one.id}/picture"
    return MarkOut(**{name: getattr(one, name) for name in names}, picture=picture)
