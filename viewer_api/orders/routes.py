"""`/api/v1/orders`: examinations that are asked for."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue.ordering.chapter import ORDERS
from reading_queue.ordering.recognition import Reason, note_repeated
from reading_queue.rulebook import in_force
from storage.db.queries import orders, people
from storage.ingest.times import time_zone
from storage.orders.placing import cancel_order, change_order, content_of, place_order
from viewer_api.auth.service import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.orders.checking import recognisable_for
from viewer_api.orders.schemas import (
    CancelIn,
    CandidateQuery,
    CandidatesOut,
    OrderChange,
    OrderIn,
    OrderOut,
    OrderQuery,
    PlacedOrder,
)
from viewer_api.orders.service import candidates_out, content_in_question, institution_of, order_out, order_values
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])

OrderId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_DUPLICATE_DAYS = 14


@router.post("", status_code=201, responses=refusals(401, 403, 404, 409))
def place(body: OrderIn, caller: CallerDep, services: ServicesDep) -> PlacedOrder:
    """Place an order: from now on it stands on the worklists of the clinic's equipment for that modality."""
    zone = time_zone(services.settings.time_zone)
    with services.database.write(caller.scope) as work:
        institution = institution_of(work, caller, body.institution)
        earlier = recognisable_for(services, institution.id, body.wanted().content)
        order = place_order(work, institution, body.wanted(), author=_author(caller), zone=zone)
        reason = Reason(body.repeat.code, body.repeat.text) if body.repeat else None
        note_repeated(work, caller.actor, institution, earlier, reason, in_force(work, ORDERS).content, order.id)
        found = orders.find_candidates(work, institution.id, content_of(order), _DUPLICATE_DAYS)
        return PlacedOrder(**order_values(order), duplicates=candidates_out(found, order))


@router.get("", responses=refusals(401, 403, 404))
def list_placed(asked: Annotated[OrderQuery, Query()], caller: CallerDep, services: ServicesDep) -> Page[OrderOut]:
    """Orders, the last placed first."""
    with services.database.read(caller.scope) as work:
        institution = people.institution_by_code(work, asked.institution).id if asked.institution else None
        page = orders.list_orders(work, asked.wanted(institution), asked.limit, before=asked.cursor)
        items = [order_out(order) for order in page.orders]
        return Page(items=items, next=str(page.next_before) if page.next_before else None)


@router.get("/candidates", responses=refusals(401, 403, 404))
def show_candidates(
    asked: Annotated[CandidateQuery, Query()], caller: CallerDep, services: ServicesDep
) -> CandidatesOut:
    """What the patient was ordered or examined with lately: to be looked at before a new order is placed."""
    with services.database.read(caller.scope) as work:
        institution = institution_of(work, caller, asked.institution)
        content = content_in_question(asked, work.now)
        return candidates_out(orders.find_candidates(work, institution.id, content, asked.days))


@router.get("/{order_id}", responses=refusals(401, 403, 404))
def show(order_id: OrderId, caller: CallerDep, services: ServicesDep) -> OrderOut:
    """One order."""
    with services.database.read(caller.scope) as work:
        return order_out(orders.order_by_id(work, order_id))


@router.patch("/{order_id}", responses=refusals(401, 403, 404, 409))
def change(order_id: OrderId, body: OrderChange, caller: CallerDep, services: ServicesDep) -> OrderOut:
    """Change what is not started yet; 409 when somebody else has changed it since."""
    with services.database.write(caller.scope) as work:
        order = orders.order_by_id(work, order_id, lock=True)
        change_order(work, order, body.changes(), author=_author(caller), version=body.version)
        return order_out(order)


@router.post("/{order_id}/cancel", responses=refusals(401, 403, 404, 409))
def cancel(order_id: OrderId, body: CancelIn, caller: CallerDep, services: ServicesDep) -> OrderOut:
    """Take it off the worklist for good."""
    with services.database.write(caller.scope) as work:
        order = orders.order_by_id(work, order_id, lock=True)
        cancel_order(work, order, body.reason, author=_author(caller))
        return order_out(order)


def _author(caller: Caller) -> str:
    return f"user:{caller.user.id}"
