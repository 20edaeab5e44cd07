"""Orders as the interface shows them."""

from datetime import UTC, datetime
from typing import Any

from storage.db.models import ExamOrder, Institution, Study
from storage.db.queries import people
from storage.db.queries.orders import Candidates
from storage.db.session import UnitOfWork
from storage.domain.errors import InvalidField, NotFound
from storage.domain.order_rules import checked_content
from storage.domain.orders import OrderContent
from storage.orders.names import romanised_name
from viewer_api.auth.service import Caller
from viewer_api.orders.schemas import (
    PATIENT_FIELDS,
    CandidateQuery,
    CandidatesOut,
    EarlierStudy,
    OrderOut,
    OrderPatientOut,
)

_SAME_NAMES = (
    "id",
    "version",
    "accession_number",
    "placer_order_number",
    "filler_order_number",
    "study_instance_uid",
    "modality",
    "scheduled_at",
    "procedure_code",
    "procedure_description",
    "body_part",
    "priority",
    "referring_doctor",
    "referring_department",
    "clinical_information",
    "diagnosis",
    "green_channel",
    "state",
    "source",
    "created_at",
    "updated_at",
    "started_at",
    "ended_at",
    "cancel_reason",
)


def order_values(order: ExamOrder) -> dict[str, Any]:
    """The fields of `OrderOut`."""
    patient = {name: getattr(order, column) for name, column in PATIENT_FIELDS.items()}
    return {
        **{name: getattr(order, name) for name in _SAME_NAMES},
        "institution": order.institution.code,
        "institution_name": order.institution.name,
        "institution_name_en": order.institution.name_en,
        "study_arrived": order.study_id is not None,
        "device": order.scheduled_device.ae_title if order.scheduled_device else "",
        "patient": OrderPatientOut(**{**patient, "birth_date": _iso_date(order.birth_date)}),
    }


def order_out(order: ExamOrder) -> OrderOut:
    """An order as a line of the list."""
    return OrderOut(**order_values(order))


def candidates_out(found: Candidates, but: ExamOrder | None = None) -> CandidatesOut:
    """What was found, without the order in hand and the study that came for it."""
    return CandidatesOut(
        orders=[order_out(order) for order in found.orders if but is None or order.id != but.id],
        studies=[_earlier(study) for study in found.studies if but is None or study.id != but.study_id],
    )


def institution_of(work: UnitOfWork, caller: Caller, code: str) -> Institution:
    """Whose order it is: a clinic's own, or the one that county staff name. Raises `InvalidField` or `NotFound`."""
    own = caller.user.institution
    if caller.scope.institution_id is not None:
        if code not in ("", own.code):
            raise NotFound(f"There is no institution {code}.")
        return own
    if not code:
        raise InvalidField("institution", "is missing: say which clinic examines.")
    return people.institution_by_code(work, code)


def content_in_question(asked: CandidateQuery, now: datetime) -> OrderContent:
    """What an order for this patient would say. Raises `InvalidField`."""
    content = OrderContent(
        patient_id=asked.patient_id,
        patient_name=asked.name or asked.patient_id,
        romanised_name=romanised_name(asked.name),
        modality=asked.modality,
        scheduled_at=now,
        birth_date=asked.birth_date,
        id_card_number=asked.id_card_number,
    )
    return checked_content(content, now)


def _earlier(study: Study) -> EarlierStudy:
    names = ("study_instance_uid", "modality", "description", "body_part", "exam_started_at", "last_received_at")
    return EarlierStudy(**{name: getattr(study, name) for name in names}, institution=study.institution.code)


def _iso_date(digits: str) -> str:
    return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date().isoformat() if digits else ""
