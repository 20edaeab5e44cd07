"""Patient rows: one for each person of an institution, even where two were given one ID."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from storage.db.models import Patient
from storage.db.upsert import insert_missing
from storage.ingest.identity import PatientIdentity, is_same_person

Owner = tuple[PatientIdentity, int]
"""A person, and the identity of the institution that tells of him."""


def identity_of(patient: Patient) -> PatientIdentity:
    """The person of a row."""
    return PatientIdentity(patient.patient_id, patient.name, patient.sex, patient.birth_date)


def ensure_patients(session: Session, wanted: Mapping[str, Owner]) -> dict[str, int]:
    """The rows' identities for each of `wanted`, under the same names; new rows for people not seen before."""
    known = _candidates(session, list(wanted.values()))
    missing = {_key(owner): owner for owner in wanted.values() if _find(known, owner) is None}
    insert_missing(session, Patient, [_new_row(owner) for _, owner in sorted(missing.items())], Patient.id)
    if missing:
        known = _candidates(session, list(wanted.values()))
    return {name: _found(known, owner).id for name, owner in wanted.items()}


def _key(owner: Owner) -> tuple[int, str, str]:
    identity, institution_id = owner
    return institution_id, identity.patient_id, identity.fingerprint


def _candidates(session: Session, owners: Sequence[Owner]) -> Sequence[Patient]:
    keys = sorted({(institution_id, identity.patient_id) for identity, institution_id in owners})
    query = select(Patient).where(tuple_(Patient.institution_id, Patient.patient_id).in_(keys)).order_by(Patient.id)
    return session.execute(query).scalars().all()


def _find(known: Sequence[Patient], owner: Owner) -> Patient | None:
    identity, institution_id = owner
    same_id = [p for p in known if (p.institution_id, p.patient_id) == (institution_id, identity.patient_id)]
    exact = next((patient for patient in same_id if patient.fingerprint == identity.fingerprint), None)
    if exact is not None or not identity.patient_id:
        return exact
    return next((patient for patient in same_id if is_same_person(identity_of(patient), identity)), None)


def _found(known: Sequence[Patient], owner: Owner) -> Patient:
    patient = _find(known, owner)
    assert patient is not None, "inserted, or inserted by another process, just before"
    return patient


def _new_row(owner: Owner) -> dict[str, object]:
    identity, institution_id = owner
    return {
        "institution_id": institution_id,
        "patient_id": identity.patient_id,
        "name": identity.name,
        "sex": identity.sex,
        "birth_date": identity.birth_date,
        "fingerprint": identity.fingerprint,
    }
