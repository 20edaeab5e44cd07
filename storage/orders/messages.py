"""What a hospital's system asks for an order: placed, changed, cancelled or followed, however often it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from storage.db.models import ExamOrder, Institution
from storage.db.queries.orders import order_by_placer
from storage.db.session import UnitOfWork
from storage.domain.errors import InvalidField, NotFound
from storage.domain.orders import NewOrder, OrderAction, OrderContent, OrderSource, OrderState
from storage.orders.placing import cancel_order, change_order, place_order
from storage.orders.states import advance

_FOLLOWED: Mapping[str, OrderAction] = {"IP": OrderAction.START, "CM": OrderAction.COMPLETE}
"""ORC-5 (HL7 table 0038) of a message that says how far an order has come."""

_CANCELLED = ("CA", "DC")
_OVER = (OrderState.CANCELLED, OrderState.DISCONTINUED)


@dataclass(frozen=True)
class Wish:
    """One order of a message; `content` has only what the message tells."""

    control: str
    status: str
    placer: str
    filler: str
    reason: str
    content: Mapping[str, Any]
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Asker:
    """Who asks: for which institution, under what name in the audit trail, in which time zone."""

    institution: Institution
    author: str
    zone: tzinfo


def fulfil(work: UnitOfWork, asker: Asker, wish: Wish) -> None:
    """Do it; what is done already is left. Raises `InvalidField`, `NotFound` or `NotAllowedFromState`."""
    if not wish.placer:
        raise InvalidField("ORC-2", "(placer order number) is missing: without it an order cannot be found again.")
    order = order_by_placer(work, asker.institution.id, wish.placer)
    if wish.control == "NW":
        _place(work, asker, wish, order)
        return
    if order is None:
        raise NotFound("There is no order with the placer order number in ORC-2: send it with NW first.")
    if wish.control == "XO":
        _change(work, asker, wish, order)
    elif wish.control in _CANCELLED or (wish.control == "SC" and wish.status in _CANCELLED):
        if order.state not in _OVER:
            cancel_order(work, order, wish.reason, author=asker.author)
    elif wish.control == "SC" and wish.status in _FOLLOWED:
        advance(work, order, _FOLLOWED[wish.status], asker.author)
    else:
        raise InvalidField("ORC-1", "must be NW, XO, CA, DC, or SC with ORC-5 IP, CM, CA or DC.")


def _place(work: UnitOfWork, asker: Asker, wish: Wish, present: ExamOrder | None) -> None:
    if present is not None and present.state != OrderState.CANCELLED:
        _change(work, asker, wish, present)
        return
    nothing = OrderContent(patient_id="", patient_name="", modality="", scheduled_at=work.now)
    new = NewOrder(
        replace(nothing, **wish.content),
        placer_order_number=wish.placer,
        filler_order_number=wish.filler,
        source=OrderSource.HL7,
        **wish.numbers,
    )
    place_order(work, asker.institution, new, author=asker.author, zone=asker.zone)


def _change(work: UnitOfWork, asker: Asker, wish: Wish, order: ExamOrder) -> None:
    device = {"device": wish.numbers["device"]} if wish.numbers.get("device") else {}
    change_order(work, order, {**wish.content, **device}, author=asker.author)
