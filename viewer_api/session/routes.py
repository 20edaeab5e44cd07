"""`/api/v1/session`."""

import json
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from storage.audit import AuditEntry, record
from storage.db.models import User
from storage.domain.errors import Invalid
from viewer_api.auth import service
from viewer_api.auth.cookies import drop_cookie, set_cookie
from viewer_api.dependencies import CallerDep, ServicesDep, VisitorDep
from viewer_api.openapi import refusals
from viewer_api.session.schemas import (
    Credentials,
    NewSession,
    SessionOut,
    UserOut,
    new_session,
    session_out,
    user_out,
)

router = APIRouter(prefix="/api/v1/session", tags=["session"])

_MAX_PREFERENCES = 64 * 1024


@router.post("", status_code=201, responses=refusals(401, 429))
async def log_in(
    credentials: Credentials, request: Request, response: Response, services: ServicesDep, visitor: VisitorDep
) -> NewSession:
    """Log in. Every reason to refuse looks alike; wrong passwords in a row lock a user out, each time for longer.

    401 `second_factor_needed`: the password was right; ask again with `code`.
    """
    token, caller = await to_thread.run_sync(
        service.log_in,
        services.database,
        services.seals,
        service.Attempt(credentials.username, credentials.password, credentials.code, credentials.masked),
        services.settings.session_hours,
        visitor,
        limiter=services.log_ins,
    )
    set_cookie(response, request, token, services.settings.session_hours)
    return new_session(token, caller)


@router.get("", responses=refusals(401))
def show_session(caller: CallerDep) -> SessionOut:
    """Who is logged in."""
    return session_out(caller)


@router.delete("", status_code=204, responses=refusals(401))
def log_out(caller: CallerDep, response: Response, services: ServicesDep) -> None:
    """Log out: the token opens nothing any more."""
    service.log_out(services.database, caller)
    drop_cookie(response)


@router.post("/mask", status_code=201, responses=refusals(401))
def mask_session(caller: CallerDep, request: Request, response: Response, services: ServicesDep) -> NewSession:
    """Hide who patients are, for a screen that others see. There is no way back but to log in again."""
    with services.database.write() as work:
        token, masked = service.renew_session(work, caller, masked=True)
        record(work.session, AuditEntry(work.now, caller.known_as, "session_masked", caller.known_as, {}))
    set_cookie(response, request, token, services.settings.session_hours)
    return new_session(token, masked)


@router.put("/preferences", responses=refusals(401))
def set_preferences(preferences: dict[str, Any], caller: CallerDep, services: ServicesDep) -> UserOut:
    """Keep the settings of the user's interface, up to 64 KiB of JSON."""
    if len(json.dumps(preferences)) > _MAX_PREFERENCES:
        raise Invalid("Preferences may take up to 64 KiB.")
    with services.database.write() as work:
        user = work.session.get_one(User, caller.user.id)
        user.preferences = preferences
        return user_out(user)
