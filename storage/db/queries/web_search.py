"""QIDO-RS on the catalogue (PS3.18 10.6): pages of studies, series and instances, the latest study first.

A key that fits few studies is looked up by its own index first. One that fits many becomes a filter on the studies by
date, which are read only until the page is full.

Modalities are asked of tables rather than models, past the scope: a database without statistics would rather read all
rows of an institution than use the index of their studies, which are in scope.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, select

from storage.db.models import Instance, Patient, Series, Study
from storage.db.queries.many_ids import among
from storage.db.queries.rejections import ONLINE, UNAVAILABLE, rejected_among, rejected_by_series
from storage.db.queries.web_search_keys import COLUMNS, column_condition
from storage.db.queries.web_search_narrowing import NARROWING, narrowed
from storage.db.session import UnitOfWork
from storage.domain.matching import Level, Match, OneOf
from storage.domain.web_search import WebSearch

DicomJson = dict[str, Any]

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
_SHOWN = (*_PATIENT, *_STUDY, "ModalitiesInStudy")
_series, _instance = (one.__table__ for one in (Series, Instance))
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
    if limit < 1:
        return []
    if search.level is Level.STUDY and work.session.get_bind().dialect.name == "sqlite":
        found = _in_one_value(work, search, limit, offset)
    else:
        found = _row_by_row(work, search, limit, offset)
    _add_availability(work, search.level, found)
    if with_headers and search.level is not Level.IMAGE:
        _add_headers(work, search.level, found)
    return found


def _row_by_row(work: UnitOfWork, search: WebSearch, limit: int, offset: int) -> list[WebMatch]:
    statement = page_statement(work, search)
    if statement is None:
        return []
    rows = work.session.execute(statement.limit(limit).offset(offset))
    names = tuple(rows.keys())
    found = [WebMatch(dict(zip(names, row, strict=True))) for row in rows]
    for one in found:
        one.header = one.values.pop("header", {})
    _add_modalities(work, found)
    return found


def _in_one_value(work: UnitOfWork, search: WebSearch, limit: int, offset: int) -> list[WebMatch]:
    """Studies. At each row SQLite's driver lets other threads run, and waits for all of them: once a page is enough."""
    if search.matches or search.names:
        statement = page_statement(work, search)
        if statement is None:
            return []
        page = _as_one_value(statement.limit(limit).offset(offset))
    else:
        page = _latest(limit, offset)
    rows = json.loads(work.session.execute(page).scalar_one())
    found = [WebMatch(dict(zip(_SHOWN, row, strict=True))) for row in rows]
    for one in found:
        one.values["ModalitiesInStudy"] = tuple(sorted(one.values["ModalitiesInStudy"]))
    return found


@lru_cache(64)
def _latest(limit: int, offset: int) -> Select[str]:
    """The page of all studies that everybody asks for, built once."""
    every = WebSearch(Level.STUDY)
    return _as_one_value(_from(Level.STUDY).order_by(*_order(every, few=False)).limit(limit).offset(offset))


def _as_one_value(page: Select[*tuple[Any, ...]]) -> Select[str]:
    """The rows of a page of studies as a list of lists in JSON, in their order; the last of each are its modalities."""
    rows = page.subquery("page")
    # Of the page's rows alone: among the columns of the page it would be looked up for whatever is sorted.
    of_study = (_series.c.study_id == rows.c.study_row) & (_series.c.modality != "")
    modalities = select(func.json_group_array(_series.c.modality.distinct())).where(of_study).scalar_subquery()
    return select(func.json_group_array(func.json_array(*rows.c, func.json(modalities)), type_=String()))


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
    few, conditions = narrowed(work, search)
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


def _of_matches(work: UnitOfWork, search: WebSearch) -> list[ColumnElement[bool]]:
    """The other keys; those of levels below that of the search ask that something below be so (PS3.4 C.4.1.2.2.1)."""
    by_level: dict[Level, list[ColumnElement[bool]]] = {level: [] for level in _LEVELS}
    for keyword, match in search.matches.items():
        if keyword not in NARROWING:
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
        one.values["ModalitiesInStudy"] = tuple(sorted(by_study.get(one.values["study_row"], ())))


def _add_headers(work: UnitOfWork, level: Level, found: Sequence[WebMatch]) -> None:
    columns = _instance.c
    owner, row = (columns.study_id, "study_row") if level is Level.STUDY else (columns.series_id, "series_row")
    ids = {one.values[row] for one in found}
    first = select(func.min(columns.id)).where(owner.in_(ids)).group_by(owner)
    rows = work.session.execute(select(owner, columns.header).where(columns.id.in_(first)))
    by_owner = {row[0]: row[1] for row in rows}
    for one in found:
        one.header = by_owner.get(one.values[row], {})
