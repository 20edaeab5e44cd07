"""The keys of QIDO-RS that are matched by columns, and how."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from storage.db.models import Instance, Patient, Series, Study
from storage.db.queries.query_matching import like
from storage.db.session import UnitOfWork
from storage.domain.matching import Between, Level, Match, OneOf, Wildcard

_LETTERS = 3
"""Of so many letters both cases are tried in an index."""


class Kind(Enum):
    """How the values of a column are compared."""

    EXACT = "exact"
    FOLDED = "without case"
    NUMBER = "number"


@dataclass(frozen=True)
class KeyColumn:
    """Where a key is matched, and the lowest level that has to be looked at for it."""

    column: InstrumentedAttribute[Any]
    level: Level
    kind: Kind = Kind.EXACT


_STUDY, _SERIES, _IMAGE = Level.STUDY, Level.SERIES, Level.IMAGE

COLUMNS: dict[str, KeyColumn] = {
    "PatientID": KeyColumn(Patient.patient_id, _STUDY, Kind.FOLDED),
    "PatientBirthDate": KeyColumn(Patient.birth_date, _STUDY),
    "PatientSex": KeyColumn(Patient.sex, _STUDY),
    "StudyInstanceUID": KeyColumn(Study.study_instance_uid, _STUDY),
    "StudyDate": KeyColumn(Study.study_date, _STUDY),
    "StudyTime": KeyColumn(Study.study_time, _STUDY),
    "AccessionNumber": KeyColumn(Study.accession_number, _STUDY, Kind.FOLDED),
    "StudyID": KeyColumn(Study.dicom_study_id, _STUDY, Kind.FOLDED),
    "StudyDescription": KeyColumn(Study.description, _STUDY, Kind.FOLDED),
    "ReferringPhysicianName": KeyColumn(Study.referring_physician, _STUDY, Kind.FOLDED),
    "NumberOfStudyRelatedSeries": KeyColumn(Study.series_count, _STUDY, Kind.NUMBER),
    "NumberOfStudyRelatedInstances": KeyColumn(Study.instance_count, _STUDY, Kind.NUMBER),
    "ModalitiesInStudy": KeyColumn(Series.modality, _STUDY),
    "SOPClassesInStudy": KeyColumn(Instance.sop_class_uid, _STUDY),
    "SeriesInstanceUID": KeyColumn(Series.series_instance_uid, _SERIES),
    "Modality": KeyColumn(Series.modality, _SERIES),
    "SeriesNumber": KeyColumn(Series.number, _SERIES, Kind.NUMBER),
    "SeriesDescription": KeyColumn(Series.description, _SERIES, Kind.FOLDED),
    "BodyPartExamined": KeyColumn(Series.body_part, _SERIES, Kind.FOLDED),
    "Laterality": KeyColumn(Series.laterality, _SERIES),
    "NumberOfSeriesRelatedInstances": KeyColumn(Series.instance_count, _SERIES, Kind.NUMBER),
    "SOPInstanceUID": KeyColumn(Instance.sop_instance_uid, _IMAGE),
    "SOPClassUID": KeyColumn(Instance.sop_class_uid, _IMAGE),
    "InstanceNumber": KeyColumn(Instance.number, _IMAGE, Kind.NUMBER),
    "NumberOfFrames": KeyColumn(Instance.frames, _IMAGE, Kind.NUMBER),
    "Rows": KeyColumn(Instance.rows, _IMAGE, Kind.NUMBER),
    "Columns": KeyColumn(Instance.columns, _IMAGE, Kind.NUMBER),
    "AvailableTransferSyntaxUID": KeyColumn(Instance.transfer_syntax_uid, _IMAGE),
}
"""By keyword. Patient's Name is matched by several columns at once, and has none here."""


def column_condition(work: UnitOfWork, keyword: str, match: Match) -> ColumnElement[bool]:
    """What a row must be like, in a statement that has its table."""
    key = COLUMNS[keyword]
    if key.kind is Kind.NUMBER:
        return key.column.in_([int(value) for value in match.values]) if isinstance(match, OneOf) else false()
    if key.kind is Kind.FOLDED:
        return folded_condition(work, key.column, match)
    return text_condition(work, key.column, match)


def text_condition(
    work: UnitOfWork, column: ColumnElement[str] | InstrumentedAttribute[Any], match: Match
) -> ColumnElement[bool]:
    """The same letter by letter."""
    if isinstance(match, OneOf):
        return column.in_(match.values)
    if isinstance(match, Wildcard):
        return like(work, column, match.pattern)
    return _between(column, match)


def folded_condition(
    work: UnitOfWork, column: ColumnElement[str] | InstrumentedAttribute[str], match: Match
) -> ColumnElement[bool]:
    """The same whatever the case of letters; by the column's index where the beginning is known."""
    patterns = match.values if isinstance(match, OneOf) else (match.pattern,) if isinstance(match, Wildcard) else ()
    lower = func.lower(column)
    return or_(
        false(),
        *(and_(_begins(work, column, pattern), like(work, lower, pattern.lower())) for pattern in patterns),
    )


def _begins(
    work: UnitOfWork, column: ColumnElement[str] | InstrumentedAttribute[str], pattern: str
) -> ColumnElement[bool]:
    return or_(*(like(work, column, f"{head}*") for head in heads(pattern)))


def heads(pattern: str) -> Iterator[str]:
    """Each way to write the beginning of `pattern`, before any wildcard, with its first few letters in either case."""
    known: list[tuple[str, ...]] = []
    letters = 0
    for letter in itertools.takewhile(lambda one: one not in "*?", pattern):
        cases = tuple(dict.fromkeys((letter.lower(), letter.upper())))
        letters += len(cases) > 1
        if letters > _LETTERS:
            break
        known.append(cases)
    return ("".join(way) for way in itertools.product(*known))


def _between(column: ColumnElement[str] | InstrumentedAttribute[str], match: Between) -> ColumnElement[bool]:
    condition = column != ""
    if match.first:
        condition &= column >= match.first
    if match.last:
        condition &= column <= match.last
    return condition
