"""Patient rows: one for each person of an institution and a numbering, even where two were given one ID."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from storage.db.models import Patient, Study
from storage.db.queries.persons import are_one_person
from storage.db.upsert import insert_missing
from storage.ingest.header import ObjectHeader
from storage.ingest.identity import PatientIdentity, is_same_person
from storage.ingest.told import told_patient

Owner = tuple[PatientIdentity, int]
"""A person, and the identity of the institution that tells of him."""


def identity_of(patient: Patient) -> PatientIdentity:
    """The person of a row."""
    return PatientIdentity(
        patient.patient_id,
        patient.name,
        patient.sex,
        patient.birth_date,
        patient.issuer,
        patient.told_issuer,
        patient.national_id,
        patient.phone,
    )


def ensure_patients(session: Session, wanted: Mapping[str, Owner]) -> dict[str, int]:
    """The rows' identities for each of `wanted`, under the same names; new rows for people not seen before.

    A row keeps what was first told of its person. Only an ID-card or telephone number that nobody told yet is added.
    """
    known = _candidates(session, list(wanted.values()))
    missing = {_key(owner): owner for owner in wanted.values() if _find(known, owner) is None}
    insert_missing(session, Patient, [_new_row(owner) for _, owner in sorted(missing.items())], Patient.id)
    if missing:
        known = _candidates(session, list(wanted.values()))
    found = {name: _found(known, owner) for name, owner in wanted.items()}
    for name, patient in sorted(found.items(), key=lambda item: item[1].id):
        _add_numbers(session, patient, wanted[name][0])
    return {name: patient.id for name, patient in found.items()}


def belongs_to(session: Session, study: Study, header: ObjectHeader, device_issuer: str) -> bool:
    """Whether an object's patient is the study's: nothing contradicts it, or people have merged the two."""
    if is_same_person(identity_of(study.patient), header.patient):
        return True
    other = find_patient(session, (told_patient(header, device_issuer), study.institution_id))
    return other is not None and are_one_person(session, study.patient_id, other.id)


def find_patient(session: Session, owner: Owner) -> Patient | None:
    """The row of that person, where there is one."""
    return _find(_candidates(session, [owner]), owner)


def _key(owner: Owner) -> tuple[int, str, str]:
    identity, institution_id = owner
    return institution_id, identity.patient_id, identity.fingerprint


def _candidates(session: Session, owners: Sequence[Owner]) -> Sequence[Patient]:
    if not owners:
        return []
    keys = sorted({(institution_id, identity.issuer, identity.patient_id) for identity, institution_id in owners})
    same = tuple_(Patient.institution_id, Patient.issuer, Patient.patient_id).in_(keys)
    return session.execute(select(Patient).where(same).order_by(Patient.id)).scalars().all()


def _find(known: Sequence[Patient], owner: Owner) -> Patient | None:
    identity, institution_id = owner
    wanted = (institution_id, identity.issuer, identity.patient_id)
    same_id = [one for one in known if (one.institution_id, one.issuer, one.patient_id) == wanted]
    exact = next((patient for patient in same_id if patient.fingerprint == identity.fingerprint), None)
    if exact is not None or not identity.patient_id:
        return exact
    return next((patient for patient in same_id if is_same_person(identity_of(patient), identity)), None)


def _found(known: Sequence[Patient], owner: Owner) -> Patient:
    patient = _find(known, owner)
    assert patient is not None, "inserted, or inserted by another process, just before"
    return patient


def _add_numbers(session: Session, patient: Patient, identity: PatientIdentity) -> None:
    told = {"national_id": identity.national_id, "phone": identity.phone}
    for name, value in told.items():
        if value and not getattr(patient, name):
            empty = Patient.id == patient.id, getattr(Patient, name) == ""
            # A new number may tell more about who he is: he is compared with the others again.
            session.execute(update(Patient).where(*empty).values({name: value, "compared_at": None}))


def _new_row(owner: Owner) -> dict[str, object]:
    identity, institution_id = owner
    return {
        "institution_id": institution_id,
        "issuer": identity.issuer,
        "told_issuer": identity.told_issuer,
        "patient_id": identity.patient_id,
        "name": identity.name,
        "sex": identity.sex,
        "birth_date": identity.birth_date,
        "national_id": identity.national_id,
        "phone": identity.phone,
        "fingerprint": identity.fingerprint,
    }
