"""`/api/v1/admin/users`."""

from typing import Annotated

from fastapi import APIRouter, Path

from storage.db.queries import people
from viewer_api.account.schemas import OpenSessions
from viewer_api.account.service import open_sessions
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.users import service
from viewer_api.users.schemas import AccountChange, AccountLine, AccountList, FirstPassword, NewAccount

router = APIRouter(prefix="/api/v1/admin/users", tags=["accounts"])

Known = Annotated[str, Path(min_length=1, max_length=64, examples=["li.doctor"])]
_CHANGING = refusals(401, 403, 404)


@router.get("", responses=refusals(401, 403))
def list_accounts(caller: CallerDep, services: ServicesDep) -> AccountList:
    """Every account, with its last log-in."""
    with services.database.read() as work:
        return service.list_accounts(work, caller)


@router.post("", status_code=201, responses=refusals(401, 403, 404, 409))
def create_account(asked: NewAccount, caller: CallerDep, services: ServicesDep) -> FirstPassword:
    """Make an account. The password is shown once and must be changed at the first log-in."""
    with services.database.write() as work:
        user, password = service.create(work, caller, asked)
        return FirstPassword(user=service.line_of(work, user, caller), password=password)


@router.patch("/{username}", responses=_CHANGING)
def change_account(username: Known, asked: AccountChange, caller: CallerDep, services: ServicesDep) -> AccountLine:
    """Change what is given; another role or institution, or switching it off, ends its sessions."""
    with services.database.write() as work:
        return service.line_of(work, service.change(work, caller, username, asked), caller)


@router.post("/{username}/reset-password", status_code=201, responses=_CHANGING)
def reset_password(username: Known, caller: CallerDep, services: ServicesDep) -> FirstPassword:
    """A password for the next log-in, which asks for another at once."""
    with services.database.write() as work:
        user, password = service.reset_password(work, caller, username)
        return FirstPassword(user=service.line_of(work, user, caller), password=password)


@router.post("/{username}/reset-second-factor", responses=_CHANGING)
def reset_second_factor(username: Known, caller: CallerDep, services: ServicesDep) -> AccountLine:
    """For a lost telephone without recovery codes. Make sure who asks."""
    with services.database.write() as work:
        return service.line_of(work, service.reset_second_factor(work, caller, username), caller)


@router.post("/{username}/unlock", responses=_CHANGING)
def unlock_account(username: Known, caller: CallerDep, services: ServicesDep) -> AccountLine:
    """End a lock-out."""
    with services.database.write() as work:
        return service.line_of(work, service.unlock(work, caller, username), caller)


@router.get("/{username}/sessions", responses=_CHANGING)
def list_sessions_of(username: Known, caller: CallerDep, services: ServicesDep) -> OpenSessions:
    """Where somebody is logged in."""
    with services.database.read() as work:
        return open_sessions(work, people.user_by_name(work, username).id, caller.token_sha256)


@router.post("/{username}/end-sessions", responses=_CHANGING)
def end_sessions(username: Known, caller: CallerDep, services: ServicesDep) -> AccountLine:
    """Log somebody out everywhere."""
    with services.database.write() as work:
        return service.line_of(work, service.end_sessions(work, caller, username), caller)
