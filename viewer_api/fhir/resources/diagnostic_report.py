"""DiagnosticReport: what a reading task gives, from its opening on; its versions are those that were signed."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from reading_queue.projections import PROJECTIONS, projection
from storage.db.models import ExamOrder, Institution, ReadingTask, Report, ReportVersion, Study
from storage.domain.errors import NotFound
from storage.domain.reading import ReportKind, TaskState
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, linked, moment, points, token
from viewer_api.fhir.parameters import Token, row_key
from viewer_api.fhir.resources.imaging_study import orders_of, study_identified
from viewer_api.fhir.resources.observation import recordings_of
from viewer_api.fhir.terms import (
    ECG_STATEMENTS,
    LOINC,
    REPORTS,
    Resource,
    accession_system,
    coding,
    concept,
    identifier,
    instant,
    present,
    pruned,
    reference,
)

SECTIONS = "http://terminology.hl7.org/CodeSystem/v2-0074"
_SECTION_OF = {"CT": "CT", "MR": "NMR", "US": "RUS", "ECG": "EC", "DX": "RX", "CR": "RX", "NM": "NMS"}
_IMAGING_STUDY = coding(LOINC, "18748-4", "Diagnostic imaging study")
_EKG_STUDY = coding(LOINC, "11524-6", "EKG study")

VersionOf = Mapping[int, ReportVersion]


def _query() -> Select[ReadingTask]:
    """Independent readings of a study that is read twice give no report of their own."""
    return (
        select(ReadingTask)
        .where(~ReadingTask.independent)
        .options(joinedload(ReadingTask.study).joinedload(Study.patient))
    )


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    tasks = [one.row for one in found]
    versions = last_versions(context, [task.id for task in tasks])
    return _all(context, tasks, versions)


def _all(context: Context, tasks: Sequence[ReadingTask], versions: VersionOf) -> list[Resource]:
    studies = [task.study_id for task in tasks]
    orders, recordings = orders_of(context, studies), recordings_of(context, studies)
    return [
        _report(context, task, versions.get(task.id), orders.get(task.study_id), recordings.get(task.study_id, []))
        for task in tasks
    ]


def version_of(context: Context, task: ReadingTask, number: int) -> Resource:
    """The report as one signed version had it. Raises `NotFound`."""
    query = select(ReportVersion).join(Report, Report.id == ReportVersion.report_id)
    query = query.where(Report.task_id == task.id, ReportVersion.version == number)
    version = context.work.session.execute(query).scalar_one_or_none()
    if version is None:
        raise NotFound("The report has no such version.")
    resource = _all(context, [task], {task.id: version})[0]
    resource["meta"]["lastUpdated"] = instant(version.signed_at)
    return resource


def _report(
    context: Context, task: ReadingTask, version: ReportVersion | None, order: int | None, recordings: list[int]
) -> Resource:
    study = task.study
    kind = ReportKind(version.kind) if version else None
    code = context.institution(task.institution_id).code
    return pruned(
        {
            "resourceType": "DiagnosticReport",
            "id": str(task.id),
            "meta": {"versionId": str(version.version)} if version else {},
            "text": _narrative(version),
            "identifier": present(
                [
                    identifier(REPORTS, str(version.report_id) if version else ""),
                    identifier(accession_system(code), study.accession_number, "ACSN"),
                ]
            ),
            "basedOn": present([reference("ServiceRequest", order)]),
            "status": projection(TaskState(task.state), kind).report,
            "category": [concept(coding(SECTIONS, _SECTION_OF.get(task.modality, "RAD")))],
            "code": concept(_EKG_STUDY if task.modality == "ECG" else _IMAGING_STUDY, text=study.description),
            "subject": reference("Patient", study.patient_id),
            "effectiveDateTime": instant(study.exam_started_at or study.first_received_at),
            "result": [reference("Observation", one) for one in recordings],
            "imagingStudy": [reference("ImagingStudy", study.id)],
            **(_signed(context, version) if version else {}),
        }
    )


def _signed(context: Context, version: ReportVersion) -> Resource:
    content = version.content
    readers = dict.fromkeys((version.author_id, version.signer_id))
    names = {version.author_id: content["author"]["name"], version.signer_id: content["signer"]["name"]}
    url = f"{context.root}/api/v1/reports/{version.report_id}/pdf?version={version.version}"
    centre = _centre_id(context, content["centre"]["code"])
    return {
        "issued": instant(version.signed_at),
        "performer": present([reference("Organization", centre, content["centre"]["name"])]),
        "resultsInterpreter": [reference("Practitioner", one, names[one]) for one in readers],
        "conclusion": content["impression"],
        "conclusionCode": [_statement(one) for one in (content.get("structure") or {}).get("statements", [])],
        "presentedForm": [
            {
                "contentType": "application/pdf",
                "language": "zh-CN",
                "url": url,
                "title": f"report-{version.report_id}-v{version.version}.pdf",
                "creation": instant(version.signed_at),
            }
        ],
    }


def _statement(told: Mapping[str, Any]) -> Resource:
    """A coded statement of the report, by the catalogue of ECG statements."""
    name = told.get("zh", "")
    return concept(coding(ECG_STATEMENTS, told["code"], told.get("en", "")), text=name)


def _centre_id(context: Context, code: str) -> int | None:
    query = select(Institution.id).where(Institution.code == code)
    found: int | None = context.work.session.execute(query).scalar_one_or_none()
    return found


def _narrative(version: ReportVersion | None) -> Resource:
    if version is None:
        return {}
    said = (("所见", version.content["findings"]), ("诊断意见", version.content["impression"]))
    parts = [f"<h4>{label}</h4><p>{_lines(text)}</p>" for label, text in said if text]
    if version.kind == ReportKind.WITHDRAWN:
        parts = [f"<p>报告已撤回：{escape(version.content['report']['reason'])}</p>"]
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts) or "<p>-</p>"}</div>',
    }


def _lines(text: str) -> str:
    return "<br/>".join(escape(line) for line in text.splitlines())


def last_versions(context: Context, task_ids: Collection[int]) -> dict[int, ReportVersion]:
    """What was issued last for each task."""
    query = (
        select(Report.task_id, ReportVersion)
        .join(ReportVersion, and_(ReportVersion.report_id == Report.id, ReportVersion.version == Report.last_version))
        .where(Report.task_id.in_(task_ids))
    )
    found: dict[int, ReportVersion] = dict(context.work.session.execute(query).all())
    return found


def _of_last_version(column: Any) -> Any:
    query = select(column).join(Report, Report.id == ReportVersion.report_id)
    query = query.where(Report.task_id == ReadingTask.id, ReportVersion.version == Report.last_version)
    return query.correlate(ReadingTask).scalar_subquery()


_LAST_KIND = _of_last_version(ReportVersion.kind)
_ISSUED = _of_last_version(ReportVersion.signed_at)


def _has_status(wanted: Token) -> Condition:
    kinds = [kind for kind in ReportKind if projection(TaskState.SIGNED, kind).report == wanted.code]
    states = [state for state, one in PROJECTIONS.items() if one.report == wanted.code]
    return or_(_LAST_KIND.in_(kinds), and_(_LAST_KIND.is_(None), ReadingTask.state.in_(states)))


def _identified(wanted: Token) -> Condition:
    number = row_key(wanted.code)
    by_report = ReadingTask.id.in_(select(Report.task_id).where(Report.id == number))
    if wanted.system == REPORTS:
        return by_report
    by_study = ReadingTask.study_id.in_(select(Study.id).where(study_identified(wanted)))
    return or_(by_report, by_study) if wanted.system is None else by_study


def _of_category(wanted: Token) -> Condition:
    if not wanted.is_of(SECTIONS):
        return false()
    modalities = [modality for modality, section in _SECTION_OF.items() if section == wanted.code]
    others = ReadingTask.modality.not_in(list(_SECTION_OF))
    return others if wanted.code == "RAD" else ReadingTask.modality.in_(modalities)


def _of_code(wanted: Token) -> Condition:
    if not wanted.is_of(LOINC):
        return false()
    ecg = ReadingTask.modality == "ECG"
    return {"11524-6": ecg, "18748-4": ~ecg}.get(wanted.code, false())


def _patients() -> Select[Any, Any]:
    return select(ReadingTask.id, Study.patient_id).join(Study, Study.id == ReadingTask.study_id)


def _orders() -> Select[Any, Any]:
    return select(ReadingTask.id, ExamOrder.id).join(ExamOrder, ExamOrder.study_id == ReadingTask.study_id)


def _interpreters() -> Select[Any, Any]:
    authors = select(ReadingTask.id, ReadingTask.author_id).where(ReadingTask.signed_at.is_not(None))
    signers = select(ReadingTask.id, ReadingTask.signer_id).where(ReadingTask.signed_at.is_not(None))
    both = authors.union(signers).subquery()
    return select(both.c[0], both.c[1])


_STARTED = (
    select(func.coalesce(Study.exam_started_at, Study.first_received_at))
    .where(Study.id == ReadingTask.study_id)
    .correlate(ReadingTask)
    .scalar_subquery()
)

DIAGNOSTIC_REPORT = Kind(
    "DiagnosticReport",
    "Reports of reading tasks: registered, preliminary, final, amended, appended, withdrawn, cancelled",
    _query,
    ReadingTask.id,
    _rendered,
    (
        token("identifier", "number of the report, accession number or Study Instance UID", _identified),
        token("status", "as diagnostic-report-status", _has_status),
        linked("patient", "whose it is", "Patient", ReadingTask.id, _patients),
        linked("subject", "whose it is", "Patient", ReadingTask.id, _patients),
        moment("date", "start of the examination", _STARTED),
        moment("issued", "when its last version was signed", _ISSUED),
        token("category", "diagnostic service section (HL7 table 0074)", _of_category),
        token("code", "LOINC 11524-6 for electrocardiograms, 18748-4 for the others", _of_code),
        linked("based-on", "the order", "ServiceRequest", ReadingTask.id, _orders),
        linked("results-interpreter", "author or signer", "Practitioner", ReadingTask.id, _interpreters),
        points("imaging-study", "the study", "ImagingStudy", ReadingTask.study_id, standard=False),
    ),
    updated=func.coalesce(_ISSUED, ReadingTask.state_since),
    sorts={"issued": func.coalesce(_ISSUED, ReadingTask.state_since), "date": _STARTED},
    subject="task",
    audited_as="report_opened",
)
