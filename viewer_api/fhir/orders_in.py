"""ServiceRequests that come in: from resources to orders, by the rules that orders follow from every door."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.db.models import ExamOrder, Institution, Patient
from storage.db.session import UnitOfWork
from storage.domain.errors import InvalidField
from storage.domain.modalities import modality_code
from storage.domain.orders import NewOrder, OrderContent, OrderState
from storage.domain.reading import Priority
from viewer_api.fhir.parameters import reference_key
from viewer_api.fhir.resources.patient import GENDERS
from viewer_api.fhir.resources.service_request import PRIORITIES, REASON_URL, STATUSES
from viewer_api.fhir.terms import DCM, DICOM_UID, INSTITUTIONS, NATIONAL_ID, Resource, read_patient_system

_CLASSES = {"stat": Priority.P0, "asap": Priority.P1, "urgent": Priority.P1, "routine": Priority.P2}
_SEXES = {gender: sex for sex, gender in GENDERS.items()}
_LONGEST_REASON = 500
_INTENTS = ("order", "original-order", "instance-order", "filler-order")
_NUMBERS = {"ACSN": "accession_number", "PLAC": "placer_order_number", "FILL": "filler_order_number"}
_CHANGED = (
    "patient_id", "patient_issuer", "patient_name", "sex", "birth_date", "id_card_number", "phone", "modality",
    "scheduled_at", "procedure_code", "procedure_description", "body_part", "clinical_information", "diagnosis",
)  # fmt: skip


def new_order(work: UnitOfWork, resource: Resource, institution: Institution) -> NewOrder:
    """The order that the resource asks for. Raises `InvalidField`, which names the element."""
    if _text(resource, "status") != "active":
        raise InvalidField("status", "must be active: an order that is placed stands on the worklist.")
    return replace(NewOrder(_content(work, resource, institution)), **_numbers(resource))


def changes_of(work: UnitOfWork, resource: Resource, order: ExamOrder) -> Mapping[str, Any]:
    """What the resource says otherwise than the order does; what a ServiceRequest cannot say stays as it is."""
    content = asdict(_content(work, resource, order.institution))
    changes = {name: content[name] for name in _CHANGED}
    if PRIORITIES[order.priority] != _text(resource, "priority", "routine"):
        changes["priority"] = content["priority"]
    shown = "，".join(part for part in (order.referring_doctor, order.referring_department) if part)
    if content["referring_doctor"] != shown:
        changes |= {"referring_doctor": content["referring_doctor"], "referring_department": ""}
    if not resource.get("occurrenceDateTime"):
        del changes["scheduled_at"]
    kept = {name for name in ("id_card_number", "phone") if not content[name]}
    return {name: value for name, value in changes.items() if name not in kept and value != getattr(order, name)}


def is_to_be_cancelled(resource: Resource, order: ExamOrder) -> bool:
    """Whether the new status takes the order off the worklist. Raises `InvalidField` for one that nobody may set."""
    status, present = _text(resource, "status"), STATUSES[OrderState(order.state)]
    if status == present:
        return False
    if status != "revoked":
        raise InvalidField("status", f"cannot go from {present} to {status or 'nothing'}; it may be set to revoked.")
    return True


def reason_of(resource: Resource) -> str:
    """Why an order is cancelled, as the extension `request-statusReason` says."""
    for extension in _items(resource, "extension"):
        if extension.get("url") == REASON_URL:
            return _words(extension.get("valueCodeableConcept"))[:_LONGEST_REASON]
    return ""


def institution_code(work: UnitOfWork, resource: Resource) -> str:
    """The code of the institution that `performer` names; empty where none is named. Raises `InvalidField`."""
    for performer in _items(resource, "performer"):
        named = performer.get("identifier")
        if isinstance(named, Mapping) and named.get("system") == INSTITUTIONS:
            return _text(named, "value")
        text = _text(performer, "reference")
        key = reference_key(text, "Organization") if "Organization/" in text else None
        if key is not None:
            code = work.session.execute(select(Institution.code).where(Institution.id == key)).scalar_one_or_none()
            if code is None:
                raise InvalidField("performer", "names an organization that is not here.")
            return str(code)
    return ""


def _content(work: UnitOfWork, resource: Resource, institution: Institution) -> OrderContent:
    if _text(resource, "intent") not in _INTENTS:
        raise InvalidField("intent", f"must be one of {', '.join(_INTENTS)}.")
    priority = _text(resource, "priority", "routine")
    if priority not in _CLASSES:
        raise InvalidField("priority", f"must be one of {', '.join(_CLASSES)}.")
    code = _first(resource.get("code"), "coding")
    requester = resource.get("requester")
    return replace(
        _patient(work, resource, institution),
        modality=_modality(resource),
        scheduled_at=_when(resource, work.now),
        procedure_code=_text(code, "code"),
        procedure_description=_words(resource.get("code")),
        body_part=_words(next(_items(resource, "bodySite"), None)),
        priority=_CLASSES[priority],
        referring_doctor=_text(requester, "display") if isinstance(requester, Mapping) else "",
        diagnosis=_words(next(_items(resource, "reasonCode"), None)),
        clinical_information="\n".join(_text(note, "text") for note in _items(resource, "note")),
    )


def _modality(resource: Resource) -> str:
    """A DICOM modality (DCM) in `category`, `orderDetail` or `code`."""
    concepts = [*_items(resource, "category"), *_items(resource, "orderDetail"), resource.get("code")]
    for one in concepts:
        for coding in _items(one, "coding"):
            if coding.get("system") == DCM and modality_code(_text(coding, "code")):
                return _text(coding, "code")
    raise InvalidField("category", f"must have a coding of {DCM} with the modality, CT say.")


def _when(resource: Resource, now: datetime) -> datetime:
    text = _text(resource, "occurrenceDateTime") or _text(resource.get("occurrencePeriod"), "start")
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidField("occurrenceDateTime", "must be a time with its zone, as 2026-03-09T09:30:00+08:00.")
    return moment


def _numbers(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in _items(resource, "identifier"):
        kind = next((_text(coding, "code") for coding in _items(one.get("type"), "coding")), "")
        if kind in _NUMBERS:
            found[_NUMBERS[kind]] = _text(one, "value")
        elif one.get("system") == DICOM_UID:
            found["study_instance_uid"] = _text(one, "value").removeprefix("urn:oid:")
        elif _text(one, "value"):
            found.setdefault("placer_order_number", _text(one, "value"))
    return found


def _patient(work: UnitOfWork, resource: Resource, institution: Institution) -> OrderContent:
    subject = resource.get("subject")
    named = _text(subject, "reference")
    if named.startswith("#"):
        return _of_resource(_contained(resource, named[1:]), institution, work.now)
    key = reference_key(named, "Patient") if named else None
    if key is not None:
        return _of_row(_known(work, key, institution), work.now)
    identifier = subject.get("identifier") if isinstance(subject, Mapping) else None
    if isinstance(identifier, Mapping):
        name = [{"text": _text(subject, "display")}]
        return _of_resource({"identifier": [identifier], "name": name}, institution, work.now)
    raise InvalidField("subject", "must be a contained Patient, a Patient of the same institution, or an identifier.")


def _contained(resource: Resource, key: str) -> Mapping[str, Any]:
    for one in _items(resource, "contained"):
        if one.get("id") == key and one.get("resourceType") == "Patient":
            return one
    raise InvalidField("subject", "names a contained Patient that is not there.")


def _known(work: UnitOfWork, key: int, institution: Institution) -> Patient:
    query = select(Patient).where(Patient.id == key, Patient.institution_id == institution.id)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise InvalidField("subject", "names a patient whom the institution that examines does not have.")
    return found


def _of_row(patient: Patient, now: datetime) -> OrderContent:
    return OrderContent(
        patient.patient_id,
        patient.name,
        "",
        now,
        patient_issuer=patient.issuer,
        sex=patient.sex,
        birth_date=patient.birth_date,
        id_card_number=patient.national_id,
        phone=patient.phone,
    )


def _of_resource(patient: Mapping[str, Any], institution: Institution, now: datetime) -> OrderContent:
    number, issuer, card = "", "", ""
    for one in _items(patient, "identifier"):
        system = _text(one, "system")
        if system == NATIONAL_ID:
            card = _text(one, "value")
        elif not number:
            number, issuer = _text(one, "value"), _issuer(system, institution)
    names = list(_items(patient, "name"))
    phones = [_text(one, "value") for one in _items(patient, "telecom") if one.get("system") == "phone"]
    gender = _text(patient, "gender")
    if gender and gender not in _SEXES:
        raise InvalidField("subject", f"has a gender that is none of {', '.join(_SEXES)}.")
    return OrderContent(
        number or card,
        _name(names[0]) if names else "",
        "",
        now,
        patient_issuer=issuer,
        sex=_SEXES.get(gender, ""),
        birth_date=_text(patient, "birthDate"),
        id_card_number=card,
        phone=phones[0] if phones else "",
    )


def _issuer(system: str, institution: Institution) -> str:
    """Who gave the number: a system that is not ours is an issuer by its own name."""
    numbering = read_patient_system(system)
    if numbering is None:
        return system
    code, issuer = numbering
    if code and code != institution.code:
        raise InvalidField("subject", "has a number of another institution.")
    return issuer


def _name(name: Mapping[str, Any]) -> str:
    """In the form of equipment: family name and given names apart where the resource tells them apart."""
    given = name.get("given")
    parts = [_text(name, "family"), *(str(one) for one in given if one)] if isinstance(given, list) else []
    return "^".join(parts) if parts and parts[0] else _text(name, "text") or _text(name, "family")


def _words(concept: object) -> str:
    """What a CodeableConcept says: its text, or what its first coding shows."""
    first = _first(concept, "coding")
    return _text(concept, "text") or _text(first, "display") or _text(first, "code")


def _first(holder: object, name: str) -> Mapping[str, Any]:
    return next(_items(holder, name), {})


def _items(holder: object, name: str) -> Iterator[Mapping[str, Any]]:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    return (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else iter(())


def _text(holder: object, name: str, default: str = "") -> str:
    found = holder.get(name, default) if isinstance(holder, Mapping) else default
    return found.strip() if isinstance(found, str) else default
