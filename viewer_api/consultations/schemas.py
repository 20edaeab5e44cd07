"""Bodies of consultations."""

from typing import Annotated

from pydantic import Field

from storage.domain.reading import ConsultationState, Priority
from viewer_api.schemas import Moment, PatientOut, RequestSchema, Schema

_MAX_OPINION = 8_000


class ConsultationOut(Schema):
    """A hospital was asked about a case."""

    id: int
    state: ConsultationState
    hospital: str
    hospital_name: str
    hospital_name_en: str
    question: str
    """Empty for a clinic."""
    asked_by: str
    asked_at: Moment
    consultant: str | None
    """Who has it in hand, or has answered."""
    opinion: str
    """What was said, or empty; for a clinic always empty: the signed report has it."""
    ended_at: Moment | None
    expires_at: Moment
    reminders: int


class AskedDraftOut(Schema):
    """What the centre has written so far."""

    findings: str
    impression: str


class AskedOut(ConsultationOut):
    """What the hospital is asked, with the study that it sees for as long as it is asked."""

    task_id: int
    study_instance_uid: str
    priority: Priority
    modality: str
    description: str
    body_part: str
    institution_name: str
    institution_name_en: str
    """The clinic."""
    exam_started_at: Moment | None
    patient: PatientOut
    images: int
    mine: bool
    """The caller has it in hand."""


class AskedDetail(AskedOut):
    """One consultation, with what the centre has written."""

    draft: AskedDraftOut | None


class AskedPage(Schema):
    items: list[AskedOut]
    next: None = None


class OpinionIn(RequestSchema):
    opinion: Annotated[str, Field(min_length=1, max_length=_MAX_OPINION)]


class HospitalOut(Schema):
    """A hospital that may be asked."""

    code: str
    name: str
    name_en: str


class HospitalPage(Schema):
    items: list[HospitalOut]
    next: None = None
