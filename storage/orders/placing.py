"""Placing, changing and cancelling orders, whoever asks for it: a person, or a hospital's own system."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import tzinfo
from typing import Any

from sqlalchemy import select, update

from storage.audit import AuditEntry, record
from storage.db.models import AccessionCounter, Device, ExamOrder, Institution
from storage.db.queries import orders
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Conflict, InvalidField
from storage.domain.identifiers import new_uid
from storage.domain.modalities import made_by_the_same_equipment
from storage.domain.order_rules import checked_content, checked_order
from storage.domain.orders import NewOrder, OrderAction, OrderContent, OrderState
from storage.orders.names import romanised_name
from storage.orders.states import advance, require, touch

_CODE_LENGTH = 7
"""Characters of the institution's code in its accession numbers: an SH value has 16 (PS3.5 6.2)."""


def place_order(work: UnitOfWork, institution: Institution, new: NewOrder, *, author: str, zone: tzinfo) -> ExamOrder:
    """A new order of `institution`, linked at once when its study is there already. Raises `InvalidField`."""
    new = checked_order(new, work.now)
    lock_institution(work, institution.id)
    device = _device(work, institution.id, new.device, new.content.modality)
    order = ExamOrder(
        **asdict(_with_romanised_name(new.content)),
        institution_id=institution.id,
        institution=institution,
        scheduled_device_id=device.id if device else None,
        scheduled_device=device,
        accession_number=_accession_number(work, institution, new.accession_number, zone),
        placer_order_number=new.placer_order_number,
        filler_order_number=new.filler_order_number,
        study_instance_uid=new.study_instance_uid or new_uid(),
        state=OrderState.SCHEDULED,
        source=new.source,
        created_at=work.now,
        created_by=author,
        updated_at=work.now,
        cancel_reason="",
        version=1,
    )
    work.session.add(order)
    work.session.flush()
    detail = {"institution": institution.code, "modality": order.modality, "source": order.source}
    record(work.session, AuditEntry(work.now, author, "order_placed", f"order:{order.id}", detail))
    orders.match_waiting_orders(work, [order.id])
    return order


def change_order(
    work: UnitOfWork, order: ExamOrder, changes: Mapping[str, Any], *, author: str, version: int | None = None
) -> bool:
    """Take over `changes`: fields of `OrderContent`, and `device`; False when they change nothing.

    Raises `Conflict` when `version` is not the present one, `NotAllowedFromState`, or `InvalidField`.
    """
    if version is not None and version != order.version:
        raise Conflict(f"The order has been changed since: its version is {order.version}. Load it again.")
    contents = _changed_content(work, order, {name: value for name, value in changes.items() if name != "device"})
    device = _changed_device(work, order, changes.get("device"), contents.get("modality", order.modality))
    if not contents and not device:
        return False
    require(order, OrderAction.CHANGE)
    for name, value in {**contents, **device}.items():
        setattr(order, name, value)
    touch(work, order, OrderAction.CHANGE, author, {"fields": [*contents, *(["device"] if device else [])]})
    return True


def cancel_order(work: UnitOfWork, order: ExamOrder, reason: str, *, author: str) -> None:
    """Take it off the worklist for good; an order that has been started is broken off. Raises `NotAllowedFromState`."""
    require(order, OrderAction.CANCEL)
    order.cancel_reason = reason
    advance(work, order, OrderAction.CANCEL, author, {"reason": reason})


def content_of(order: ExamOrder) -> OrderContent:
    """What the order says."""
    return OrderContent(**{one.name: getattr(order, one.name) for one in fields(OrderContent)})


def lock_institution(work: UnitOfWork, institution_id: int) -> None:
    """One order of an institution at a time: numbers are unique, and a message that comes twice at once makes one order."""
    work.session.execute(select(Institution.id).where(Institution.id == institution_id).with_for_update())


def _with_romanised_name(content: OrderContent) -> OrderContent:
    given = romanised_name(content.romanised_name)
    return replace(content, romanised_name=given or romanised_name(content.patient_name))


def _device(work: UnitOfWork, institution_id: int, ae_title: str, modality: str) -> Device | None:
    if not ae_title:
        return None
    device = orders.device_of(work, institution_id, ae_title)
    if device is None:
        raise InvalidField("device", "must be the calling AE title of an active device of the institution, or empty.")
    if device.modality and device.modality not in made_by_the_same_equipment(modality):
        raise InvalidField("device", f"is a device for {device.modality}: choose another, or leave it empty.")
    return device


def _accession_number(work: UnitOfWork, institution: Institution, given: str, zone: tzinfo) -> str:
    if given:
        if orders.accession_is_taken(work, institution.id, given):
            raise InvalidField("accession_number", "is taken by another order: leave it empty and one is made.")
        return given
    day = work.now.astimezone(zone).strftime("%y%m%d")
    while True:
        number = f"{institution.code[:_CODE_LENGTH].upper()}{day}{_next_number(work, institution.id, day):03d}"
        if not orders.accession_is_taken(work, institution.id, number):
            return number


def _next_number(work: UnitOfWork, institution_id: int, day: str) -> int:
    counter = {"institution_id": institution_id, "day": day}
    insert_missing(work.session, AccessionCounter, [{**counter, "last": 0}], AccessionCounter.last)
    one = (AccessionCounter.institution_id == institution_id, AccessionCounter.day == day)
    next_one = update(AccessionCounter).where(*one).values(last=AccessionCounter.last + 1)
    options = {"synchronize_session": False}
    return work.session.execute(next_one.returning(AccessionCounter.last), execution_options=options).scalar_one()


def _changed_content(work: UnitOfWork, order: ExamOrder, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The new values of the columns that change."""
    before = content_of(order)
    if "patient_name" in changes and "romanised_name" not in changes:
        changes = {**changes, "romanised_name": ""}
    after = _with_romanised_name(checked_content(replace(before, **changes), work.now))
    names = [one.name for one in fields(OrderContent)]
    return {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}


def _changed_device(work: UnitOfWork, order: ExamOrder, ae_title: str | None, modality: str) -> dict[str, Any]:
    if ae_title is None:
        ae_title = order.scheduled_device.ae_title if order.scheduled_device else ""
        if modality == order.modality:
            return {}
    device = _device(work, order.institution_id, ae_title, modality)
    if (device.id if device else None) == order.scheduled_device_id:
        return {}
    return {"scheduled_device": device, "scheduled_device_id": device.id if device else None}
