"""`/api/v1/account`: what everybody does with the own account."""

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from viewer_api.account import service
from viewer_api.account.schemas import (
    AccountOut,
    BothShown,
    CodeShown,
    Enrolled,
    EnrolmentOut,
    OpenSessions,
    PasswordChange,
    PasswordShown,
    RecoveryCodes,
)
from viewer_api.auth.cookies import drop_cookie, set_cookie
from viewer_api.dependencies import CallerDep, ServicesDep, VisitorDep
from viewer_api.openapi import refusals
from viewer_api.session.schemas import NewSession, new_session

router = APIRouter(prefix="/api/v1/account", tags=["account"])

_ASKED = refusals(401, 429)
SessionId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", responses=refusals(401))
def show_account(caller: CallerDep, services: ServicesDep) -> AccountOut:
    """The own account, and what the county's rules ask of it."""
    with services.database.read() as work:
        return service.show(work, caller)


@router.post("/password", status_code=201, responses=_ASKED)
async def change_password(
    asked: PasswordChange,
    caller: CallerDep,
    request: Request,
    response: Response,
    services: ServicesDep,
    visitor: VisitorDep,
) -> NewSession:
    """Take a new password. Every other session ends, and this one goes on under a new token."""
    change = partial(service.change_password, services.database, caller, asked.password, asked.new_password, visitor)
    token, renewed = await to_thread.run_sync(change, limiter=services.log_ins)
    set_cookie(response, request, token, services.settings.session_hours)
    return new_session(token, renewed)


@router.post("/second-factor", status_code=201, responses=_ASKED)
def begin_second_factor(
    asked: PasswordShown, caller: CallerDep, services: ServicesDep, visitor: VisitorDep
) -> EnrolmentOut:
    """A secret for the authenticator; it counts once a code of it was shown to `second-factor/confirm`."""
    return service.begin_second_factor(services.database, services.seals, caller, asked.password, visitor)


@router.post("/second-factor/confirm", status_code=201, responses=refusals(401))
def confirm_second_factor(
    asked: CodeShown, caller: CallerDep, request: Request, response: Response, services: ServicesDep
) -> Enrolled:
    """Show a code: the second factor counts from now on. Every other session ends; this one has a new token."""
    token, enrolled = service.confirm_second_factor(services.database, services.seals, caller, asked.code)
    set_cookie(response, request, token, services.settings.session_hours)
    return enrolled


@router.post("/second-factor/remove", status_code=201, responses=_ASKED)
def remove_second_factor(
    asked: BothShown,
    caller: CallerDep,
    request: Request,
    response: Response,
    services: ServicesDep,
    visitor: VisitorDep,
) -> NewSession:
    """Do without the second factor, or get ready for another telephone."""
    token, renewed = service.remove_second_factor(services.database, services.seals, caller, _shown(asked), visitor)
    set_cookie(response, request, token, services.settings.session_hours)
    return new_session(token, renewed)


@router.post("/recovery-codes", status_code=201, responses=_ASKED)
def renew_recovery_codes(
    asked: BothShown, caller: CallerDep, services: ServicesDep, visitor: VisitorDep
) -> RecoveryCodes:
    """Ten new recovery codes in place of those that there are."""
    codes = service.new_recovery_codes(services.database, services.seals, caller, _shown(asked), visitor)
    return RecoveryCodes(recovery_codes=codes)


@router.get("/sessions", responses=refusals(401))
def list_sessions(caller: CallerDep, services: ServicesDep) -> OpenSessions:
    """Where the caller is logged in."""
    with services.database.read() as work:
        return service.open_sessions(work, caller.user.id, caller.token_sha256)


@router.delete("/sessions", status_code=204, responses=refusals(401))
def end_all_sessions(caller: CallerDep, response: Response, services: ServicesDep) -> None:
    """Log out everywhere, here too."""
    service.end_all_sessions(services.database, caller)
    drop_cookie(response)


@router.delete("/sessions/{session_id}", status_code=204, responses=refusals(401, 404))
def end_session(session_id: SessionId, caller: CallerDep, services: ServicesDep) -> None:
    """End one of the caller's sessions."""
    service.end_session(services.database, caller, session_id)


def _shown(asked: BothShown) -> service.Shown:
    return service.Shown(asked.password, asked.code)
