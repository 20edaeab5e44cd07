"""Results and reports as the interface shows them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from storage.db.models import Instance, Report, ReportVersion, Result
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.reading import ReportKind
from viewer_api.results.schemas import (
    InstitutionOut,
    KeyImageOut,
    OutstandingOut,
    PhysicianOut,
    ReportOut,
    ResultOut,
    VersionOut,
)
from viewer_api.schemas import PatientOut, patient_of, patient_out


def result_out(result: Result) -> ResultOut:
    """A line of the clinic's sequence."""
    study, version, receipt, printing = result.study, result.report_version, result.receipt, result.printing
    return ResultOut(
        seq=result.seq,
        kind=ReportKind(result.kind),
        study_instance_uid=study.study_instance_uid,
        report_id=version.report_id,
        version=version.version,
        created_at=result.created_at,
        modality=study.modality,
        description=study.description,
        patient=patient_out(study.patient, study.exam_started_at or study.first_received_at),
        positive=version.content.get("positive"),
        critical=version.content.get("critical", ""),
        received_at=receipt.at if receipt else None,
        received_by=receipt.received_by if receipt else None,
        printed_at=printing.at if printing else None,
        printed_by=printing.printed_by if printing else "",
    )


def report_versions(work: UnitOfWork, report_id: int) -> Sequence[ReportVersion]:
    """All versions, the first first. Raises `NotFound` when there is no such report in scope."""
    query = select(ReportVersion).where(ReportVersion.report_id == report_id).order_by(ReportVersion.version)
    found = work.session.execute(query).scalars().all()
    if not found:
        raise NotFound("There is no such report.")
    return found


def chosen(versions: Sequence[ReportVersion], number: int | None) -> ReportVersion:
    """The version with that number; the last without one. Raises `NotFound`."""
    if number is None:
        return versions[-1]
    found = next((version for version in versions if version.version == number), None)
    if found is None:
        raise NotFound("The report has no such version.")
    return found


def report_of_task(work: UnitOfWork, task_id: int) -> ReportOut | None:
    """The last version of the task's report; None before it is signed."""
    report_id = work.session.execute(select(Report.id).where(Report.task_id == task_id)).scalar_one_or_none()
    if report_id is None:
        return None
    versions = report_versions(work, report_id)
    return report_out(versions[-1], versions)


def report_out(version: ReportVersion, versions: Sequence[ReportVersion]) -> ReportOut:
    """What the version says, from its signed content alone."""
    content = version.content
    study, clinic, about = content["study"], content["institution"], content["report"]
    return ReportOut(
        id=version.report_id,
        version=version.version,
        kind=ReportKind(version.kind),
        reason=about["reason"],
        versions=[_version_out(one) for one in versions],
        task_id=about["task_id"],
        study_instance_uid=study["study_instance_uid"],
        institution=clinic["code"],
        institution_name=clinic["name"],
        institution_name_en=clinic["name_en"],
        centre=InstitutionOut(**content["centre"]),
        author=PhysicianOut(**content["author"]),
        signer=PhysicianOut(**content["signer"]),
        signed_at=version.signed_at,
        sha256=version.sha256,
        patient=_patient(version),
        exam_started_at=_moment(study["exam_started_at"]),
        notice=content.get("notice", ""),
        consultations=content.get("consultations", []),
        preliminary=content.get("preliminary"),
        structure=content.get("structure"),
        key_images=key_images_out(version),
        **{name: study[name] for name in ("modality", "description", "body_part", "accession_number")},
        **{name: content[name] for name in ("findings", "impression", "positive", "critical")},
    )


def instance_named(work: UnitOfWork, sop_instance_uid: str) -> Instance:
    """Raise `NotFound` when there is no such object in scope, or not yet."""
    query = select(Instance).where(Instance.sop_instance_uid == sop_instance_uid)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("This object is not in the study yet: try again in a moment.")
    return found


def key_images_out(version: ReportVersion) -> list[KeyImageOut]:
    """The frames that the version shows."""
    root = f"/api/v1/reports/{version.report_id}/key-images"
    return [
        KeyImageOut(
            number=number,
            picture=f"{root}/{number}?version={version.version}",
            **{name: one[name] for name in ("sop_instance_uid", "series_instance_uid", "frame", "note")},
        )
        for number, one in enumerate(version.content.get("key_images", []), 1)
    ]


def outstanding_out(result: Result, now: datetime) -> OutstandingOut:
    """A result without a receipt, and for how long."""
    study, version = result.study, result.report_version
    return OutstandingOut(
        seq=result.seq,
        kind=ReportKind(result.kind),
        institution=study.institution.code,
        institution_name=study.institution.name,
        institution_name_en=study.institution.name_en,
        study_instance_uid=study.study_instance_uid,
        report_id=version.report_id,
        version=version.version,
        modality=study.modality,
        description=study.description,
        patient=patient_out(study.patient, study.exam_started_at or study.first_received_at),
        created_at=result.created_at,
        hours=round((now - result.created_at).total_seconds() / 3600, 1),
    )


def _patient(version: ReportVersion) -> PatientOut:
    patient, study = version.content["patient"], version.content["study"]
    at = _moment(study["exam_started_at"]) or version.signed_at
    return patient_of(patient["id"], patient["name"], patient["sex"], patient["birth_date"], at)


def _version_out(version: ReportVersion) -> VersionOut:
    return VersionOut(
        version=version.version,
        kind=ReportKind(version.kind),
        signed_at=version.signed_at,
        sha256=version.sha256,
        reason=version.content["report"]["reason"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
