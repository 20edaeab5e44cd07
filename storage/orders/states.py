"""The one way in which an order gets from one state to the next."""

from collections.abc import Mapping
from typing import Any

from storage.audit import AuditEntry, record
from storage.db.models import ExamOrder
from storage.db.session import UnitOfWork
from storage.domain.errors import NotAllowedFromState
from storage.domain.orders import ON_THE_WORKLIST, TRANSITIONS, OrderAction, OrderState

SYSTEM = "system"


def advance(
    work: UnitOfWork, order: ExamOrder, action: OrderAction, author: str, detail: Mapping[str, Any] | None = None
) -> bool:
    """Take the step that the table has for `action`; False, and nothing changes, where it has none."""
    target = TRANSITIONS.get((OrderState(order.state), action))
    if target is None:
        return False
    order.state = target
    if action is OrderAction.START:
        order.started_at, order.ended_at = order.started_at or work.now, None
    elif target not in ON_THE_WORKLIST:
        order.ended_at = work.now
    touch(work, order, action, author, detail)
    return True


def require(order: ExamOrder, action: OrderAction) -> None:
    """Raise `NotAllowedFromState` where the table has no such step."""
    if (OrderState(order.state), action) not in TRANSITIONS:
        raise NotAllowedFromState(f"The order is {order.state}; it cannot be {_DONE[action]} any more.")


_DONE = {OrderAction.CHANGE: "changed", OrderAction.CANCEL: "cancelled"}


def touch(
    work: UnitOfWork, order: ExamOrder, action: str, author: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Count a change, and put it on the audit trail."""
    order.version += 1
    order.updated_at = work.now
    entry = AuditEntry(
        work.now, author, f"order_{action}", f"order:{order.id}", {"state": order.state, **(detail or {})}
    )
    record(work.session, entry)
