"""What routes ask FastAPI for: the services, and the caller whom the permission table lets through."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from storage.domain.errors import Forbidden
from viewer_api.auth.admission import Asked, admit
from viewer_api.auth.caller import Caller, Visitor
from viewer_api.auth.tokens import WALL_PREFIX
from viewer_api.board.admission import admit_wall
from viewer_api.edge.stations import is_station_key
from viewer_api.masking import mask_this_request
from viewer_api.permissions import PUBLIC, ROLES, STATIONS, WALLS
from viewer_api.services import Services

_MAX_AGENT = 200


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def visitor(request: Request) -> Visitor:
    """Where the request comes from; behind a proxy, what the proxy says (setting `trusted_proxies`)."""
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("user-agent", "")[:_MAX_AGENT])


async def authorise(request: Request) -> None:
    """Refuse the request unless the table lets its caller through; the one dependency of the whole application."""
    roles, asked = ROLES.get(f"{request.method} {request.scope['route'].path}"), Asked.of(request, visitor(request))
    found = services(request)
    if roles == PUBLIC:
        if request.method == "POST":
            found.limits.take_public(asked.visitor.address)
        return
    if roles == STATIONS and asked.token is not None and is_station_key(asked.token):
        request.state.station = await run_in_threadpool(found.stations.authenticate, asked.token, asked.visitor.address)
        return
    if roles == WALLS and asked.token is not None and asked.token.startswith(WALL_PREFIX):
        screen = await run_in_threadpool(admit_wall, found.database, asked.token, asked.visitor)
        found.limits.take(screen)
        mask_this_request(masked=True)
        return
    caller = await run_in_threadpool(_admitted, found, asked)
    found.limits.take(caller.known_as)
    mask_this_request(masked=caller.masked)
    request.state.caller = caller


def _admitted(found: Services, asked: Asked) -> Caller:
    try:
        caller = admit(found.database, found.small_writes, asked)
    except Forbidden:
        found.opened.refused(asked)
        raise
    found.opened.looked(caller, asked)
    return caller


def caller(request: Request) -> Caller:
    found: Caller = request.state.caller
    return found


ServicesDep = Annotated[Services, Depends(services)]
CallerDep = Annotated[Caller, Depends(caller)]
VisitorDep = Annotated[Visitor, Depends(visitor)]
