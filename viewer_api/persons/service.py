"""Persons as the interface shows them."""

from collections.abc import Collection, Sequence

from storage.db.models import PatientMerge, PatientPair, User
from storage.db.queries import pairs, persons
from storage.db.queries.persons import PatientRow, Prior
from storage.db.queries.studies import study_by_uid
from storage.db.session import UnitOfWork
from storage.domain.patients import MatchReason, PairState
from viewer_api.persons.schemas import MergeOut, PairOut, PatientRowOut, PersonOut, PersonStudyOut, PriorOut
from viewer_api.schemas import patient_out


def rows_out(work: UnitOfWork, rows: Sequence[PatientRow]) -> list[PatientRowOut]:
    """Rows with the person whom each stands for."""
    ends = persons.persons_of(work.session, [row.patient.id for row in rows])
    return [_row_out(work, row, ends[row.patient.id]) for row in rows]


def person_out(work: UnitOfWork, patient_id: int) -> PersonOut:
    """The person behind a row. Raises `NotFound`."""
    persons.patient_by_id(work, patient_id)
    ends = persons.persons_of(work.session, [patient_id])
    return PersonOut(
        person=ends[patient_id],
        rows=rows_out(work, persons.patient_rows(work, ends)),
        studies=[_study_out(prior) for prior in persons.studies_of(work, ends)],
        merges=[merge_out(merge, by) for merge, by in persons.standing_merges(work, ends)],
        candidates=pairs_out(work, pairs.pairs_of_person(work, ends)),
    )


def pairs_out(work: UnitOfWork, found: Sequence[PatientPair]) -> list[PairOut]:
    """Pairs with both their rows."""
    ids = {one for pair in found for one in (pair.first_id, pair.second_id)}
    rows = {row.id: row for row in rows_out(work, persons.patient_rows(work, ids))}
    names = _names(work, {pair.by_id for pair in found if pair.by_id is not None})
    return [
        PairOut(
            id=pair.id,
            first=rows[pair.first_id],
            second=rows[pair.second_id],
            state=PairState(pair.state),
            score=pair.score,
            reasons=[MatchReason(reason) for reason in pair.reasons],
            by=names.get(pair.by_id or 0, ""),
            note=pair.note,
        )
        for pair in found
    ]


def merge_out(merge: PatientMerge, by: User) -> MergeOut:
    return MergeOut(
        id=merge.id,
        survivor=merge.survivor_id,
        merged=merge.merged_id,
        by=by.username,
        by_name=by.display_name,
        at=merge.at,
        reason=merge.reason,
    )


def priors_out(work: UnitOfWork, study_instance_uid: str) -> list[PriorOut]:
    """The earlier studies of the study's person. Raises `NotFound`."""
    study = study_by_uid(work, study_instance_uid)
    return [
        PriorOut(**_study_out(prior).model_dump(), patient=patient_out(prior.study.patient, prior.at))
        for prior in persons.priors_of(work, study)
    ]


def _names(work: UnitOfWork, ids: Collection[int]) -> dict[int, str]:
    return {one: user.display_name for one in ids if (user := work.session.get(User, one)) is not None}


def _row_out(work: UnitOfWork, row: PatientRow, person: int) -> PatientRowOut:
    patient = row.patient
    return PatientRowOut(
        id=patient.id,
        person=person,
        patient=patient_out(patient, work.now),
        issuer=patient.issuer,
        told_issuer=patient.told_issuer,
        national_id=patient.national_id,
        phone=patient.phone,
        institution=row.institution.code,
        institution_name=row.institution.name,
        institution_name_en=row.institution.name_en,
        studies=row.studies,
    )


def _study_out(prior: Prior) -> PersonStudyOut:
    study = prior.study
    return PersonStudyOut(
        study_instance_uid=study.study_instance_uid,
        patient_row=study.patient_id,
        at=prior.at,
        exam_date=prior.exam_date,
        modality=study.modality,
        description=study.description,
        body_part=study.body_part,
        institution=study.institution.code,
        institution_name=study.institution.name,
        institution_name_en=study.institution.name_en,
        report_id=prior.report_id,
    )
