"""What was examined, where the machine did not say: a person fills it in, beside what the DICOM objects say."""

from sqlalchemy import select

from reading_queue.service import Actor
from storage.audit import AuditEntry, record
from storage.db.models import Report, Study, StudyNaming
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Forbidden, InvalidField, SignedReport
from storage.domain.reading import Role

NAMERS = frozenset({Role.CLINIC, Role.RADIOLOGIST, Role.AUDITOR, Role.MANAGER})


def name_study(work: UnitOfWork, actor: Actor, study: Study, description: str, body_part: str) -> StudyNaming:
    """Fill in what was examined. What the machine said stays as it is; what a person said may be said anew.

    The words stand where the worklist, the rules, the hanging of images and the search for earlier exams look. Raises
    `Forbidden`, `InvalidField` without words, `Conflict` where the machine has named both, `SignedReport` once a report names
    the examination.
    """
    if actor.role not in NAMERS or actor.user_id is None:
        raise Forbidden("Readers, the clinic and the manager say what was examined.")
    if not (description or body_part):
        raise InvalidField("description", "or body_part must say what was examined.")
    if work.session.execute(select(Report.id).where(Report.study_id == study.id)).first() is not None:
        raise SignedReport("A report has been issued: what was examined stands in it.")
    kept = work.session.get(StudyNaming, study.id) or _begun(work, actor, study)
    if kept.original_description and kept.original_body_part:
        raise Conflict("The machine has said what was examined.")
    before = {"description": study.description, "body_part": study.body_part}
    kept.description = kept.original_description or description
    kept.body_part = kept.original_body_part or body_part.upper()
    kept.named_by_id, kept.named_at = actor.user_id, work.now
    study.description, study.body_part = kept.description, kept.body_part
    work.session.flush()
    detail = {"before": before, "description": study.description, "body_part": study.body_part}
    record(work.session, AuditEntry(work.now, actor.username, "study.name", f"study:{study.id}", detail))
    return kept


def _begun(work: UnitOfWork, actor: Actor, study: Study) -> StudyNaming:
    made = StudyNaming(
        study_id=study.id,
        institution_id=study.institution_id,
        description="",
        body_part="",
        original_description=study.description,
        original_body_part=study.body_part,
        named_by_id=actor.user_id,
        named_at=work.now,
    )
    work.session.add(made)
    return made
