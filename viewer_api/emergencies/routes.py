"""`/api/v1/emergencies`: breaking the glass, and what a manager says of it afterwards."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from sqlalchemy import select

from reading_queue import emergencies
from storage.audit import AuditEntry, record
from storage.db.models import BrokenGlass, Patient, Study
from storage.db.queries import access
from storage.domain.accounts import GlassOutcome
from storage.domain.errors import Invalid
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.permissions import OPERATORS
from viewer_api.schemas import Moment, RequestSchema, Schema, or_empty

router = APIRouter(prefix="/api/v1/emergencies", tags=["emergencies"])

GlassId = Annotated[int, Path(ge=1, le=2**63 - 1, alias="emergency_id")]
_MAX_FOUND = 20


class Emergency(RequestSchema):
    """Which study cannot wait, and why."""

    study_instance_uid: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9.]+$", examples=["1.2.840.1"])]
    reason: Annotated[str, Field(min_length=4, max_length=500, examples=["昏迷，须与前次头颅CT比较"])]


class PatientKnown(RequestSchema):
    """The patient before the doctor: the exact number, or the exact name with the date of birth. And why."""

    patient_id: Annotated[str, Field(max_length=64)] = ""
    name: Annotated[str, Field(max_length=64)] = ""
    birth_date: Annotated[str, Field(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$", examples=["1958-03-21"])] = ""
    reason: Annotated[str, Field(min_length=4, max_length=500, examples=["昏迷，须与前次头颅CT比较"])]


class Elsewhere(Schema):
    """A study of the patient at another clinic: enough to choose it, and no more."""

    study_instance_uid: str
    modality: str
    body_part: str
    examined_at: Moment
    institution_name: str
    institution_name_en: str


class FoundElsewhere(Schema):
    """The latest first."""

    items: list[Elsewhere]


class Review(RequestSchema):
    """What the manager thinks of it."""

    outcome: GlassOutcome
    note: Annotated[str, Field(max_length=500)] = ""


class EmergencyOut(Schema):
    """An access in an emergency, and what its review came to. `outcome` is empty while nobody has reviewed it."""

    id: int
    study_instance_uid: str
    modality: str
    institution_name: str
    institution_name_en: str
    username: str
    name: str
    user_institution_name: str
    user_institution_name_en: str
    reason: str
    opened_at: Moment
    ends_at: Moment
    ended_at: Moment | None
    live: bool
    reviewed_at: Moment | None
    reviewed_by: str
    outcome: GlassOutcome | Literal[""]
    note: str


class EmergencyList(Schema):
    """The latest first."""

    items: list[EmergencyOut]


@router.get("", responses=refusals(401, 403))
def list_emergencies(
    caller: CallerDep, services: ServicesDep, *, waiting: Annotated[bool, Query()] = False
) -> EmergencyList:
    """One's own; for managers, everybody's. `waiting`: those that nobody has reviewed."""
    with services.database.read() as work:
        user_id = None if caller.role in OPERATORS else caller.user.id
        found = access.broken_glass(work, user_id=user_id, waiting=waiting)
        return EmergencyList(items=[_out(glass, work.now) for glass in found])


@router.post("", status_code=201, responses=refusals(401, 403, 404, 409))
def open_emergency(asked: Emergency, caller: CallerDep, services: ServicesDep) -> EmergencyOut:
    """Open one study to oneself for a while: another clinic's, or one outside one's registration. Managers are told."""
    with services.database.write() as work:
        glass = emergencies.break_glass(work, caller.actor, asked.study_instance_uid, asked.reason)
        return _out(glass, work.now)


@router.post("/search", responses=refusals(401, 403))
def search_elsewhere(asked: PatientKnown, caller: CallerDep, services: ServicesDep) -> FoundElsewhere:
    """Where else the patient in front of the doctor was examined. The search itself stands on the audit trail."""
    if not asked.patient_id and not (asked.name and asked.birth_date):
        raise Invalid("Give the patient's number, or the name and the date of birth.")
    wanted = (
        (Patient.patient_id == asked.patient_id)
        if asked.patient_id
        else (Patient.name == asked.name) & (Patient.birth_date == asked.birth_date.replace("-", ""))
    )
    with services.database.write() as work:
        query = select(Study).join(Patient, Patient.id == Study.patient_id)
        query = query.where(wanted, Study.institution_id != caller.user.institution_id)
        found = work.session.execute(query.order_by(Study.id.desc()).limit(_MAX_FOUND)).unique().scalars().all()
        detail = {"reason": asked.reason, "found": len(found)}
        record(work.session, AuditEntry(work.now, caller.known_as, "emergency_search", "list:emergency", detail))
        return FoundElsewhere(items=[_elsewhere(study) for study in found])


@router.post("/{emergency_id}/end", responses=refusals(401, 403, 404))
def end_emergency(emergency_id: GlassId, caller: CallerDep, services: ServicesDep) -> EmergencyOut:
    """Close it before its time."""
    with services.database.write() as work:
        return _out(emergencies.end_glass(work, caller.actor, emergency_id), work.now)


@router.post("/{emergency_id}/review", responses=refusals(401, 403, 404, 409))
def review_emergency(emergency_id: GlassId, asked: Review, caller: CallerDep, services: ServicesDep) -> EmergencyOut:
    """Say whether it was justified; one that was not ends at once."""
    with services.database.write() as work:
        glass = emergencies.review_glass(work, caller.actor, emergency_id, asked.outcome, asked.note)
        return _out(glass, work.now)


def _out(glass: BrokenGlass, now: datetime) -> EmergencyOut:
    return EmergencyOut(
        id=glass.id,
        study_instance_uid=glass.study.study_instance_uid,
        modality=glass.study.modality,
        institution_name=glass.study.institution.name,
        institution_name_en=glass.study.institution.name_en,
        username=glass.user.username,
        name=glass.user.display_name,
        user_institution_name=glass.user.institution.name,
        user_institution_name_en=glass.user.institution.name_en,
        reason=glass.reason,
        opened_at=glass.opened_at,
        ends_at=glass.ends_at,
        ended_at=glass.ended_at,
        live=glass.ended_at is None and glass.ends_at > now,
        reviewed_at=glass.reviewed_at,
        reviewed_by=glass.reviewed_by.display_name if glass.reviewed_by else "",
        outcome=or_empty(GlassOutcome, glass.outcome),
        note=glass.note,
    )


def _elsewhere(study: Study) -> Elsewhere:
    return Elsewhere(
        study_instance_uid=study.study_instance_uid,
        modality=study.modality,
        body_part=study.body_part,
        examined_at=study.exam_started_at or study.first_received_at,
        institution_name=study.institution.name,
        institution_name_en=study.institution.name_en,
    )
