"""Studies as the interface shows them."""

from collections.abc import Mapping
from typing import Any, Literal

from reading_queue.readiness import may_be_incomplete
from reading_queue.service_times import standing
from reading_queue.transitions import WAITING_STATES
from storage.db.models import ReadingTask, Rendition, Series, Study
from storage.db.queries import studies
from storage.db.queries.exam_days import day_alone, made_at
from storage.db.queries.rejections import rejected_by_series
from storage.db.queries.studies import StudyLine
from storage.db.queries.tasks import tasks_of_study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.reading import Role
from storage.domain.studies import RenditionKind
from viewer_api.auth.service import Caller
from viewer_api.quality.schemas import MarkOut
from viewer_api.schemas import patient_out
from viewer_api.studies.schemas import RequestOut, SeriesOut, StudyDetail, StudyOut
from viewer_api.worklist.service import task_lines

_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."
_DOCUMENTS = ("1.2.840.10008.5.1.4.1.1.104.", "1.2.840.10008.5.1.4.1.1.88.")
"""SOP classes of encapsulated documents and of structured reports (PS3.4 B.5)."""


def study_out(work: UnitOfWork, line: StudyLine) -> StudyOut:
    """A study as a line of the list."""
    return StudyOut(**_line(work, line))


def study_detail(work: UnitOfWork, study_instance_uid: str, caller: Caller) -> StudyDetail:
    """A study with its series and tasks. Raises `NotFound`."""
    line = studies.study_line(work, study_instance_uid)
    study = line.study
    pictures = {(one.series_id, one.kind): picture_version(one) for one in studies.renditions_of(work, study)}
    classes = studies.sop_classes_of(work, study)
    series_of_study = studies.series_of(work, study)
    rejected = rejected_by_series(work, [series.id for series in series_of_study])
    tasks = tasks_of_study(work, study.id)
    return StudyDetail(
        **_line(work, line),
        series_list=[
            _series_out(study, series, classes.get(series.id, ""), pictures, rejected.get(series.id, 0))
            for series in series_of_study
        ],
        tasks=[] if caller.role == Role.CONSULTANT else task_lines(work, tasks, caller),
        request=_request(work, line.task),
    )


def picture_of_study(work: UnitOfWork, study_instance_uid: str) -> Rendition:
    """The thumbnail of the study's first series that has one. Raises `NotFound`."""
    study = studies.study_by_uid(work, study_instance_uid)
    found = [one for one in studies.renditions_of(work, study) if one.kind == RenditionKind.THUMBNAIL]
    if not found:
        raise NotFound("The study has no picture yet.")
    return found[0]


def picture_of_series(
    work: UnitOfWork, study_instance_uid: str, series_instance_uid: str, kind: RenditionKind
) -> Rendition:
    """The thumbnail or preview of a series. Raises `NotFound`."""
    series = studies.series_by_uid(work, study_instance_uid, series_instance_uid)
    found = studies.rendition_of(work, series, kind)
    if found is None:
        raise NotFound("The series has no such picture yet.")
    return found


def picture_version(rendition: Rendition) -> str:
    """What its address carries, so that a browser keeps the picture for good: another picture has another address."""
    return rendition.sha256[:12]


def _line(work: UnitOfWork, line: StudyLine) -> dict[str, Any]:
    study, task = line.study, line.task
    names = ("study_instance_uid", "modality", "description", "body_part", "priority", "accession_number")
    times = ("exam_started_at", "first_received_at", "last_received_at", "ready_at")
    return {
        **{name: getattr(study, name) for name in names + times},
        "exam_date": day_alone(study),
        "institution": study.institution.code,
        "institution_name": study.institution.name,
        "institution_name_en": study.institution.name_en,
        "series": study.series_count,
        "instances": study.instance_count,
        "state": line.state,
        "patient": patient_out(study.patient, made_at(study)),
        "ready_reason": study.ready_reason or None,
        "waiting_for": study.waiting_for or None,
        "missing": study.missing_count,
        "expected": study.expected_count,
        "may_be_incomplete": may_be_incomplete(study.ready_reason, study.missing_count),
        "due_at": task.due_at if task else None,
        "limit_at": task.limit_at if task else None,
        "sla": standing(work, task) if task else None,
        "task_id": task.id if task else None,
        "report_id": line.report_id,
        "thumbnail": f"{_url(study)}/thumbnail" if line.has_thumbnail else None,
        "device": study.device.ae_title if study.device else "",
    }


def _series_out(
    study: Study, series: Series, sop_class: str, pictures: Mapping[tuple[int, str], str], rejected: int
) -> SeriesOut:
    def picture(kind: RenditionKind) -> str | None:
        url = f"{_url(study)}/series/{series.series_instance_uid}/{kind}"
        version = pictures.get((series.id, kind))
        return f"{url}?v={version}" if version is not None else None

    return SeriesOut(
        series_instance_uid=series.series_instance_uid,
        modality=series.modality,
        number=series.number,
        description=series.description,
        body_part=series.body_part,
        laterality=series.laterality,
        instances=series.instance_count,
        rejected=rejected,
        thumbnail=picture(RenditionKind.THUMBNAIL),
        preview=picture(RenditionKind.PREVIEW),
        kind=kind_of(sop_class),
    )


def kind_of(sop_class_uid: str) -> Literal["image", "ecg", "document"]:
    """Which viewer an object needs."""
    if sop_class_uid.startswith(_WAVEFORMS):
        return "ecg"
    return "document" if sop_class_uid.startswith(_DOCUMENTS) else "image"


def _request(work: UnitOfWork, task: ReadingTask | None) -> RequestOut | None:
    event = studies.last_request(work, task) if task is not None and task.state in WAITING_STATES else None
    if event is None:
        return None
    return RequestOut(
        kind="ask" if event.action == "ask" else "return",
        text=event.reason,
        code=str(event.detail.get("code") or ""),
        series_instance_uid=event.detail.get("series_instance_uid"),
        marked=_marked(event.detail),
        by=event.actor,
        at=event.at,
    )


def _marked(detail: Mapping[str, Any]) -> MarkOut | None:
    if not detail.get("sop_instance_uid"):
        return None
    return MarkOut(**{name: detail[name] for name in MarkOut.model_fields if detail.get(name) is not None})


def _url(study: Study) -> str:
    return f"/api/v1/studies/{study.study_instance_uid}"
