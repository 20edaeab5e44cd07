"""`/api/v1/session`."""

import json
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from storage.db.models import User
from storage.domain.errors import Invalid
from viewer_api.auth import service
from viewer_api.auth.tokens import COOKIE
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.session.schemas import Credentials, NewSession, SessionOut, UserOut, session_out, user_out

router = APIRouter(prefix="/api/v1/session", tags=["session"])

_MAX_PREFERENCES = 64 * 1024


@router.post("", status_code=201, responses=refusals(401))
async def log_in(credentials: Credentials, request: Request, response: Response, services: ServicesDep) -> NewSession:
    """Log in. Every reason to refuse looks alike; ten wrong passwords lock a user out for five minutes."""
    hours = services.settings.session_hours
    token, caller = await to_thread.run_sync(
        service.log_in,
        services.database,
        credentials.username,
        credentials.password,
        hours,
        limiter=services.log_ins,
    )
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(hours * 3600),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return NewSession(token=token, user=user_out(caller.user), expires_at=caller.expires_at)


@router.get("", responses=refusals(401))
def show_session(caller: CallerDep) -> SessionOut:
    """Who is logged in."""
    return session_out(caller)


@router.delete("", status_code=204, responses=refusals(401))
def log_out(caller: CallerDep, response: Response, services: ServicesDep) -> None:
    """Log out: the token opens nothing any more."""
    service.log_out(services.database, caller)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


@router.put("/preferences", responses=refusals(401))
def set_preferences(preferences: dict[str, Any], caller: CallerDep, services: ServicesDep) -> UserOut:
    """Keep the settings of the user's interface, up to 64 KiB of JSON."""
    if len(json.dumps(preferences)) > _MAX_PREFERENCES:
        raise Invalid("Preferences may take up to 64 KiB.")
    with services.database.write() as work:
        user = work.session.get_one(User, caller.user.id)
        user.preferences = preferences
        return user_out(user)
