"""Orders: look-ups and lists, and the studies that come for them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from storage.db.models import Device, ExamOrder, Patient, ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.modalities import made_by_the_same_equipment
from storage.domain.orders import WORKLIST_LIFE, OrderAction, OrderContent
from storage.domain.reading import CLOSED_STATES
from storage.ingest.identity import PatientIdentity, is_same_person
from storage.orders.states import SYSTEM, advance, touch

_ESCAPE = "\\"


@dataclass(frozen=True)
class OrderFilter:
    """What to list. Empty values do not filter; each word of `text` must occur in a name, an ID or a number."""

    states: Collection[str] = ()
    modality: str = ""
    institution_id: int | None = None
    text: str = ""
    accession_number: str = ""
    study_instance_uid: str = ""
    scheduled_from: datetime | None = None
    scheduled_before: datetime | None = None


@dataclass(frozen=True)
class OrderPage:
    """Part of a list, the last placed first. `next_before` asks for the part after it."""

    orders: list[ExamOrder] = field(default_factory=list)
    next_before: int | None = None


@dataclass(frozen=True)
class Candidates:
    """What the same patient was ordered, or examined with, lately by the same kind of equipment."""

    orders: Sequence[ExamOrder]
    studies: Sequence[Study]


def list_orders(work: UnitOfWork, wanted: OrderFilter, limit: int, *, before: int | None = None) -> OrderPage:
    """Up to `limit` orders with row ids below `before`, the last placed first."""
    query = _orders().where(*_conditions(wanted)).order_by(ExamOrder.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(ExamOrder.id < before)
    found = list(work.session.execute(query).scalars())
    return OrderPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def order_by_id(work: UnitOfWork, order_id: int, *, lock: bool = False) -> ExamOrder:
    """Raise `NotFound` when there is no such order in scope."""
    query = _orders().where(ExamOrder.id == order_id)
    found = work.session.execute(query.with_for_update(of=ExamOrder) if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such order.")
    return found


def order_by_placer(work: UnitOfWork, institution_id: int, placer_order_number: str) -> ExamOrder | None:
    """The last order that the institution's system calls so, locked."""
    query = _orders().where(
        ExamOrder.institution_id == institution_id, ExamOrder.placer_order_number == placer_order_number
    )
    query = query.order_by(ExamOrder.id.desc()).limit(1).with_for_update(of=ExamOrder)
    return work.session.execute(query).scalars().first()


def order_of_study(work: UnitOfWork, study_id: int) -> ExamOrder | None:
    """The order that a study came for: whoever reads it wants to know why it was asked for."""
    query = _orders().where(ExamOrder.study_id == study_id).order_by(ExamOrder.id).limit(1)
    return work.session.execute(query).scalars().first()


def device_of(work: UnitOfWork, institution_id: int, ae_title: str) -> Device | None:
    """The active device of that institution with this calling AE title."""
    query = select(Device).where(Device.institution_id == institution_id, Device.ae_title == ae_title, Device.active)
    return work.session.execute(query).scalar_one_or_none()


def accession_is_taken(work: UnitOfWork, institution_id: int, accession_number: str) -> bool:
    """Whether an order of the institution has this number already."""
    taken = exists().where(ExamOrder.institution_id == institution_id, ExamOrder.accession_number == accession_number)
    return bool(work.session.execute(select(taken)).scalar_one())


def find_candidates(work: UnitOfWork, institution_id: int, content: OrderContent, days: int) -> Candidates:
    """Orders and studies of the last `days` that may make an order with this content needless; at most 20 of each."""
    since = work.now - timedelta(days=days)
    modalities = made_by_the_same_equipment(content.modality)
    orders = _orders().where(
        ExamOrder.institution_id == institution_id,
        ExamOrder.modality.in_(modalities),
        ExamOrder.created_at >= since,
        or_(*_same_patient_of_orders(content)),
    )
    studies = (
        select(Study)
        .join(Patient, Patient.id == Study.patient_id)
        .where(
            Study.institution_id == institution_id,
            Study.modality.in_(modalities),
            Study.last_received_at >= since,
            or_(*_same_patient_of_studies(content)),
        )
        .options(joinedload(Study.patient), joinedload(Study.institution))
    )
    return Candidates(
        work.session.execute(orders.order_by(ExamOrder.id.desc()).limit(20)).scalars().all(),
        work.session.execute(studies.order_by(Study.id.desc()).limit(20)).scalars().all(),
    )


def match_arrived_studies(work: UnitOfWork, study_ids: Sequence[int]) -> None:
    """Link these studies with the orders that they came for; harmless to repeat.

    A study belongs to an order of its institution with its Study Instance UID, or with its accession number and the same
    patient. The order ends and leaves the worklist; its priority, number and description reach the study.
    """
    if study_ids and (pairs := _arrived(work, Study.id.in_(sorted(set(study_ids))))):
        _link(work, pairs)


def match_waiting_orders(work: UnitOfWork, order_ids: Sequence[int] | None = None) -> None:
    """The same from the orders' side: these, or all that may still be waited for; for orders that come after their study."""
    wanted = (
        ExamOrder.id.in_(sorted(set(order_ids)))
        if order_ids is not None
        else ExamOrder.scheduled_at >= work.now - 2 * WORKLIST_LIFE
    )
    if pairs := _arrived(work, wanted):
        _link(work, pairs)


