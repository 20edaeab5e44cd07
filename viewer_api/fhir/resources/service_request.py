"""ServiceRequest: an order for an examination."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import ExamOrder, Institution, Patient
from storage.domain.orders import OrderState
from storage.domain.reading import Priority
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, coded, linked, moment, points, token
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.resources.patient import GENDERS, human_names
from viewer_api.fhir.terms import (
    DCM,
    DICOM_UID,
    NATIONAL_ID,
    SNOMED,
    Resource,
    accession_system,
    coding,
    concept,
    date_of,
    filler_system,
    identifier,
    instant,
    patient_system,
    placer_system,
    present,
    procedure_system,
    pruned,
    read_accession_system,
    read_filler_system,
    read_placer_system,
    reference,
    uid_identifier,
)

STATUSES: Mapping[OrderState, str] = {
    OrderState.SCHEDULED: "active",
    OrderState.STARTED: "active",
    OrderState.COMPLETED: "completed",
    OrderState.CANCELLED: "revoked",
    OrderState.DISCONTINUED: "revoked",
}
"""Order states in the words of request-status."""

PRIORITIES: Mapping[str, str] = {
    Priority.P0: "stat",
    Priority.P1: "urgent",
    Priority.P2: "routine",
    Priority.P3: "routine",
}
IMAGING = coding(SNOMED, "363679005", "Imaging")
REASON_URL = "http://hl7.org/fhir/StructureDefinition/request-statusReason"
CONTAINED = "patient"


def _query() -> Select[ExamOrder]:
    return select(ExamOrder).options(joinedload(ExamOrder.institution))


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    patients = _patients(context, [one.row.id for one in found])
    return [_order(one.row, patients.get(one.row.id, [])) for one in found]


def _order(order: ExamOrder, patients: list[int]) -> Resource:
    code = order.institution.code
    known = reference("Patient", patients[0], order.patient_name.replace("^", "")) if len(patients) == 1 else {}
    return pruned(
        {
            "resourceType": "ServiceRequest",
            "id": str(order.id),
            "meta": {"versionId": str(order.version)},
            "contained": [] if known else [_contained(order)],
            "extension": _why(order),
            "identifier": _identifiers(order, code),
            "status": STATUSES[OrderState(order.state)],
            "intent": "order",
            "category": [concept(IMAGING), concept(coding(DCM, order.modality))],
            "priority": PRIORITIES[order.priority],
            "code": _code(order, code),
            "subject": known or {"reference": f"#{CONTAINED}"},
            "occurrenceDateTime": instant(order.scheduled_at),
            "authoredOn": instant(order.created_at),
            "requester": pruned({"display": _requester(order)}),
            "performer": [reference("Organization", order.institution_id, order.institution.name)],
            "reasonCode": [concept(text=order.diagnosis)] if order.diagnosis else [],
            "bodySite": [concept(text=order.body_part)] if order.body_part else [],
            "note": [{"text": order.clinical_information}] if order.clinical_information else [],
        }
    )


def _identifiers(order: ExamOrder, code: str) -> list[Resource]:
    return present(
        [
            identifier(accession_system(code), order.accession_number, "ACSN", "usual"),
            identifier(placer_system(code), order.placer_order_number, "PLAC"),
            identifier(filler_system(code), order.filler_order_number, "FILL"),
            uid_identifier(order.study_instance_uid),
        ]
    )


def _code(order: ExamOrder, code: str) -> Resource:
    named = coding(procedure_system(code), order.procedure_code, order.procedure_description)
    return concept(*([named] if order.procedure_code else []), text=order.procedure_description or order.modality)


def _requester(order: ExamOrder) -> str:
    return "，".join(part for part in (order.referring_doctor, order.referring_department) if part)


def _why(order: ExamOrder) -> list[Resource]:
    if not order.cancel_reason:
        return []
    return [{"url": REASON_URL, "valueCodeableConcept": concept(text=order.cancel_reason)}]


def _contained(order: ExamOrder) -> Resource:
    """The patient as the order tells of him; the archive has none of that number yet, or several."""
    system = patient_system(order.institution.code, order.patient_issuer)
    return pruned(
        {
            "resourceType": "Patient",
            "id": CONTAINED,
            "identifier": present(
                [
                    identifier(system, order.patient_id, "MR", "usual"),
                    identifier(NATIONAL_ID, order.id_card_number, "NI", "official"),
                ]
            ),
            "name": human_names(order.patient_name, order.romanised_name),
            "telecom": [{"system": "phone", "value": order.phone}] if order.phone else [],
            "gender": GENDERS.get(order.sex, "unknown"),
            "birthDate": date_of(order.birth_date),
        }
    )


def _links() -> Select[Any, Any]:
    """Orders with the patients of their institution that have the number which they name."""
    same = and_(
        Patient.institution_id == ExamOrder.institution_id,
        Patient.patient_id == ExamOrder.patient_id,
        Patient.issuer == ExamOrder.patient_issuer,
    )
    return select(ExamOrder.id, Patient.id).join(Patient, same)


def _patients(context: Context, ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for order, patient in context.work.session.execute(_links().where(ExamOrder.id.in_(ids))):
        found.setdefault(order, []).append(patient)
    return found


_NUMBERS = (
    (read_accession_system, ExamOrder.accession_number),
    (read_placer_system, ExamOrder.placer_order_number),
    (read_filler_system, ExamOrder.filler_order_number),
)


def order_identified(wanted: Token) -> Condition:
    """By accession number, the placer's, the filler's, or the Study Instance UID that the equipment is to use."""
    uid = ExamOrder.study_instance_uid == wanted.code.removeprefix("urn:oid:")
    if wanted.system is None:
        equal = [and_(column == wanted.code, column != "") for _, column in _NUMBERS]
        return or_(uid, *equal)
    if wanted.system == DICOM_UID:
        return uid
    for read, column in _NUMBERS:
        code = read(wanted.system)
        if code is not None:
            own = select(Institution.id).where(Institution.code == code)
            return and_(column == wanted.code, column != "", ExamOrder.institution_id.in_(own))
    return false()


def _of_category(wanted: Token) -> Condition:
    if wanted.code == IMAGING["code"] and wanted.is_of(SNOMED):
        return ExamOrder.id.is_not(None)
    return ExamOrder.modality == wanted.code if wanted.is_of(DCM) else false()


def _turned(words: Mapping[Any, str]) -> dict[str, set[str]]:
    return {word: {str(one) for one, other in words.items() if other == word} for word in words.values()}


SERVICE_REQUEST = Kind(
    "ServiceRequest",
    "Orders; they stand on the modality worklist while they are active",
    _query,
    ExamOrder.id,
    _rendered,
    (
        token("identifier", "accession, placer or filler number, or Study Instance UID", order_identified),
        coded("status", "active, completed, revoked", ExamOrder.state, _turned(STATUSES)),
        coded("priority", "stat, urgent, routine", ExamOrder.priority, _turned(PRIORITIES)),
        linked("patient", "whose it is, once a study of his has come", "Patient", ExamOrder.id, _links),
        linked("subject", "whose it is, once a study of his has come", "Patient", ExamOrder.id, _links),
        token("category", "imaging (SNOMED CT) or a modality (DCM)", _of_category),
        token("code", "procedure code of the institution", lambda wanted: ExamOrder.procedure_code == wanted.code),
        moment("authored", "when it was placed", ExamOrder.created_at),
        moment("occurrence", "when it is to be done", ExamOrder.scheduled_at),
        points("performer", "the institution that examines", "Organization", ExamOrder.institution_id),
    ),
    updated=ExamOrder.updated_at,
    sorts={"authored": ExamOrder.created_at, "occurrence": ExamOrder.scheduled_at},
    subject="order",
    audited_as="order_opened",
)
