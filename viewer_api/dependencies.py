"""What routes ask FastAPI for: the services, and the caller whom the permission table lets through."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from storage.db.queries.consultations import require_asked
from storage.db.session import Scope
from storage.domain.errors import Forbidden
from storage.domain.reading import Role
from viewer_api.auth.service import Caller, authenticate
from viewer_api.auth.tokens import COOKIE
from viewer_api.edge.stations import is_station_key
from viewer_api.permissions import PUBLIC, ROLES, STATIONS
from viewer_api.services import Services


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


async def authorise(request: Request) -> None:
    """Refuse the request unless the table lets its caller through; the one dependency of the whole application."""
    roles = ROLES.get(f"{request.method} {request.scope['route'].path}")
    if roles == PUBLIC:
        return
    token = _token(request)
    if roles == STATIONS and token is not None and is_station_key(token):
        address = request.client.host if request.client else ""
        request.state.station = await run_in_threadpool(services(request).stations.authenticate, token, address)
        return
    caller = await run_in_threadpool(authenticate, services(request).database, token)
    if roles is None or caller.role not in roles:
        raise Forbidden("Your role does not allow this.")
    if caller.role == Role.CONSULTANT and (study := request.path_params.get("study_instance_uid")) is not None:
        caller = await run_in_threadpool(_asked_about, services(request), caller, study)
    request.state.caller = caller


def _asked_about(services: Services, caller: Caller, study_instance_uid: str) -> Caller:
    """A consultant with the sight of the clinic whose study he is asked about; the study alone opened the door."""
    with services.database.read() as work:
        return replace(caller, scope=Scope(require_asked(work, caller.user.institution_id, study_instance_uid)))


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    # A cookie travels with forged requests too: it opens only what changes nothing.
    return request.cookies.get(COOKIE) if request.method in ("GET", "HEAD") else None


def caller(request: Request) -> Caller:
    found: Caller = request.state.caller
    return found


ServicesDep = Annotated[Services, Depends(services)]
CallerDep = Annotated[Caller, Depends(caller)]
