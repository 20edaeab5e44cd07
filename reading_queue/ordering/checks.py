"""What stands against a new order: the clinic's own orders and studies of late, and examinations that could be recognised.

Across institutions a patient is known by the number of the ID card together with the name, or by a merge that the county's
staff made: never by what a clinic may guess. Of another's examination a clinic sees what it was, when and where.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from reading_queue.ordering.chapter import ORDERS, OrderRules, Recognised
from reading_queue.rulebook import in_force
from storage.db.models import ExamOrder, Patient, Report, ReportVersion, Result, Study
from storage.db.queries.orders import Candidates, find_candidates
from storage.db.queries.persons import persons_of
from storage.db.session import UnitOfWork
from storage.domain.modalities import made_by_the_same_equipment
from storage.domain.orders import OrderContent
from storage.domain.reading import ReportKind
from storage.ingest.identity import comparable_name, is_chinese

_MOST = 20


@dataclass(frozen=True)
class Earlier:
    """A signed examination that could stand for a new one. `is_own`: of the same institution."""

    study: Study
    report_id: int
    at: datetime
    rule: Recognised
    is_own: bool


@dataclass(frozen=True)
class Checked:
    """What was found. `recognisable` is empty where no rule speaks of such an order, the latest first."""

    own: Candidates
    recognisable: list[Earlier]
    rules: OrderRules

    @property
    def must_choose(self) -> bool:
        """Whether the order is placed with a choice only."""
        return self.rules.must_choose and bool(self.recognisable)


def check_order(work: UnitOfWork, county: UnitOfWork, institution_id: int, content: OrderContent) -> Checked:
    """`work` sees the institution's rows, `county` all: what it finds of others goes out through `Earlier` alone."""
    rules = in_force(county, ORDERS).content
    return Checked(
        find_candidates(work, institution_id, content, rules.duplicate_days),
        recognisable(county, institution_id, content, rules),
        rules,
    )


def recognisable(work: UnitOfWork, institution_id: int, content: OrderContent, rules: OrderRules) -> list[Earlier]:
    """Signed examinations of the same person, of the same kind and body part, within the days of the rule."""
    rule = rules.rule_for(content.modality, content.body_part)
    if rule is None:
        return []
    patients = _rows_of_person(work, institution_id, content)
    if not patients:
        return []
    since = work.now - rule.span
    query = (
        select(Study, Report.id)
        .join(Report, Report.study_id == Study.id)
        .where(
            Study.patient_id.in_(sorted(patients)),
            Study.modality.in_(made_by_the_same_equipment(rule.modality)),
            Study.body_part == content.body_part,
            Study.last_received_at >= since,
            *_stands(),
        )
        .options(joinedload(Study.institution), joinedload(Study.patient))
        .order_by(Study.id.desc())
        .limit(_MOST)
    )
    found = [
        Earlier(row.Study, row[1], _at(row.Study), rule, row.Study.institution_id == institution_id)
        for row in work.session.execute(query)
    ]
    return [one for one in found if one.at >= since]


def _at(study: Study) -> datetime:
    return study.exam_started_at or study.first_received_at


def _stands() -> Iterator[ColumnElement[bool]]:
    """The last version of the report is neither preliminary nor withdrawn."""
    yield exists().where(
        Result.report_version_id == ReportVersion.id,
        ReportVersion.report_id == Report.id,
        ReportVersion.version == Report.last_version,
        ReportVersion.kind.not_in((ReportKind.WITHDRAWN, ReportKind.PRELIMINARY)),
    )


def _rows_of_person(work: UnitOfWork, institution_id: int, content: OrderContent) -> set[int]:
    """The patient rows, of all institutions, that are this person for certain."""
    own = Patient.institution_id == institution_id
    same_number = own & (Patient.patient_id == content.patient_id)
    query = select(Patient.id, Patient.name).where(or_(same_number, *_by_card(content)))
    name = content.patient_name
    certain = {row.id for row in work.session.execute(query) if _is_same_name(row.name, name)}
    certain |= _by_orders(work, content, name)
    return set(persons_of(work.session, certain)) if certain else set()


def _by_card(content: OrderContent) -> list[ColumnElement[bool]]:
    return [Patient.national_id == content.id_card_number] if content.id_card_number else []


def _by_orders(work: UnitOfWork, content: OrderContent, name: str) -> set[int]:
    """Consoles rarely send the card's number; the order that a study came for has it."""
    if not content.id_card_number:
        return set()
    query = select(Study.patient_id, ExamOrder.patient_name).join(ExamOrder, ExamOrder.study_id == Study.id)
    rows = work.session.execute(query.where(ExamOrder.id_card_number == content.id_card_number))
    return {row.patient_id for row in rows if _is_same_name(row.patient_name, name)}


def _is_same_name(one: str, other: str) -> bool:
    """Old consoles write Chinese names in Latin letters: another script contradicts nothing."""
    first, second = comparable_name(one), comparable_name(other)
    return first == second or is_chinese(first) != is_chinese(second)
