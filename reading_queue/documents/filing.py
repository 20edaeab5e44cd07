"""Filing signed versions in their studies: after the commit, once each, found again by a sweep when a hint got lost."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo

from pydicom import Dataset
from sqlalchemy import select

from reading_queue.documents.encapsulated_pdf import encapsulated_pdf
from reading_queue.documents.key_objects import key_objects
from reading_queue.documents.measurement_report import measurement_report
from reading_queue.documents.objects import part10
from reading_queue.documents.structured_report import structured_report
from reading_queue.documents.told import KeyFrame, Told, ToldMeasurement
from reading_queue.documents.told import Study as ToldStudy
from reading_queue.ecg.printing import printed_ecgs, sources_of_version
from reading_queue.report_pdf import version_pdf
from reading_queue.report_pdf.ecg import PrintedEcg
from storage.db.models import Patient, Report, ReportFiling, ReportVersion, Study
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.reading import ReportKind
from storage.ingest.written import WrittenObject, enter_written, store_written
from storage.objects import ObjectStore
from storage.settings import Settings

_HINT_TIME = timedelta(seconds=30)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_DOUBLINGS, _BATCH = 9, 200


def file_report(database: Database, store: ObjectStore, version_id: int, zone: tzinfo) -> None:
    """Write the version's documents into its study, unless they are there. Raises `NotFound`, and as the store does."""
    with database.read() as work:
        if _filing(work, version_id).filed_at is not None:
            return
        versions = versions_beside(work, version_id)
        told = told_of(work, versions, version_id, zone)
        sources = sources_of_version(work, told.content)
        work.session.expunge_all()
    try:
        documents = documents_of(told, versions, printed_ecgs(store, sources))
        written = [store_written(store, part10(ds), told.signed_at, zone) for ds in documents]
    except Exception as error:
        with database.write() as work:
            _note_failure(work, version_id, type(error).__name__)
        raise
    with database.write() as work:
        _enter(work, version_id, told.study.study_instance_uid, written)


def find_unfiled(database: Database, _settings: Settings) -> None:
    """Hint again at versions whose documents are not in their studies yet."""
    with database.write() as work:
        due = (ReportFiling.filed_at.is_(None), ReportFiling.next_try_at <= work.now - _HINT_TIME)
        query = select(ReportFiling.report_version_id).where(*due).order_by(ReportFiling.next_try_at).limit(_BATCH)
        for version_id in work.session.execute(query).scalars():
            work.after_commit(Hint("file_report", (version_id,)))


def documents_of(told: Told, versions: Sequence[ReportVersion], ecgs: Sequence[PrintedEcg] = ()) -> Iterator[Dataset]:
    """What a version becomes; `versions` are all of its report, `ecgs` those that it names."""
    version = next(one for one in versions if one.sha256 == told.sha256)
    yield structured_report(told)
    yield encapsulated_pdf(told, version_pdf(version, versions[: told.version], "zh", told.zone, ecgs=ecgs))
    if told.key_frames:
        yield key_objects(told)
    if told.measurements:
        yield measurement_report(told)


def versions_beside(work: UnitOfWork, version_id: int) -> Sequence[ReportVersion]:
    """All versions of the report that this one is of, the first first. Raises `NotFound`."""
    report = select(ReportVersion.report_id).where(ReportVersion.id == version_id).scalar_subquery()
    query = select(ReportVersion).where(ReportVersion.report_id == report).order_by(ReportVersion.version)
    found = work.session.execute(query).scalars().all()
    if not found:
        raise NotFound("There is no such version of a report.")
    return found


def told_of(work: UnitOfWork, versions: Sequence[ReportVersion], version_id: int, zone: tzinfo) -> Told:
    """What the documents of a version are written from."""
    version = next(one for one in versions if one.id == version_id)
    query = select(Study, Patient).join(Patient, Patient.id == Study.patient_id)
    row = work.session.execute(
        query.join(Report, Report.study_id == Study.id).where(Report.id == version.report_id)
    ).one()
    return Told(
        report_id=version.report_id,
        version=version.version,
        kind=ReportKind(version.kind),
        sha256=version.sha256,
        content=version.content,
        signed_at=version.signed_at,
        study=told_study(row.Study, row.Patient),
        earlier=[one.sha256 for one in versions if one.version < version.version],
        key_frames=[KeyFrame(**one) for one in version.content.get("key_images", [])],
        zone=zone,
        measurements=[ToldMeasurement.of(one) for one in version.content.get("measurements", [])],
    )


def told_study(study: Study, patient: Patient) -> ToldStudy:
    """What objects of the study say of it and of its patient."""
    return ToldStudy(
        study_instance_uid=study.study_instance_uid,
        study_date=study.study_date,
        study_time=study.study_time,
        study_id=study.dicom_study_id,
        accession_number=study.accession_number,
        referring_physician=study.referring_physician,
        description=study.description,
        patient_name=study.patient_name or patient.name,
        patient_id=patient.patient_id,
        issuer=patient.issuer or patient.told_issuer,
        birth_date=patient.birth_date.replace("-", ""),
        sex=patient.sex,
    )


def _filing(work: UnitOfWork, version_id: int, *, lock: bool = False) -> ReportFiling:
    query = select(ReportFiling).where(ReportFiling.report_version_id == version_id)
    found = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such version of a report.")
    return found


def _note_failure(work: UnitOfWork, version_id: int, error: str) -> None:
    filing = _filing(work, version_id, lock=True)
    filing.error = error
    filing.next_try_at = work.now + min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(filing.attempts, _DOUBLINGS)))
    filing.attempts += 1


def _enter(work: UnitOfWork, version_id: int, study_instance_uid: str, written: Sequence[WrittenObject]) -> None:
    query = select(Study).where(Study.study_instance_uid == study_instance_uid).with_for_update(of=Study)
    study = work.session.execute(query, execution_options={"populate_existing": True}).scalar_one()
    for one in written:
        enter_written(work, study, one)
    filing = _filing(work, version_id, lock=True)
    filing.filed_at, filing.error = work.now, ""
