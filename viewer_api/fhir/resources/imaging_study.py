"""ImagingStudy: a study with its series; the images are behind the Endpoint."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import ExamOrder, Institution, Series, Study
from storage.domain.reading import InstitutionKind
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, linked, moment, points, token
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.terms import (
    DCM,
    DICOM_UID,
    Resource,
    accession_system,
    coding,
    identifier,
    instant,
    present,
    pruned,
    read_accession_system,
    reference,
    uid_identifier,
)

_STARTED = func.coalesce(Study.exam_started_at, Study.first_received_at)


def _query() -> Select[Study]:
    return select(Study).options(joinedload(Study.patient))


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    ids = [one.row.id for one in found]
    series, orders = _series(context, ids), orders_of(context, ids)
    return [_study(context, one.row, series[one.row.id], orders.get(one.row.id)) for one in found]


def _study(context: Context, study: Study, series: list[Series], order: int | None) -> Resource:
    modalities = sorted({one.modality for one in series if one.modality} or {study.modality})
    code = context.institution(study.institution_id).code
    return pruned(
        {
            "resourceType": "ImagingStudy",
            "id": str(study.id),
            "identifier": present(
                [
                    uid_identifier(study.study_instance_uid),
                    identifier(accession_system(code), study.accession_number, "ACSN"),
                ]
            ),
            "status": "available" if study.instance_count else "registered",
            "modality": [coding(DCM, one) for one in modalities],
            "subject": reference("Patient", study.patient_id),
            "started": instant(study.exam_started_at),
            "basedOn": present([reference("ServiceRequest", order)]),
            "endpoint": [reference("Endpoint", _centre(context))],
            "numberOfSeries": study.series_count,
            "numberOfInstances": study.instance_count,
            "description": study.description,
            "series": [_one_series(one) for one in series],
        }
    )


def _one_series(series: Series) -> Resource:
    return pruned(
        {
            "uid": series.series_instance_uid,
            "number": series.number if series.number is not None and series.number >= 0 else None,
            "modality": coding(DCM, series.modality or "OT"),
            "description": series.description,
            "numberOfInstances": series.instance_count,
            "bodySite": {"display": series.body_part} if series.body_part else {},
            "laterality": {"display": series.laterality} if series.laterality else {},
        }
    )


def _series(context: Context, ids: Collection[int]) -> dict[int, list[Series]]:
    query = select(Series).where(Series.study_id.in_(ids)).order_by(Series.number.is_(None), Series.number, Series.id)
    found: dict[int, list[Series]] = defaultdict(list)
    for series in context.work.session.execute(query).scalars():
        found[series.study_id].append(series)
    return found


def orders_of(context: Context, study_ids: Collection[int]) -> dict[int, int]:
    """The order that each study came for."""
    query = select(ExamOrder.study_id, func.min(ExamOrder.id)).where(ExamOrder.study_id.in_(study_ids))
    rows = context.work.session.execute(query.group_by(ExamOrder.study_id))
    return {study: order for study, order in rows if study is not None}


def _centre(context: Context) -> int | None:
    query = select(func.min(Institution.id)).where(Institution.kind == InstitutionKind.CENTRE)
    found: int | None = context.work.session.execute(query).scalar_one()
    return found


def study_identified(wanted: Token) -> Condition:
    """By Study Instance UID, or by accession number."""
    uid = wanted.code.removeprefix("urn:oid:")
    by_uid = Study.study_instance_uid == uid
    by_number = and_(Study.accession_number == wanted.code, Study.accession_number != "")
    if wanted.system is None:
        return or_(by_uid, by_number)
    if wanted.system == DICOM_UID:
        return by_uid
    code = read_accession_system(wanted.system)
    own = select(Institution.id).where(Institution.code == code)
    return false() if code is None else and_(by_number, Study.institution_id.in_(own))


def _has_modality(wanted: Token) -> Condition:
    among = select(Series.study_id).where(Series.modality == wanted.code)
    return or_(Study.modality == wanted.code, Study.id.in_(among)) if wanted.is_of(DCM) else false()


def _has_series(wanted: Token) -> Condition:
    uid = wanted.code.removeprefix("urn:oid:")
    return Study.id.in_(select(Series.study_id).where(Series.series_instance_uid == uid))


def _has_status(wanted: Token) -> Condition:
    if wanted.code not in ("available", "registered"):
        return false()
    return Study.instance_count > 0 if wanted.code == "available" else Study.instance_count == 0


def _orders() -> Select[Any, Any]:
    return select(ExamOrder.study_id, ExamOrder.id).where(ExamOrder.study_id.is_not(None))


IMAGING_STUDY = Kind(
    "ImagingStudy",
    "Studies that have arrived, with their series",
    _query,
    Study.id,
    _rendered,
    (
        token("identifier", "Study Instance UID (urn:dicom:uid) or accession number", study_identified),
        token("status", "available, registered", _has_status),
        points("patient", "whose it is", "Patient", Study.patient_id),
        points("subject", "whose it is", "Patient", Study.patient_id),
        moment("started", "start of the examination, else when its first image came", _STARTED),
        token("modality", "modality of the study or of one of its series", _has_modality),
        token("series", "Series Instance UID", _has_series),
        linked("basedon", "the order that it came for", "ServiceRequest", Study.id, _orders),
    ),
    updated=Study.last_received_at,
    sorts={"started": _STARTED},
    subject="study",
    audited_as="study_opened",
)
