"""Attribute matching of C-FIND (PS3.4 C.2.2.2) as conditions in SQL, on either database by its index."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, false, func, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.db.models import Instance, Institution, Patient, Series, Study
from storage.db.session import UnitOfWork
from storage.domain.matching import Between, Level, Match, OneOf, Query, Wildcard

_Column = InstrumentedAttribute[str]

_TEXTS: dict[str, _Column] = {
    "PatientID": Patient.patient_id,
    "PatientBirthDate": Patient.birth_date,
    "PatientSex": Patient.sex,
    "StudyInstanceUID": Study.study_instance_uid,
    "StudyDate": Study.study_date,
    "StudyTime": Study.study_time,
    "AccessionNumber": Study.accession_number,
    "StudyID": Study.dicom_study_id,
    "StudyDescription": Study.description,
    "SeriesInstanceUID": Series.series_instance_uid,
    "Modality": Series.modality,
    "SeriesDescription": Series.description,
    "BodyPartExamined": Series.body_part,
    "Laterality": Series.laterality,
    "SOPInstanceUID": Instance.sop_instance_uid,
    "SOPClassUID": Instance.sop_class_uid,
}
_NUMBERS: dict[str, InstrumentedAttribute[int | None]] = {
    "SeriesNumber": Series.number,
    "InstanceNumber": Instance.number,
}
_NAMES = (Study.name_alphabetic, Study.name_ideographic)
_SPECIAL = ("PatientName", "IssuerOfPatientID", "ReferringPhysicianName", "ModalitiesInStudy", "SOPClassesInStudy")
MATCHED = frozenset({*_TEXTS, *_NUMBERS, *_SPECIAL})
"""Keywords of the attributes that are matched."""


def conditions(work: UnitOfWork, query: Query) -> Iterator[ColumnElement[bool]]:
    """What rows of patients, studies, series and instances that match must fulfil, in a statement that has them all."""
    for keyword, match in query.matches.items():
        if keyword == "PatientName":
            yield _named(work, query.level, match)
        elif keyword == "IssuerOfPatientID":
            yield _issued(work, match)
        elif keyword in _NUMBERS:
            yield _number(_NUMBERS[keyword], match)
        elif keyword == "ReferringPhysicianName":
            yield _physician(work, match)
        elif keyword == "ModalitiesInStudy":
            yield exists().where(Series.study_id == Study.id, _text(work, Series.modality, match)).correlate(Study)
        elif keyword == "SOPClassesInStudy":
            yield (
                exists()
                .where(Instance.study_id == Study.id, _text(work, Instance.sop_class_uid, match))
                .correlate(Study)
            )
        else:
            yield _text(work, _TEXTS[keyword], match)


def _named(work: UnitOfWork, level: Level, match: Match) -> ColumnElement[bool]:
    """The alphabetic or the ideographic group (PS3.4 C.2.2.2.1.1); a person is named by his studies."""
    alphabetic, ideographic = (_text(work, column, match) for column in _NAMES)
    if level is Level.PATIENT:
        return exists().where(Study.patient_id == Patient.id, alphabetic | ideographic).correlate(Patient)
    return alphabetic | ideographic


def _issued(work: UnitOfWork, match: Match) -> ColumnElement[bool]:
    told = _text(work, Patient.issuer, match) | _text(work, Patient.told_issuer, match)
    numbered_itself = Patient.institution_id.in_(select(Institution.id).where(_text(work, Institution.code, match)))
    return told | and_(Patient.issuer == "", Patient.told_issuer == "", numbered_itself)


def _physician(work: UnitOfWork, match: Match) -> ColumnElement[bool]:
    """By its first group of components, as it is written but for the case."""
    pattern = match.values[0] if isinstance(match, OneOf) else match.pattern if isinstance(match, Wildcard) else "*"
    written = func.lower(Study.referring_physician)
    return like(work, written, pattern) | like(work, written, f"{pattern}=*")


def _number(column: InstrumentedAttribute[int | None], match: Match) -> ColumnElement[bool]:
    return column.in_([int(value) for value in match.values]) if isinstance(match, OneOf) else false()


def _text(work: UnitOfWork, column: ColumnElement[str] | _Column, match: Match) -> ColumnElement[bool]:
    if isinstance(match, OneOf):
        return column == match.values[0] if len(match.values) == 1 else column.in_(match.values)
    if isinstance(match, Wildcard):
        return like(work, column, match.pattern)
    return _between(column, match)


def _between(column: ColumnElement[str] | _Column, match: Between) -> ColumnElement[bool]:
    condition = column != ""
    if match.first:
        condition &= column >= match.first
    if match.last:
        condition &= column <= match.last
    return condition


def like(work: UnitOfWork, column: ColumnElement[str] | _Column, pattern: str) -> ColumnElement[bool]:
    """Whether the column has the form of `pattern` with its `*` and `?`, letter by letter.

    Both databases use their index for a pattern that starts with letters: SQLite for GLOB only.
    """
    if work.session.get_bind().dialect.name == "sqlite":
        return column.op("GLOB", is_comparison=True)(pattern.replace("[", "[[]"))
    literal = pattern.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return column.like(literal.replace("*", "%").replace("?", "_"), escape="\\")
