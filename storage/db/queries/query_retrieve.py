"""C-FIND, C-MOVE and C-GET on the catalogue (PS3.4 annex C): matching in SQL, answers page by page.

A page is a short transaction: a peer that takes its answers slowly holds no database up.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select

from storage.db.models import Instance, Institution, Patient, Series, Study
from storage.db.queries.query_matching import conditions
from storage.db.queries.rejections import ONLINE, UNAVAILABLE, rejected_by_series
from storage.db.session import UnitOfWork
from storage.domain.matching import Level, Query
from storage.domain.patients import number_space

DicomJson = dict[str, Any]
_MODELS: dict[Level, Any] = {Level.PATIENT: Patient, Level.STUDY: Study, Level.SERIES: Series, Level.IMAGE: Instance}


@dataclass
class Found:
    """One match: values by keyword, and for what is in no column the header of its first object (PS3.18 F)."""

    row_id: int
    institution_id: int
    values: dict[str, Any]
    header: DicomJson = field(default_factory=dict)


@dataclass(frozen=True)
class Location:
    """Where the bytes of an object are, and what they are."""

    instance_id: int
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    size: int
    object_key: str
    state: str
    gateway: str
    spool_name: str


_LOCATION = (
    Instance.id,
    Instance.sop_class_uid,
    Instance.sop_instance_uid,
    Instance.transfer_syntax_uid,
    Instance.size,
    Instance.object_key,
    Instance.state,
    Instance.gateway,
    Instance.spool_name,
)


def find(
    work: UnitOfWork, query: Query, *, before: int | None, limit: int, with_headers: bool = False
) -> Sequence[Found]:
    """Up to `limit` matches with row ids below `before`, newest first."""
    model = _MODELS[query.level]
    statement = _from(query.level).where(*conditions(work, query)).order_by(model.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(model.id < before)
    found = [_found(query.level, row) for row in work.session.execute(statement)]
    _ADDED[query.level](work, found)
    _add_issuers(work, found)
    if with_headers:
        _add_headers(work, query.level, found)
    return found


def locate(work: UnitOfWork, query: Query, limit: int) -> list[int]:
    """Row ids of the instances that match, oldest first; one more than `limit` when there are too many."""
    statement = select(Instance.id).join(Series, Series.id == Instance.series_id)
    statement = statement.join(Study, Study.id == Instance.study_id).join(Patient, Patient.id == Study.patient_id)
    statement = statement.where(*conditions(work, query)).order_by(Instance.id).limit(limit + 1)
    return list(work.session.execute(statement).scalars())


def number_spaces(work: UnitOfWork, query: Query) -> int:
    """How many numberings the patients that match are of: one ID in several of them is several people."""
    spaces = select(Patient.issuer, Patient.institution_id).where(*conditions(work, query)).distinct()
    found = work.session.execute(spaces).all()
    return len({number_space(row.issuer, row.institution_id) for row in found})


def syntaxes_of(work: UnitOfWork, instance_ids: Sequence[int]) -> list[tuple[str, str]]:
    """SOP class and transfer syntax pairs of these instances."""
    found: set[tuple[str, str]] = set()
    for some in _in_parts(instance_ids):
        query = select(Instance.sop_class_uid, Instance.transfer_syntax_uid).where(Instance.id.in_(some)).distinct()
        found.update((row.sop_class_uid, row.transfer_syntax_uid) for row in work.session.execute(query))
    return sorted(found)


def locations(work: UnitOfWork, instance_ids: Sequence[int]) -> list[Location]:
    """Of these instances, in the order of their rows; those that have gone are left out."""
    query = select(*_LOCATION).where(Instance.id.in_(instance_ids)).order_by(Instance.id)
    return [Location(*row) for row in work.session.execute(query)]


def _in_parts(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _from(level: Level) -> Select[*tuple[Any, ...]]:
    if level is Level.PATIENT:
        return select(Patient)
    if level is Level.STUDY:
        return select(Study, Patient).join(Patient, Patient.id == Study.patient_id)
    if level is Level.SERIES:
        study = select(Series, Study, Patient).join(Study, Study.id == Series.study_id)
        return study.join(Patient, Patient.id == Study.patient_id)
    series = select(Instance, Series, Study, Patient).join(Series, Series.id == Instance.series_id)
    return series.join(Study, Study.id == Instance.study_id).join(Patient, Patient.id == Study.patient_id)


def _found(level: Level, row: Any) -> Found:
    if level is Level.PATIENT:
        return Found(row.Patient.id, row.Patient.institution_id, _of_patient(row.Patient))
    values, institution_id = _of_patient(row.Patient) | _of_study(row.Study), row.Study.institution_id
    if level is Level.STUDY:
        return Found(row.Study.id, institution_id, values)
    values |= _of_series(row.Series)
    if level is Level.SERIES:
        return Found(row.Series.id, institution_id, values)
    return Found(row.Instance.id, institution_id, values | _of_instance(row.Instance), row.Instance.header)


def _of_patient(patient: Patient) -> dict[str, Any]:
    return {
        "PatientName": patient.name,
        "PatientID": patient.patient_id,
        "IssuerOfPatientID": patient.issuer or patient.told_issuer,
        "PatientBirthDate": patient.birth_date,
        "PatientSex": patient.sex,
    }


def _of_study(study: Study) -> dict[str, Any]:
    told = {"PatientName": study.patient_name} if study.patient_name else {}
    return told | {
        "StudyDate": study.study_date,
        "StudyTime": study.study_time.removesuffix(".000000"),
        "AccessionNumber": study.accession_number,
        "StudyID": study.dicom_study_id,
        "StudyInstanceUID": study.study_instance_uid,
        "StudyDescription": study.description,
        "ReferringPhysicianName": study.referring_physician,
        "NumberOfStudyRelatedSeries": study.series_count + study.own_series_count,
        "NumberOfStudyRelatedInstances": study.instance_count + study.own_instance_count,
    }


def _of_series(series: Series) -> dict[str, Any]:
    return {
        "Modality": series.modality,
        "SeriesNumber": series.number,
        "SeriesInstanceUID": series.series_instance_uid,
        "SeriesDescription": series.description,
        "BodyPartExamined": series.body_part,
        "Laterality": series.laterality,
        "NumberOfSeriesRelatedInstances": series.instance_count,
    }


def _of_instance(instance: Instance) -> dict[str, Any]:
    return {
        "SOPClassUID": instance.sop_class_uid,
        "SOPInstanceUID": instance.sop_instance_uid,
        "InstanceNumber": instance.number,
        "AvailableTransferSyntaxUID": instance.transfer_syntax_uid,
        "InstanceAvailability": UNAVAILABLE if instance.rejection_id else ONLINE,
    }


def _add_to_patients(work: UnitOfWork, found: Sequence[Found]) -> None:
    """How much there is of each, and the name with its groups as the latest study tells it."""
    ids = [one.row_id for one in found]
    all_series = func.sum(Study.series_count + Study.own_series_count)
    all_instances = func.sum(Study.instance_count + Study.own_instance_count)
    sums = (func.count(Study.id), all_series, all_instances, func.max(Study.id))
    query = select(Study.patient_id, *(cast(one, Integer) for one in sums)).where(Study.patient_id.in_(ids))
    counted: dict[int, Any] = {row[0]: row[1:] for row in work.session.execute(query.group_by(Study.patient_id))}
    latest = [row[3] for row in counted.values()]
    query_names = select(Study.patient_id, Study.patient_name).where(Study.id.in_(latest), Study.patient_name != "")
    names = dict(work.session.execute(query_names).all())
    for one in found:
        studies, series, instances, _ = counted.get(one.row_id, (0, 0, 0, 0))
        one.values["NumberOfPatientRelatedStudies"] = studies
        one.values["NumberOfPatientRelatedSeries"] = series
        one.values["NumberOfPatientRelatedInstances"] = instances
        one.values["PatientName"] = names.get(one.row_id, one.values["PatientName"])


def _add_issuers(work: UnitOfWork, found: Sequence[Found]) -> None:
    """An institution that numbers its patients itself is the issuer, under its code."""
    own = [one for one in found if not one.values["IssuerOfPatientID"]]
    query = select(Institution.id, Institution.code).where(Institution.id.in_({one.institution_id for one in own}))
    codes = dict(work.session.execute(query).all()) if own else {}
    for one in own:
        one.values["IssuerOfPatientID"] = codes[one.institution_id]


def _add_to_studies(work: UnitOfWork, found: Sequence[Found]) -> None:
    ids = [one.row_id for one in found]
    modalities = select(Series.study_id, Series.modality).where(Series.study_id.in_(ids), Series.modality != "")
    by_study = _grouped(work.session.execute(modalities.distinct().order_by(Series.modality)))
    for one in found:
        one.values["ModalitiesInStudy"] = by_study.get(one.row_id, [])


def add_sop_classes(work: UnitOfWork, found: Sequence[Found]) -> None:
    """SOP Classes in Study (0008,0062) for studies; asked for seldom, and it reads every row of their objects."""
    classes = select(Instance.study_id, Instance.sop_class_uid).where(
        Instance.study_id.in_([one.row_id for one in found])
    )
    by_study = _grouped(work.session.execute(classes.distinct().order_by(Instance.sop_class_uid)))
    for one in found:
        one.values["SOPClassesInStudy"] = by_study.get(one.row_id, [])


def _add_to_series(work: UnitOfWork, found: Sequence[Found]) -> None:
    """A series of which every object is rejected is unavailable as a whole."""
    rejected = rejected_by_series(work, [one.row_id for one in found])
    for one in found:
        whole = 0 < rejected.get(one.row_id, 0) >= one.values["NumberOfSeriesRelatedInstances"]
        one.values["InstanceAvailability"] = UNAVAILABLE if whole else ONLINE


def _add_nothing(_work: UnitOfWork, _found: Sequence[Found]) -> None:
    """Instances have everything in their rows."""


def _grouped(rows: Iterable[Any]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = {}
    for owner, value in rows:
        grouped.setdefault(owner, []).append(value)
    return grouped


def _add_headers(work: UnitOfWork, level: Level, found: Sequence[Found]) -> None:
    owner = {Level.STUDY: Instance.study_id, Level.SERIES: Instance.series_id}.get(level)
    if owner is None:
        return
    ids = [one.row_id for one in found]
    first = select(func.min(Instance.id)).where(owner.in_(ids)).group_by(owner)
    headers: Collection[tuple[int, DicomJson]] = [
        (row[0], row[1]) for row in work.session.execute(select(owner, Instance.header).where(Instance.id.in_(first)))
    ]
    by_owner = dict(headers)
    for one in found:
        one.header = by_owner.get(one.row_id, {})


_ADDED = {
    Level.PATIENT: _add_to_patients,
    Level.STUDY: _add_to_studies,
    Level.SERIES: _add_to_series,
    Level.IMAGE: _add_nothing,
}
