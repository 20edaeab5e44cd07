"""Code systems and identifier systems, and the building blocks of resources."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

Resource = dict[str, Any]
"""A resource, or a part of one, as it is sent."""

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
DCM = "http://dicom.nema.org/resources/ontology/DCM"
MDC = "urn:iso:std:iso:11073:10101"
UCUM = "http://unitsofmeasure.org"
IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
DICOM_UID = "urn:dicom:uid"
NATIONAL_ID = "urn:oid:2.16.156.10011.1.3"
"""Numbers of the Chinese identity card (WS/T 500)."""

_OURS = "urn:countyread"
ACTIONS = f"{_OURS}:audit-action"
BUSINESS_STATUS = f"{_OURS}:business-status"
CRITICAL_FINDINGS = f"{_OURS}:critical-finding"
INSTITUTIONS = f"{_OURS}:institution"
READING_STEPS = f"{_OURS}:reading-step"
REPORTS = f"{_OURS}:report"
ECG_STATEMENTS = f"{_OURS}:ecg-statement"
USERS = f"{_OURS}:user"
PROBLEMS = f"{_OURS}:problem"

_NUMBERS = f"{_OURS}:numbers:"
_PATIENT, _ACCESSION, _PLACER, _FILLER, _PROCEDURE = "patient", "accession", "placer", "filler", "procedure"


def patient_system(institution: str, issuer: str) -> str:
    """The numbering that a patient ID belongs to: of whoever issued it, or of the institution itself."""
    return f"{_OURS}:issuer:{quote(issuer, safe='')}" if issuer else f"{_NUMBERS}{institution}:{_PATIENT}"


def read_patient_system(system: str) -> tuple[str, str] | None:
    """Institution code and issuer of a numbering of patients; one of them is empty. None when it is no such system."""
    issuer = system.removeprefix(f"{_OURS}:issuer:")
    if issuer != system:
        return "", unquote(issuer)
    institution = _institution_of(system, _PATIENT)
    return None if institution is None else (institution, "")


def accession_system(institution: str) -> str:
    return f"{_NUMBERS}{institution}:{_ACCESSION}"


def placer_system(institution: str) -> str:
    return f"{_NUMBERS}{institution}:{_PLACER}"


def filler_system(institution: str) -> str:
    return f"{_NUMBERS}{institution}:{_FILLER}"


def procedure_system(institution: str) -> str:
    return f"{_NUMBERS}{institution}:{_PROCEDURE}"


def read_accession_system(system: str) -> str | None:
    """The institution whose accession numbers are meant."""
    return _institution_of(system, _ACCESSION)


def read_placer_system(system: str) -> str | None:
    """The institution whose order numbers are meant."""
    return _institution_of(system, _PLACER)


def read_filler_system(system: str) -> str | None:
    return _institution_of(system, _FILLER)


def _institution_of(system: str, what: str) -> str | None:
    body = system.removeprefix(_NUMBERS)
    code, _, kind = body.rpartition(":")
    return code if body != system and kind == what and code else None


def coding(system: str, code: str, display: str = "") -> Resource:
    return pruned({"system": system, "code": code, "display": display})


def concept(*codings: Resource, text: str = "") -> Resource:
    """A CodeableConcept."""
    return pruned({"coding": [one for one in codings if one], "text": text})


def identifier(system: str, value: str, kind: str = "", use: str = "") -> Resource:
    """An Identifier; empty without a value. `kind` is a code of HL7 table 0203."""
    if not value:
        return {}
    named = concept(coding(IDENTIFIER_TYPES, kind)) if kind else {}
    return pruned({"use": use, "type": named, "system": system, "value": value})


def uid_identifier(uid: str) -> Resource:
    """A DICOM UID as FHIR writes it (ImagingStudy, notes on identifiers)."""
    return {"system": DICOM_UID, "value": f"urn:oid:{uid}"}


def reference(kind: str, key: object, display: str = "") -> Resource:
    """A relative Reference; empty without a key."""
    return pruned({"reference": f"{kind}/{key}", "display": display}) if key is not None else {}


def instant(moment: datetime | None) -> str | None:
    """An instant in UTC, to the millisecond at most."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")


def date_of(text: str) -> str:
    """`YYYYMMDD` or `YYYY-MM-DD` as a FHIR date; empty where it is none."""
    digits = text.replace("-", "")
    try:
        return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def pruned(resource: Mapping[str, Any]) -> Resource:
    """Without members that say nothing: FHIR allows no empty values (R4 2.6.2)."""
    return {name: value for name, value in resource.items() if not _says_nothing(value)}


def present(parts: Iterable[Resource]) -> list[Resource]:
    """The parts that say something."""
    return [one for one in parts if one]


def _says_nothing(value: object) -> bool:
    return value is None or value in ("", [], {})
