"""Signed versions: what a report says, hashed and tied to the version before, and its line in the clinic's results (I5, I6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from reading_queue.documents.announcing import announce
from reading_queue.ecg.signed import signed_ecgs
from reading_queue.key_images import signed_frames
from reading_queue.measuring.sealing import sealed_measurements
from reading_queue.service.actors import ReportContent
from reading_queue.templates.structures import sealed
from storage.db.models import Institution, Patient, ReadingTask, Report, ReportVersion, Result, Study, User
from storage.db.queries.ecg import ECG_MODALITY
from storage.db.session import UnitOfWork
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.errors import NotFound
from storage.domain.reading import ReportKind

NO_VERSION = "0" * 64
"""What the first version names as the hash before it."""


@dataclass(frozen=True)
class Issue:
    """What is to be issued: the words, what they are to the version before, why, and by whom.

    `besides` are further members of what the version says: opinions, independent readings, the preliminary report.
    """

    content: ReportContent
    kind: ReportKind
    reason: str
    author: User
    signer: User
    besides: Mapping[str, Any] = field(default_factory=dict)


def issue_version(work: UnitOfWork, task: ReadingTask, issue: Issue) -> ReportVersion:
    """Make the next version of the task's report and give it the next number of the clinic's results."""
    report = _report_of(work, task)
    previous = last_version(work, report.id) if report.last_version else None
    report.last_version += 1
    previous_sha256 = previous.sha256 if previous else NO_VERSION
    content = _canonical_content(work, task, report, issue, previous_sha256)
    version = ReportVersion(
        institution_id=task.institution_id,
        report=report,
        version=report.last_version,
        kind=issue.kind,
        content=content,
        sha256=sha256_hex(canonical_json(content)),
        previous_sha256=previous_sha256,
        author_id=issue.author.id,
        signer_id=issue.signer.id,
        signed_at=work.now,
    )
    work.session.add(version)
    work.session.flush()
    _announce(work, task, version)
    announce(work, version)
    return version


def proposed_version(work: UnitOfWork, task: ReadingTask, issue: Issue) -> ReportVersion:
    """What `issue_version` would make now, with nothing issued: no row, no signature, no time of signing."""
    known = report_of_task(work, task.id)
    report = Report(id=known.id if known else 0, last_version=(known.last_version if known else 0) + 1)
    content = _canonical_content(work, task, report, issue, NO_VERSION) | {"signed_at": None}
    return ReportVersion(version=report.last_version, kind=issue.kind, content=content, sha256="", signed_at=work.now)


def last_version(work: UnitOfWork, report_id: int) -> ReportVersion:
    """The newest version of a report. Raises `NotFound`."""
    query = (
        select(ReportVersion)
        .where(ReportVersion.report_id == report_id)
        .order_by(ReportVersion.version.desc())
        .limit(1)
    )
    version = work.session.execute(query).scalar_one_or_none()
    if version is None:
        raise NotFound("There is no such report.")
    return version


def report_of_task(work: UnitOfWork, task_id: int) -> Report | None:
    """The report of a task, when one has been signed."""
    return work.session.execute(select(Report).where(Report.task_id == task_id)).scalar_one_or_none()


def _report_of(work: UnitOfWork, task: ReadingTask) -> Report:
    report = report_of_task(work, task.id)
    if report is None:
        report = Report(
            institution_id=task.institution_id,
            task_id=task.id,
            study_id=task.study_id,
            last_version=0,
            created_at=work.now,
        )
        work.session.add(report)
        work.session.flush()
    return report


def _announce(work: UnitOfWork, task: ReadingTask, version: ReportVersion) -> None:
    # The row lock of this update makes the numbers gap-free: a second signer waits, and a rollback gives the number back.
    number = (
        update(Institution).where(Institution.id == task.institution_id).values(result_seq=Institution.result_seq + 1)
    )
    options = {"synchronize_session": False}
    seq = work.session.execute(number.returning(Institution.result_seq), execution_options=options).scalar_one()
    work.session.add(
        Result(
            institution_id=task.institution_id,
            seq=seq,
            kind=version.kind,
            study_id=task.study_id,
            task_id=task.id,
            report_version_id=version.id,
            created_at=work.now,
        )
    )
    work.session.flush()


def _canonical_content(
    work: UnitOfWork, task: ReadingTask, report: Report, issue: Issue, previous_sha256: str
) -> dict[str, Any]:
    study = work.session.execute(select(Study).where(Study.id == task.study_id)).scalar_one()
    return {
        "format": "countyread-report-2",
        "report": {
            "id": report.id,
            "version": report.last_version,
            "kind": str(issue.kind),
            "reason": issue.reason,
            "previous_sha256": previous_sha256,
            "task_id": task.id,
        },
        "patient": _patient(study.patient),
        "study": _study(study, task),
        "institution": _institution(work.session.get_one(Institution, task.institution_id)),
        "centre": _institution(work.session.get_one(Institution, issue.signer.institution_id)),
        "findings": issue.content.findings,
        "impression": issue.content.impression,
        "positive": issue.content.positive,
        "critical": issue.content.critical,
        "structure": sealed(work, issue.content.structure),
        "author": person(issue.author),
        "signer": person(issue.signer),
        "drafted_at": _iso(task.drafted_at),
        "signed_at": _iso(work.now),
        **_key_images(work, task, issue.kind),
        **_measurements(work, study, issue.kind),
        **_ecgs(work, task, issue.kind),
        **issue.besides,
    }


def _key_images(work: UnitOfWork, task: ReadingTask, kind: ReportKind) -> dict[str, Any]:
    frames = [] if kind is ReportKind.WITHDRAWN else signed_frames(work, task.id)
    return {"key_images": frames} if frames else {}


def _measurements(work: UnitOfWork, study: Study, kind: ReportKind) -> dict[str, Any]:
    found = [] if kind is ReportKind.WITHDRAWN else sealed_measurements(work, study)
    return {"measurements": found} if found else {}


def _ecgs(work: UnitOfWork, task: ReadingTask, kind: ReportKind) -> dict[str, Any]:
    """The tracings that go on paper with the report, by what they are now."""
    if task.modality != ECG_MODALITY or kind is ReportKind.WITHDRAWN:
        return {}
    found = signed_ecgs(work, task.study_id)
    return {"ecgs": found} if found else {}


def _patient(patient: Patient) -> dict[str, str]:
    return {"id": patient.patient_id, "name": patient.name, "sex": patient.sex, "birth_date": patient.birth_date}


def _study(study: Study, task: ReadingTask) -> dict[str, str | None]:
    return {
        "study_instance_uid": study.study_instance_uid,
        "accession_number": study.accession_number,
        "modality": task.modality,
        "body_part": study.body_part,
        "description": study.description,
        "exam_started_at": _iso(study.exam_started_at),
        "ready_at": _iso(task.ready_at),
    }


def _institution(institution: Institution) -> dict[str, str]:
    return {"code": institution.code, "name": institution.name, "name_en": institution.name_en}


def person(user: User) -> dict[str, str]:
    """A physician as a version names him."""
    return {"username": user.username, "name": user.display_name, "title": user.title}


def versions_of_task(work: UnitOfWork, task_id: int) -> Sequence[ReportVersion]:
    """What has been issued for a task, the first first."""
    query = select(ReportVersion).join(Report, Report.id == ReportVersion.report_id).where(Report.task_id == task_id)
    return work.session.execute(query.order_by(ReportVersion.version)).scalars().all()


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
