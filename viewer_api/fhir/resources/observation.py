"""Observation: what the electrocardiograph measured, and what our engine did, one for each recording."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, exists, false, func, select
from sqlalchemy.orm import joinedload

from reading_queue.transitions import ISSUED_STATES
from storage.db.models import EcgMeasurement, Instance, ReadingTask, Series, Study
from viewer_api.fhir.ecg import SOP_CLASSES, calculated, component, measured
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, linked, moment, token
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.terms import (
    LOINC,
    Resource,
    coding,
    concept,
    instant,
    pruned,
    reference,
    uid_identifier,
)

_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CODE = "11524-6"


def _query() -> Select[Instance]:
    return (
        select(Instance)
        .where(Instance.sop_class_uid.in_(SOP_CLASSES))
        .options(joinedload(Instance.series).joinedload(Series.study))
    )


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    read = _read_studies(context, [one.row.study_id for one in found])
    ours = _measured_here(context, [one.row.id for one in found])
    return [_recording(one.row, ours.get(one.row.id), is_read=one.row.study_id in read) for one in found]


def _recording(instance: Instance, ours: EcgMeasurement | None, *, is_read: bool) -> Resource:
    study = instance.series.study
    components = [component(measure, value, "device") for measure, value in measured(instance.header).items()]
    if ours is not None:
        components += [component(measure, value, ours.engine) for measure, value in calculated(ours).items()]
    absent = concept(coding(_ABSENT, "unknown", "Unknown"), text="Nothing was measured.")
    return pruned(
        {
            "resourceType": "Observation",
            "id": str(instance.id),
            "identifier": [uid_identifier(instance.sop_instance_uid)],
            "status": "final" if is_read else "preliminary",
            "category": [concept(coding(_CATEGORIES, "procedure", "Procedure"))],
            "code": concept(coding(LOINC, _CODE, "EKG study")),
            "subject": reference("Patient", study.patient_id),
            "effectiveDateTime": instant(study.exam_started_at or study.first_received_at),
            "issued": instant(instance.received_at),
            "performer": [reference("Organization", instance.institution_id)],
            "derivedFrom": [reference("ImagingStudy", instance.study_id)],
            "component": components,
            "dataAbsentReason": {} if components else absent,
        }
    )


def _measured_here(context: Context, ids: Collection[int]) -> dict[int, EcgMeasurement]:
    """The last version of the engine that measured each recording."""
    query = select(EcgMeasurement).where(
        EcgMeasurement.instance_id.in_(ids), EcgMeasurement.measured_at.is_not(None), EcgMeasurement.refusal == ""
    )
    rows = context.work.session.execute(query.order_by(EcgMeasurement.id)).scalars()
    return {row.instance_id: row for row in rows}


def recordings_of(context: Context, study_ids: Collection[int]) -> dict[int, list[int]]:
    """The recordings of each study."""
    query = select(Instance.study_id, Instance.id).where(
        Instance.study_id.in_(study_ids), Instance.sop_class_uid.in_(SOP_CLASSES)
    )
    found: dict[int, list[int]] = {}
    for study, instance in context.work.session.execute(query.order_by(Instance.id)):
        found.setdefault(study, []).append(instance)
    return found


def _read_studies(context: Context, study_ids: Collection[int]) -> set[int]:
    query = select(ReadingTask.study_id).where(
        ReadingTask.study_id.in_(study_ids), ReadingTask.state.in_(ISSUED_STATES)
    )
    return set(context.work.session.execute(query).scalars())


def _has_status(wanted: Token) -> Condition:
    read = exists().where(ReadingTask.study_id == Instance.study_id, ReadingTask.state.in_(ISSUED_STATES))
    return {"final": read, "preliminary": ~read}.get(wanted.code, false())


def _always(code: str, system: str, wanted: Token) -> Condition:
    return Instance.id.is_not(None) if wanted.code == code and wanted.is_of(system) else false()


def _patients() -> Select[Any, Any]:
    return select(Instance.id, Study.patient_id).join(Study, Study.id == Instance.study_id)


def _studies() -> Select[Any, Any]:
    return select(Instance.id, Instance.study_id)


_STARTED = (
    select(func.coalesce(Study.exam_started_at, Study.first_received_at))
    .where(Study.id == Instance.study_id)
    .correlate(Instance)
    .scalar_subquery()
)

OBSERVATION = Kind(
    "Observation",
    "What electrocardiographs and our own engine measured, one for each recording",
    _query,
    Instance.id,
    _rendered,
    (
        token(
            "identifier",
            "SOP Instance UID",
            lambda wanted: Instance.sop_instance_uid == wanted.code.removeprefix("urn:oid:"),
        ),
        token("status", "final once a physician has signed, preliminary before", _has_status),
        token("code", "LOINC 11524-6", lambda wanted: _always(_CODE, LOINC, wanted)),
        token("category", "procedure", lambda wanted: _always("procedure", _CATEGORIES, wanted)),
        linked("patient", "whose it is", "Patient", Instance.id, _patients),
        linked("subject", "whose it is", "Patient", Instance.id, _patients),
        moment("date", "start of the examination", _STARTED),
        linked("derived-from", "the study", "ImagingStudy", Instance.id, _studies),
    ),
    updated=Instance.received_at,
    sorts={"date": _STARTED},
    subject="instance",
    audited_as="measurements_opened",
)
