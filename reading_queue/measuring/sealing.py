"""Measurements as a signed version keeps them: what was signed stays as it was."""

from typing import Any

from sqlalchemy import select

from storage.db.models import Instance, Measurement, Report, ReportVersion, Study
from storage.db.queries.measurements import measurements_of
from storage.db.session import UnitOfWork

_SEALED = (
    "id",
    "version",
    "series_instance_uid",
    "sop_instance_uid",
    "frame",
    "kind",
    "points",
    "label",
    "for_clinic",
    "figures",
    "method",
)


def sealed_measurements(work: UnitOfWork, study: Study) -> list[dict[str, Any]]:
    """Members of a version's content (`reading_queue.documents.told.ToldMeasurement`)."""
    found = measurements_of(work, study)
    classes = _instances(work, study, {one.sop_instance_uid for one in found})
    return [_sealed(one, classes[one.sop_instance_uid]) for one in found if one.sop_instance_uid in classes]


def for_the_clinic(work: UnitOfWork, study: Study) -> list[dict[str, Any]]:
    """What the reader wanted the clinic to see, as the last signed version of the study has it."""
    query = select(ReportVersion).join(Report, Report.id == ReportVersion.report_id).where(Report.study_id == study.id)
    newest = query.order_by(ReportVersion.signed_at.desc(), ReportVersion.id.desc()).limit(1)
    version = work.session.execute(newest).scalar_one_or_none()
    sealed = [] if version is None else version.content.get("measurements", [])
    return [one for one in sealed if one["for_clinic"]]


def _instances(work: UnitOfWork, study: Study, uids: set[str]) -> dict[str, Instance]:
    query = select(Instance).where(Instance.study_id == study.id, Instance.sop_instance_uid.in_(uids))
    return {one.sop_instance_uid: one for one in work.session.execute(query).scalars()}


def _sealed(one: Measurement, instance: Instance) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _SEALED},
        "author": one.author.display_name,
        "at": one.changed_at.isoformat(),
        "sop_class_uid": instance.sop_class_uid,
        "frames": max(1, instance.frames),
    }