def _arrived(work: UnitOfWork, which: ColumnElement[bool]) -> list[tuple[int, int]]:
    """Row ids of studies and the orders that wait for them."""
    by_uid = and_(
        ExamOrder.institution_id == Study.institution_id, ExamOrder.study_instance_uid == Study.study_instance_uid
    )
    by_number = and_(
        ExamOrder.institution_id == Study.institution_id,
        ExamOrder.accession_number == Study.accession_number,
        Study.accession_number != "",
    )
    waiting = (which, ExamOrder.study_id.is_(None))
    exact = select(Study.id, ExamOrder.id).join(ExamOrder, by_uid).where(*waiting)
    pairs = {(row[0], row[1]) for row in work.session.execute(exact)}
    numbered = (
        select(Study.id, ExamOrder, Patient)
        .join(ExamOrder, by_number)
        .join(Patient, Patient.id == Study.patient_id)
        .where(*waiting)
    )
    for study_id, order, patient in work.session.execute(numbered):
        if is_same_person(_identity_of_order(order), _identity(patient)):
            pairs.add((study_id, order.id))
    return sorted(pairs)


def _identity(patient: Patient) -> PatientIdentity:
    return PatientIdentity(patient.patient_id, patient.name, patient.sex, patient.birth_date)


def _identity_of_order(order: ExamOrder) -> PatientIdentity:
    return PatientIdentity(order.patient_id, order.patient_name, order.sex, order.birth_date)


def _link(work: UnitOfWork, pairs: Sequence[tuple[int, int]]) -> None:
    # Studies before orders, each by id: whoever else locks both keeps to that too.
    studies = select(Study).where(Study.id.in_({study_id for study_id, _ in pairs})).order_by(Study.id)
    orders = select(ExamOrder).where(ExamOrder.id.in_({order_id for _, order_id in pairs})).order_by(ExamOrder.id)
    fresh = {"populate_existing": True}
    found = work.session.execute(studies.with_for_update(of=Study), execution_options=fresh).scalars()
    study_by_id = {study.id: study for study in found}
    waiting = work.session.execute(orders.with_for_update(of=ExamOrder), execution_options=fresh).scalars()
    order_by_id = {order.id: order for order in waiting}
    for study_id, order_id in pairs:
        if order_by_id[order_id].study_id is None:
            _arrive(work, study_by_id[study_id], order_by_id[order_id])


def _arrive(work: UnitOfWork, study: Study, order: ExamOrder) -> None:
    order.study_id = study.id
    detail = {"study": study.id}
    if not advance(work, order, OrderAction.ARRIVE, SYSTEM, detail):
        touch(work, order, OrderAction.ARRIVE, SYSTEM, detail)
    study.accession_number = study.accession_number or order.accession_number
    study.description = study.description or order.procedure_description
    study.body_part = study.body_part or order.body_part
    if order.priority < study.priority and not _is_being_read(work, study):
        study.priority = order.priority


def _is_being_read(work: UnitOfWork, study: Study) -> bool:
    open_task = exists().where(ReadingTask.study_id == study.id, ReadingTask.state.not_in(CLOSED_STATES))
    return bool(work.session.execute(select(open_task)).scalar_one())


def _orders() -> Select[ExamOrder]:
    return select(ExamOrder).options(joinedload(ExamOrder.institution), joinedload(ExamOrder.scheduled_device))


def _conditions(wanted: OrderFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield ExamOrder.state.in_(wanted.states)
    if wanted.institution_id is not None:
        yield ExamOrder.institution_id == wanted.institution_id
    equal = (
        (ExamOrder.modality, wanted.modality),
        (ExamOrder.accession_number, wanted.accession_number),
        (ExamOrder.study_instance_uid, wanted.study_instance_uid),
    )
    yield from (column == value for column, value in equal if value)
    if wanted.scheduled_from is not None:
        yield ExamOrder.scheduled_at >= wanted.scheduled_from
    if wanted.scheduled_before is not None:
        yield ExamOrder.scheduled_at < wanted.scheduled_before
    yield from (_has_word(word) for word in wanted.text.split())


def _has_word(word: str) -> ColumnElement[bool]:
    literal = word.replace(_ESCAPE, _ESCAPE * 2).replace("%", r"\%").replace("_", r"\_")
    columns = (
        ExamOrder.patient_name,
        ExamOrder.romanised_name,
        ExamOrder.patient_id,
        ExamOrder.accession_number,
        ExamOrder.placer_order_number,
    )
    return or_(*(column.ilike(f"%{literal}%", escape=_ESCAPE) for column in columns))


def _same_patient_of_orders(content: OrderContent) -> Iterator[ColumnElement[bool]]:
    yield ExamOrder.patient_id == content.patient_id
    if content.id_card_number:
        yield ExamOrder.id_card_number == content.id_card_number
    if content.birth_date:
        same_name = func.replace(ExamOrder.patient_name, "^", "") == content.patient_name.replace("^", "")
        yield and_(same_name, ExamOrder.birth_date == content.birth_date)


def _same_patient_of_studies(content: OrderContent) -> Iterator[ColumnElement[bool]]:
    yield Patient.patient_id == content.patient_id
    if content.birth_date:
        names = {content.patient_name.replace("^", ""), content.romanised_name.replace("^", " ")} - {""}
        yield and_(Patient.name.in_(sorted(names)), Patient.birth_date == content.birth_date)
