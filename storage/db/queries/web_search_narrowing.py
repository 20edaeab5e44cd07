"""Keys of a search over the web that may leave few studies: those are looked up first, each by its own index.

The look-ups ask tables rather than models, past the scope: a database without statistics would rather read all rows of
an institution than use the index of the key. What they find is only a condition on studies in scope.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select

from storage.db.models import Patient, Series, Study
from storage.db.queries.query_matching import like
from storage.db.queries.web_search_keys import column_condition, folded_condition, text_condition
from storage.db.session import UnitOfWork
from storage.domain.web_search import NameKey, WebSearch

_FEW = 2000
"""Up to so many studies a key is looked up by its own index."""

NARROWING = frozenset({"PatientID", "AccessionNumber", "ModalitiesInStudy"})
"""Keywords; names of patients, too, are looked up so."""

_study, _patient, _series = (one.__table__ for one in (Study, Patient, Series))


@dataclass(frozen=True)
class _Narrowing:
    """One key: selects of the row ids of studies that it fits, each by an index, and the same as a condition."""

    selects: tuple[Select[int], ...]
    condition: ColumnElement[bool]


def narrowed(work: UnitOfWork, search: WebSearch) -> tuple[set[int] | None, list[ColumnElement[bool]]]:
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
        found.update(work.session.execute(one.limit(_FEW + 1)).scalars())
        if len(found) > _FEW:
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
