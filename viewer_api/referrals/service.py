"""Referrals as the interface shows them."""

from collections.abc import Sequence

from sqlalchemy import select

from reading_queue.referrals import events_of
from storage.db.models import Institution, Patient, Referral, ReferralEvent, Study
from storage.db.session import UnitOfWork
from storage.domain.referrals import ReferralAction, ReferralState
from viewer_api.referrals.schemas import ReferralEventOut, ReferralOut
from viewer_api.schemas import patient_out


def referral_out(work: UnitOfWork, row: Referral) -> ReferralOut:
    """One of them."""
    return referrals_out(work, [row])[0]


def referrals_out(work: UnitOfWork, rows: Sequence[Referral]) -> list[ReferralOut]:
    """With their patients and steps, in a fixed number of queries."""
    query = (
        select(Study, Patient, Institution)
        .join(Patient, Patient.id == Study.patient_id)
        .join(Institution, Institution.id == Study.institution_id)
        .where(Study.id.in_({row.study_id for row in rows}))
    )
    found = {study.id: (study, patient, place) for study, patient, place in work.session.execute(query)}
    steps = events_of(work, [row.id for row in rows])
    return [_out(row, *found[row.study_id], steps[row.id]) for row in rows]


def _out(
    row: Referral, study: Study, patient: Patient, place: Institution, steps: Sequence[ReferralEvent]
) -> ReferralOut:
    own = ("id", "reason", "destination", "opened_at", "answer_due_at", "end_due_at", "unanswered_at", "overdue_at")
    return ReferralOut(
        **{name: getattr(row, name) for name in own},
        state=ReferralState(row.state),
        study_instance_uid=study.study_instance_uid,
        modality=study.modality,
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        patient=patient_out(patient, row.opened_at),
        events=[
            ReferralEventOut(action=ReferralAction(one.action), at=one.at, actor=one.actor_name, words=one.words)
            for one in steps
        ],
    )
