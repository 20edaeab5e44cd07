"""Looks for rows that may be one person, and proposes them. Nothing is ever merged here: people decide."""

from typing import Any

from sqlalchemy import select, text

from reading_queue.pinyin import sound_of
from storage.db.models import Patient, PatientPair
from storage.db.queries.persons import block_of
from storage.db.session import Database, UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.patients import (
    Likeness,
    PairState,
    PersonTraits,
    likeness,
    number_space,
    person_key,
    swapped_key,
)
from storage.ingest.identity import comparable_name
from storage.settings import Settings

_AT_ONCE = 50
_ROUNDS = 20
_BLOCK = 200
"""Of rows that share a key, so many of the newest are looked at: some clinics write one number for everybody."""

_MOST_PAIRS = 20
_LOCK = 0x70657273


def propose_candidates(database: Database, _settings: Settings) -> None:
    """Compare the rows that are new with all that are known."""
    for _ in range(_ROUNDS):
        with database.write() as work:
            if compare_new(work) < _AT_ONCE:
                return


def compare_new(work: UnitOfWork, limit: int = _AT_ONCE) -> int:
    """Give new rows their keys and look for candidates; how many rows that were."""
    if not _is_alone(work):
        return 0
    query = select(Patient).where(Patient.compared_at.is_(None)).order_by(Patient.id).limit(limit)
    patients = work.session.execute(query).scalars().all()
    for patient in patients:
        _give_keys(patient)
    work.session.flush()
    for patient in patients:
        _compare(work, patient)
        patient.compared_at = work.now
    return len(patients)


def traits_of(patient: Patient) -> PersonTraits:
    """What is compared of a row."""
    return PersonTraits(
        number_space=number_space(patient.issuer, patient.institution_id),
        patient_id=patient.patient_id,
        name=comparable_name(patient.name),
        pinyin=patient.pinyin,
        sex=patient.sex,
        birth_date=patient.birth_date,
        national_id=patient.national_id,
        phone=patient.phone,
    )


def _is_alone(work: UnitOfWork) -> bool:
    """Two that compare at once would not see each other's keys. On SQLite there is one writer anyway."""
    if work.session.get_bind().dialect.name != "postgresql":
        return True
    return bool(work.session.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}).scalar_one())


def _give_keys(patient: Patient) -> None:
    sound = sound_of(patient.name)
    patient.pinyin, patient.initials = sound.full, sound.initials
    patient.person_key = person_key(sound.full, patient.birth_date)
    space = number_space(patient.issuer, patient.institution_id)
    patient.swapped_key = swapped_key(space, patient.patient_id, sound.full)


def _compare(work: UnitOfWork, patient: Patient) -> None:
    own = traits_of(patient)
    alike = [(other, likeness(own, traits_of(other))) for other in block_of(work, patient, _BLOCK)]
    found = sorted(((other.id, like) for other, like in alike if like), key=lambda one: -one[1].score)[:_MOST_PAIRS]
    known = _known_pairs(work, patient.id, [other for other, _ in found])
    rows = [_new_pair(work, patient.id, other, like) for other, like in found if other not in known]
    insert_missing(work.session, PatientPair, sorted(rows, key=_by_rows), PatientPair.id)
    for other, like in found:
        if (pair := known.get(other)) is not None and pair.state == PairState.OPEN:
            pair.score, pair.reasons = like.score, list(like.reasons)


def _by_rows(row: dict[str, Any]) -> tuple[int, int]:
    return row["first_id"], row["second_id"]


def _known_pairs(work: UnitOfWork, patient_id: int, others: list[int]) -> dict[int, PatientPair]:
    low = (PatientPair.first_id == patient_id) & PatientPair.second_id.in_(others)
    high = (PatientPair.second_id == patient_id) & PatientPair.first_id.in_(others)
    pairs = work.session.execute(select(PatientPair).where(low | high)).scalars()
    return {pair.second_id if pair.first_id == patient_id else pair.first_id: pair for pair in pairs}


def _new_pair(work: UnitOfWork, one: int, other: int, like: Likeness) -> dict[str, Any]:
    first, second = sorted((one, other))
    return {
        "first_id": first,
        "second_id": second,
        "state": PairState.OPEN,
        "score": like.score,
        "reasons": list(like.reasons),
        "found_at": work.now,
    }
