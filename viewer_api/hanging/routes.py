"""`/api/v1/hanging`: the protocols of the county, and the layouts that a reader keeps for himself."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from reading_queue.hanging.chapter import HANGING, HangingStep, Protocol
from reading_queue.hanging.own import delete_layout, own_layouts, save_layout
from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor
from storage.db.session import UnitOfWork
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Moment, RequestSchema, Schema

router = APIRouter(prefix="/api/v1/hanging", tags=["readings"], responses=refusals(401, 403))

HangingId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class OwnIn(RequestSchema):
    """DICOM terms; the body part is empty for exams that name none."""

    modality: Annotated[str, Field(min_length=1, max_length=64, examples=["CT"])]
    body_part: Annotated[str, Field(max_length=64, examples=["CHEST"])] = ""
    step: dict[str, Any]


class OwnOut(Schema):
    id: int
    modality: str
    body_part: str
    step: HangingStep
    changed_at: Moment


class HangingOut(Schema):
    """The reader's own come first; of the county's the first that fits."""

    version: int
    protocols: list[Protocol]
    own: list[OwnOut]


@router.get("")
def show_hanging(caller: CallerDep, services: ServicesDep) -> HangingOut:
    """The protocols in force, and the caller's own layouts."""
    with services.database.read(caller.scope) as work:
        return _out(work, caller.actor)


@router.put("/own", responses=refusals(422))
def save_own(body: OwnIn, caller: CallerDep, services: ServicesDep) -> HangingOut:
    """Keep a layout for exams of a modality and a body part, in place of the one before."""
    with services.database.write(caller.scope) as work:
        save_layout(work, caller.actor, **body.model_dump())
        return _out(work, caller.actor)


@router.delete("/own/{hanging_id}", responses=refusals(404))
def delete_own(hanging_id: HangingId, caller: CallerDep, services: ServicesDep) -> HangingOut:
    """Go back to the county's protocol."""
    with services.database.write(caller.scope) as work:
        delete_layout(work, caller.actor, hanging_id)
        return _out(work, caller.actor)


def _out(work: UnitOfWork, actor: Actor) -> HangingOut:
    edition = in_force(work, HANGING)
    names = ("id", "modality", "body_part", "changed_at")
    own = [
        OwnOut(**{name: getattr(row, name) for name in names}, step=HangingStep.model_validate(row.content))
        for row in own_layouts(work, actor)
    ]
    return HangingOut(version=edition.version, protocols=list(edition.content), own=own)
