"""Persons behind patient rows: who is whom by the merges that stand, and the look-ups for search and candidates."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from storage.db.models import Institution, Patient, PatientMerge, Report, Study, User
from storage.db.queries.exam_days import day_alone, ended_by, made_at
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.patients import national_id

_STANDS = PatientMerge.undone_at.is_(None)
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True)
class PatientRow:
    """A patient row with its institution and the number of its studies."""

    patient: Patient
    institution: Institution
    studies: int


@dataclass(frozen=True)
class PatientPage:
    """Part of a search, the newest rows first. `next_before` asks for the part after it."""

    rows: list[PatientRow] = field(default_factory=list)
    next_before: int | None = None


@dataclass(frozen=True)
class Prior:
    """An earlier study of a person."""

    study: Study
    report_id: int | None

    @property
    def at(self) -> datetime:
        """As `made_at`; `exam_date` is the day, where that is all that is known."""
        return made_at(self.study)

    @property
    def exam_date(self) -> date | None:
        return day_alone(self.study)


def persons_of(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Every row that merges that stand tie to one of `ids`, with the row that stands for its person."""
    survivors: dict[int, int] = {}
    known, ask = set(ids), set(ids)
    while ask:
        either = PatientMerge.merged_id.in_(ask) | PatientMerge.survivor_id.in_(ask)
        steps = session.execute(select(PatientMerge.merged_id, PatientMerge.survivor_id).where(either, _STANDS)).all()
        survivors |= {row.merged_id: row.survivor_id for row in steps}
        ask = {one for row in steps for one in row} - known
        known |= ask
    return {one: _end_of(one, survivors) for one in known}


def _end_of(start: int, survivors: dict[int, int]) -> int:
    """Rows that lead in a circle, which no service makes, stand for the lowest of them."""
    seen = [start]
    while (step := survivors.get(seen[-1])) is not None:
        if step in seen:
            return min(seen[seen.index(step) :])
        seen.append(step)
    return seen[-1]


def rows_of_person(session: Session, patient_id: int) -> set[int]:
    """Every row that is the same person as this one, itself included."""
    return set(persons_of(session, [patient_id]))


def are_one_person(session: Session, one: int, other: int) -> bool:
    """Whether merges that stand make the two rows one person."""
    ends = persons_of(session, [one, other])
    return ends[one] == ends[other]


def patient_by_id(work: UnitOfWork, patient_id: int) -> Patient:
    """Raise `NotFound`."""
    found = work.session.get(Patient, patient_id)
    if found is None:
        raise NotFound("There is no such patient.")
    return found


def standing_merges(work: UnitOfWork, rows: Collection[int]) -> list[tuple[PatientMerge, User]]:
    """The merges that stand among these rows, the latest first, with who made them."""
    query = select(PatientMerge, User).join(User, User.id == PatientMerge.by_id)
    among = PatientMerge.merged_id.in_(rows), PatientMerge.survivor_id.in_(rows), _STANDS
    return list(work.session.execute(query.where(*among).order_by(PatientMerge.id.desc())))


def patient_rows(work: UnitOfWork, ids: Collection[int]) -> list[PatientRow]:
    """These rows, the newest first."""
    counts = select(Study.patient_id, func.count(Study.id)).where(Study.patient_id.in_(ids)).group_by(Study.patient_id)
    studies = dict(work.session.execute(counts).all())
    query = select(Patient, Institution).join(Institution, Institution.id == Patient.institution_id)
    query = query.where(Patient.id.in_(ids)).order_by(Patient.id.desc())
    return [PatientRow(patient, place, studies.get(patient.id, 0)) for patient, place in work.session.execute(query)]


def studies_of(work: UnitOfWork, ids: Collection[int], limit: int = 200) -> list[Prior]:
    """The studies of these rows, the latest first, each with its last report."""
    query = select(Study).where(Study.patient_id.in_(ids)).options(joinedload(Study.institution))
    when = func.coalesce(Study.exam_started_at, Study.first_received_at)
    studies = work.session.execute(query.order_by(when.desc(), Study.id.desc()).limit(limit)).scalars().all()
    asked = [study.id for study in studies]
    reports = select(Report.study_id, func.max(Report.id)).where(Report.study_id.in_(asked)).group_by(Report.study_id)
    report_ids = dict(work.session.execute(reports).all())
    found = [Prior(study, report_ids.get(study.id)) for study in studies]
    return sorted(found, key=lambda prior: (prior.at, prior.study.id), reverse=True)


def priors_of(work: UnitOfWork, study: Study) -> list[Prior]:
    """The earlier studies of the study's person, whichever clinics they come from, the latest first."""
    own = ended_by(study)
    found = studies_of(work, rows_of_person(work.session, study.patient_id))
    return [prior for prior in found if prior.study.id != study.id and prior.at <= own]


def search_patients(work: UnitOfWork, text: str, limit: int, before: int | None = None) -> PatientPage:
    """Rows whose name, pinyin or initials begin with `text`, or whose patient or ID-card number it is; all when it is empty."""
    ids = [*work.session.execute(_found_ids(work, text.strip(), limit + 1, before)).scalars()]
    rows = patient_rows(work, ids[:limit])
    return PatientPage(rows, ids[limit - 1] if len(ids) > limit else None)


def _found_ids(work: UnitOfWork, text: str, limit: int, before: int | None) -> Select[int]:
    """One look-up by index for each way to find somebody, put together."""
    parts = [_limited(condition, limit, before) for condition in _ways(work, text)]
    found = union(*parts).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(limit)


def _limited(condition: ColumnElement[bool], limit: int, before: int | None) -> Select[int]:
    query = select(Patient.id).where(condition)
    if before is not None:
        query = query.where(Patient.id < before)
    return select(query.order_by(Patient.id.desc()).limit(limit).subquery().c.id)


def _ways(work: UnitOfWork, text: str) -> Iterable[ColumnElement[bool]]:
    if not text:
        return [literal(1) == literal(1)]
    joined = text.replace(" ", "").casefold()
    ways = [Patient.patient_id == text, begins_with(work, Patient.name, text)]
    if joined.isascii() and joined.isalpha():
        ways += [begins_with(work, Patient.pinyin, joined), begins_with(work, Patient.initials, joined)]
    if card := national_id(text):
        ways.append(Patient.national_id == card)
    return ways


def begins_with(work: UnitOfWork, column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """In the form that each database answers by its index."""
    if work.session.get_bind().dialect.name == "postgresql":
        return column.startswith(text, autoescape=True)
    return and_(column >= text, column < text + _AFTER_ALL)


def block_of(work: UnitOfWork, patient: Patient, limit: int) -> Sequence[Patient]:
    """The other rows that share a number or a key with this one: up to `limit` for each, each by its index."""
    shared = (
        (Patient.national_id, patient.national_id),
        (Patient.person_key, patient.person_key),
        (Patient.swapped_key, patient.swapped_key),
    )
    parts = [select(Patient.id).where(column == value) for column, value in shared if value]
    if patient.patient_id:
        parts.append(_same_number(patient))
    ids: set[int] = set()
    for part in parts:
        ids.update(work.session.execute(part.order_by(Patient.id.desc()).limit(limit)).scalars())
    query = select(Patient).where(Patient.id.in_(ids - {patient.id})).order_by(Patient.id)
    return work.session.execute(query).scalars().all()


def _same_number(patient: Patient) -> Select[int]:
    same = [Patient.patient_id == patient.patient_id, Patient.issuer == patient.issuer]
    if not patient.issuer:
        same.append(Patient.institution_id == patient.institution_id)
    return select(Patient.id).where(*same)
