"""QIDO-RS on the catalogue (PS3.18 10.6): pages of studies, series and instances, the latest study first.

A key that fits few studies is looked up by its own index first. One that fits many becomes a filter on the studies by
date, which are read only until the page is full.

The look-ups ask tables rather than models, past the scope: a database without statistics would rather read all rows of
an institution than use the index of the key. What they find is only a condition on, or taken from, studies in scope.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from storage.db.models import Instance, Patient, Series, Study
from storage.db.queries.many_ids import among
from storage.db.queries.query_matching import like
from storage.db.queries.rejections import ONLINE, UNAVAILABLE, rejected_among, rejected_by_series
from storage.db.queries.web_search_keys import COLUMNS, column_condition, folded_condition, text_condition
from storage.db.session import UnitOfWork
from storage.domain.matching import Level, Match, OneOf
from storage.domain.web_search import NameKey, WebSearch

DicomJson = dict[str, Any]

FEW = 2000
"""Up to so many studies a key is looked up by its own index."""

_PATIENT: dict[str, Any] = {
    "PatientName": Patient.name,
    "PatientID": Patient.patient_id,
    "IssuerOfPatientID": Patient.told_issuer,
    "PatientBirthDate": Patient.birth_date,
    "PatientSex": Patient.sex,
}
_STUDY: dict[str, Any] = {
    "study_row": Study.id,
    "told_name": Study.patient_name,
    "StudyInstanceUID": Study.study_instance_uid,
    "StudyDate": Study.study_date,
    "StudyTime": Study.study_time,
    "AccessionNumber": Study.accession_number,
    "StudyID": Study.dicom_study_id,
    "StudyDescription": Study.description,
    "ReferringPhysicianName": Study.referring_physician,
    "NumberOfStudyRelatedSeries": Study.series_count,
    "NumberOfStudyRelatedInstances": Study.instance_count,
}
_SERIES: dict[str, Any] = {
    "series_row": Series.id,
    "SeriesInstanceUID": Series.series_instance_uid,
    "Modality": Series.modality,
    "SeriesNumber": Series.number,
    "SeriesDescription": Series.description,
    "BodyPartExamined": Series.body_part,
    "Laterality": Series.laterality,
    "NumberOfSeriesRelatedInstances": Series.instance_count,
}
_INSTANCE: dict[str, Any] = {
    "instance_row": Instance.id,
    "header": Instance.header,
    "SOPClassUID": Instance.sop_class_uid,
    "SOPInstanceUID": Instance.sop_instance_uid,
    "InstanceNumber": Instance.number,
    "AvailableTransferSyntaxUID": Instance.transfer_syntax_uid,
}
_study, _patient, _series, _instance = (one.__table__ for one in (Study, Patient, Series, Instance))
_LEVELS = (Level.STUDY, Level.SERIES, Level.IMAGE)


@dataclass
class WebMatch:
    """One match: values by keyword; `header` is that of its first object (PS3.18 F), where it was asked for."""

    values: dict[str, Any]
    header: DicomJson = field(default_factory=dict)


def find_page(
    work: UnitOfWork, search: WebSearch, *, limit: int, offset: int, with_headers: bool = False
) -> list[WebMatch]:
    """Up to `limit` matches after the first `offset`."""
    statement = page_statement(work, search)
    if statement is None or limit < 1:
        return []
    rows = work.session.execute(statement.limit(limit).offset(offset))
    names = tuple(rows.keys())
    found = [WebMatch(dict(zip(names, row, strict=True))) for row in rows]
    for one in found:
        one.header = one.values.pop("header", {})
    _add_modalities(work, found)
    _add_availability(work, search.level, found)
    if with_headers and search.level is not Level.IMAGE:
        _add_headers(work, search.level, found)
    return found


def _add_availability(work: UnitOfWork, level: Level, found: Sequence[WebMatch]) -> None:
    """Rejected objects are unavailable, and so is a series that has no other."""
    if level is Level.IMAGE:
        unavailable = rejected_among(work, [one.values["instance_row"] for one in found])
    elif level is Level.SERIES:
        rejected = rejected_by_series(work, [one.values["series_row"] for one in found])
        counts = {one.values["series_row"]: one.values["NumberOfSeriesRelatedInstances"] for one in found}
        unavailable = {row for row, count in rejected.items() if count >= counts[row]}
    else:
        return
    key = "instance_row" if level is Level.IMAGE else "series_row"
    for one in found:
        one.values["InstanceAvailability"] = UNAVAILABLE if one.values[key] in unavailable else ONLINE


def page_statement(work: UnitOfWork, search: WebSearch) -> Select[*tuple[Any, ...]] | None:
    """The rows of all matches in their order; None when a key fits nothing."""
    few, conditions = _narrowed(work, search)
    if few is not None:
        if not few:
            return None
        conditions.append(Study.id.in_(sorted(few)))
    conditions += _of_matches(work, search)
    return _from(search.level).where(*conditions).order_by(*_order(search, few=few is not None))


@cache
def _from(level: Level) -> Select[*tuple[Any, ...]]:
    shown = _PATIENT | _STUDY
    if level is not Level.STUDY:
        shown |= _SERIES
    if level is Level.IMAGE:
        shown |= _INSTANCE
    statement = select(*(column.label(name) for name, column in shown.items())).select_from(Study)
    statement = statement.join(Patient, Patient.id == Study.patient_id)
    if level is not Level.STUDY:
        statement = statement.join(Series, Series.study_id == Study.id)
    return statement.join(Instance, Instance.series_id == Series.id) if level is Level.IMAGE else statement


def _order(search: WebSearch, *, few: bool) -> tuple[Any, ...]:
    """A few studies are sorted: by the index of dates all others would be passed over on the way."""
    date = Study.study_date.concat("") if few else Study.study_date
    by_study = (date.desc(), Study.id.desc())
    by_series = (func.coalesce(Series.number, _LAST), Series.id)
    by_instance = (func.coalesce(Instance.number, _LAST), Instance.id)
    if search.level is Level.STUDY:
        return by_study
    if "StudyInstanceUID" not in search.matches:  # all studies: what came last first, which no index has to sort
        return (Series.id.desc(),) if search.level is Level.SERIES else (Instance.id.desc(),)
    return (*by_study, *by_series) if search.level is Level.SERIES else (*by_study, *by_series, *by_instance)


_LAST = 2**31


@dataclass(frozen=True)
class _Narrowing:
    """One key: selects of the row ids of studies that it fits, each by an index, and the same as a condition."""

    selects: tuple[Select[int], ...]
    condition: ColumnElement[bool]


def _narrowed(work: UnitOfWork, search: WebSearch) -> tuple[set[int] | None, list[ColumnElement[bool]]]:
    """The studies that keys with few of them leave (None: no such key), and the conditions of the other keys."""
    few: set[int] | None = None
    conditions: list[ColumnElement[bool]] = []
    for narrowing in _narrowings(work, search):
        fits = _ids(work, narrowing.selects)
        if fits is None:
            conditions.append(narrowing.condition)
        else:
            few = fits if few is None else few & fits
    return few, conditions


def _ids(work: UnitOfWork, selects: Sequence[Select[int]]) -> set[int] | None:
    """None when they are more than a few."""
    found: set[int] = set()
    for one in selects:
        found.update(work.session.execute(one.limit(FEW + 1)).scalars())
        if len(found) > FEW:
            return None
    return found


def _narrowings(work: UnitOfWork, search: WebSearch) -> Iterator[_Narrowing]:
    yield from (_named(work, name) for name in search.names)
    matches = search.matches
    if (match := matches.get("PatientID")) is not None:
        fits = folded_condition(work, Patient.patient_id, match)
        found = _of_patients(folded_condition(work, _patient.c.patient_id, match))
        yield _Narrowing((found,), fits)
    if (match := matches.get("AccessionNumber")) is not None:
        fits = folded_condition(work, Study.accession_number, match)
        found = select(_study.c.id).where(folded_condition(work, _study.c.accession_number, match))
        yield _Narrowing((found,), fits)
    if (match := matches.get("ModalitiesInStudy")) is not None:
        yield _of_modality(column_condition(work, "Modality", match), text_condition(work, _series.c.modality, match))


def _named(work: UnitOfWork, name: NameKey) -> _Narrowing:
    selects: list[Select[int]] = []
    conditions: list[ColumnElement[bool]] = []
    if name.written:
        for column in (Study.name_alphabetic, Study.name_ideographic):
            conditions.append(like(work, column, name.written))
            selects.append(select(_study.c.id).where(like(work, _study.c[column.key], name.written)))
    if name.sound:
        for column in (Patient.pinyin, Patient.initials):
            conditions.append(like(work, column, name.sound))
            selects.append(_of_patients(like(work, _patient.c[column.key], name.sound)))
    return _Narrowing(tuple(selects), or_(*conditions))


def _of_patients(fits: ColumnElement[bool]) -> Select[int]:
    return select(_study.c.id).where(_study.c.patient_id.in_(select(_patient.c.id).where(fits)))


def _of_modality(fits: ColumnElement[bool], in_table: ColumnElement[bool]) -> _Narrowing:
    has = select(Series.id).where(Series.study_id == Study.id, fits).correlate(Study).exists()
    return _Narrowing((select(_series.c.study_id).where(in_table),), has)


_NARROWING = frozenset({"PatientID", "AccessionNumber", "ModalitiesInStudy"})


def _of_matches(work: UnitOfWork, search: WebSearch) -> list[ColumnElement[bool]]:
    """The other keys; those of levels below that of the search ask that something below be so (PS3.4 C.4.1.2.2.1)."""
    by_level: dict[Level, list[ColumnElement[bool]]] = {level: [] for level in _LEVELS}
    for keyword, match in search.matches.items():
        if keyword not in _NARROWING:
            by_level[COLUMNS[keyword].level].append(_condition(work, keyword, match))
    series, instances = by_level[Level.SERIES], by_level[Level.IMAGE]
    if search.level is Level.IMAGE:
        return [*by_level[Level.STUDY], *series, *instances]
    if search.level is Level.SERIES:
        below = select(Instance.id).where(Instance.series_id == Series.id, *instances).correlate(Series).exists()
        return [*by_level[Level.STUDY], *series, *([below] if instances else [])]
    return [*by_level[Level.STUDY], *_below_study(series, instances)]


def _below_study(
    series: list[ColumnElement[bool]], instances: list[ColumnElement[bool]]
) -> Iterator[ColumnElement[bool]]:
    if instances:
        has = select(Instance.id).join(Series, Series.id == Instance.series_id)
        yield has.where(Instance.study_id == Study.id, *series, *instances).correlate(Study).exists()
    elif series:
        yield select(Series.id).where(Series.study_id == Study.id, *series).correlate(Study).exists()


def _condition(work: UnitOfWork, keyword: str, match: Match) -> ColumnElement[bool]:
    if keyword == "SOPClassesInStudy":
        assert isinstance(match, OneOf), "UIDs have no wildcards"
        of_study = and_(Instance.study_id == Study.id, Instance.sop_class_uid.in_(match.values))
        return select(Instance.id).where(of_study).correlate(Study).exists()
    return column_condition(work, keyword, match)


def _add_modalities(work: UnitOfWork, found: Collection[WebMatch]) -> None:
    columns = _series.c
    of_these = among(work, columns.study_id, {one.values["study_row"] for one in found})
    by_study: dict[int, set[str]] = {}
    # On the connection: rows of every page are wanted as they are.
    query = select(columns.study_id, columns.modality).where(of_these, columns.modality != "")
    for study, modality in work.session.connection().execute(query).all():
        by_study.setdefault(study, set()).add(modality)
    for one in found:
        one.values["ModalitiesInStudy"] = sorted(by_study.get(one.values["study_row"], ()))


def _add_headers(work: UnitOfWork, level: Level, found: Sequence[WebMatch]) -> None:
    columns = _instance.c
    owner, row = (columns.study_id, "study_row") if level is Level.STUDY else (columns.series_id, "series_row")
    ids = {one.values[row] for one in found}
    first = select(func.min(columns.id)).where(owner.in_(ids)).group_by(owner)
    rows = work.session.execute(select(owner, columns.header).where(columns.id.in_(first)))
    by_owner = {row[0]: row[1] for row in rows}
    for one in found:
        one.header = by_owner.get(one.values[row], {})
