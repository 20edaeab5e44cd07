"""`PUT /api/v1/studies/{uid}/name`: what was examined, where the machine did not say."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from reading_queue.naming import name_study
from storage.db.queries.studies import study_by_uid
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Moment, RequestSchema, Schema
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1/studies", tags=["studies"], responses=refusals(401, 403, 404, 409))


class NameIn(RequestSchema):
    """What was examined: in words, and the body part as DICOM names it (PS3.16 Annex L). One of them will do."""

    description: Annotated[str, Field(max_length=64, examples=["胸部正侧位"])] = ""
    body_part: Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z0-9 _]*$", examples=["CHEST"])] = ""


class NameOut(Schema):
    """What the worklist shows now, what the DICOM objects say, and who filled it in."""

    description: str
    body_part: str
    original_description: str
    original_body_part: str
    named_by: str
    named_at: Moment


@router.put("/{study_instance_uid}/name")
def fill_in(study_instance_uid: Uid, body: NameIn, caller: CallerDep, services: ServicesDep) -> NameOut:
    """Fill in what was examined; 409 where the machine has said it, or once a report was issued."""
    with services.database.write(caller.scope) as work:
        study = study_by_uid(work, study_instance_uid)
        kept = name_study(work, caller.actor, study, body.description, body.body_part)
        work.session.refresh(kept, ["named_by"])
        same = ("description", "body_part", "original_description", "original_body_part", "named_at")
        return NameOut(**{name: getattr(kept, name) for name in same}, named_by=kept.named_by.display_name)
