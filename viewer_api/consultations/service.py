"""Consultations as the interface shows them."""

from typing import Any

from reading_queue.service import draft_of
from storage.db.models import Consultation
from storage.db.session import UnitOfWork
from storage.domain.reading import OPEN_CONSULTATIONS
from viewer_api.auth.service import Caller
from viewer_api.consultations.schemas import AskedDetail, AskedDraftOut, AskedOut, ConsultationOut
from viewer_api.schemas import patient_out


def consultation_out(row: Consultation, *, is_clinic: bool) -> ConsultationOut:
    """As the centre sees it; a clinic sees that somebody is asked, not what is said between physicians."""
    line = _line(row)
    return ConsultationOut(**{**line, "question": "", "opinion": ""} if is_clinic else line)


def asked_out(row: Consultation, caller: Caller) -> AskedOut:
    """As a line of the hospital's list."""
    return AskedOut(**_asked(row, caller))


def asked_detail(work: UnitOfWork, row: Consultation, caller: Caller) -> AskedDetail:
    """With what has been written, for as long as the hospital is asked."""
    draft = draft_of(work, row.task_id) if row.state in OPEN_CONSULTATIONS else None
    words = AskedDraftOut(findings=draft.findings, impression=draft.impression) if draft else None
    return AskedDetail(**_asked(row, caller), draft=words)


def _line(row: Consultation) -> dict[str, Any]:
    names = ("id", "state", "question", "opinion", "asked_at", "ended_at", "expires_at", "reminders")
    return {
        **{name: getattr(row, name) for name in names},
        "hospital": row.hospital.code,
        "hospital_name": row.hospital.name,
        "hospital_name_en": row.hospital.name_en,
        "asked_by": row.asked_by.display_name,
        "consultant": row.consultant.display_name if row.consultant else None,
    }


def _asked(row: Consultation, caller: Caller) -> dict[str, Any]:
    study, task = row.study, row.task
    return {
        **_line(row),
        "task_id": task.id,
        "study_instance_uid": study.study_instance_uid,
        "priority": task.priority,
        "modality": task.modality,
        "description": study.description,
        "body_part": study.body_part,
        "institution_name": study.institution.name,
        "institution_name_en": study.institution.name_en,
        "exam_started_at": study.exam_started_at,
        "patient": patient_out(study.patient, study.exam_started_at or study.first_received_at),
        "images": study.instance_count,
        "mine": row.consultant_id == caller.user.id,
    }
