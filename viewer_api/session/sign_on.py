"""`/api/v1/session/sign-on`: the way to the county's identity provider and back.

The provider sends the browser back to `answer`, which puts a ticket behind the # of the application's address; the
application exchanges it for a session. So no token is in any URL that a server sees.
"""

import secrets
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field
from sqlalchemy import delete, select

from storage.audit import AuditEntry, record
from storage.db.models import Institution, SignOn, User
from storage.db.session import UnitOfWork
from storage.domain.accounts import LoginMethod
from storage.domain.errors import NotFound, SignOnFailed
from storage.domain.reading import Role
from storage.settings import Settings
from viewer_api.auth.caller import Caller, Visitor
from viewer_api.auth.cookies import set_cookie
from viewer_api.auth.oidc import Identity
from viewer_api.auth.service import open_session
from viewer_api.auth.tokens import new_token, token_hash
from viewer_api.dependencies import ServicesDep, VisitorDep
from viewer_api.openapi import Responses, refusals
from viewer_api.schemas import RequestSchema, Schema
from viewer_api.services import Services
from viewer_api.session.schemas import NewSession, new_session

router = APIRouter(prefix="/api/v1/session", tags=["session"])

_COOKIE = "countyread_sign_on"
_PATH = "/api/v1/session/sign-on/answer"
_WITHIN = timedelta(minutes=10)
_TICKET = timedelta(minutes=1)
_LATE = "The log-in took too long, or began in another browser; begin again."
_REDIRECT: Responses = {302: {"description": "Onwards."}, **refusals(401, 404)}
Text = Annotated[str, Query(max_length=2048)]


class Methods(Schema):
    """How people log in here."""

    password: bool = True
    single_sign_on: bool


class Ticket(RequestSchema):
    """What stood behind the # of the address."""

    ticket: Annotated[
        str, Field(min_length=1, max_length=100, examples=["DUiNBRvUvVRmBi0Wz0kiBA4nZbZpTuNAbMjJgUXV1g0"])
    ]


@router.get("/methods")
def list_methods(services: ServicesDep) -> Methods:
    """Whether the county has an identity provider."""
    return Methods(single_sign_on=services.sign_on.is_on)


@router.get("/sign-on", status_code=302, response_class=RedirectResponse, responses=_REDIRECT)
def begin(
    request: Request, services: ServicesDep, back: Annotated[str, Query(max_length=200)] = ""
) -> RedirectResponse:
    """Send the browser to the county's identity provider. `back` is the page to come back to, beginning with #/."""
    _require_on(services)
    state, nonce, verifier, browser = (new_token() for _ in range(4))
    address = services.sign_on.address(
        state=state, nonce=nonce, verifier=verifier, redirect_uri=_redirect_uri(services, request)
    )
    with services.database.write() as work:
        work.session.execute(delete(SignOn).where(SignOn.expires_at < work.now - _WITHIN))
        row = SignOn(
            state_sha256=token_hash(state),
            browser_sha256=token_hash(browser),
            nonce=nonce,
            verifier=verifier,
            back=back if back.startswith("#/") else "",
            expires_at=work.now + _WITHIN,
        )
        work.session.add(row)
    answer = RedirectResponse(address, 302)
    # Lax: the provider's page leads back here, which Strict would not count as ours.
    secure = request.url.scheme == "https"
    lifetime = int(_WITHIN.total_seconds())
    answer.set_cookie(_COOKIE, browser, max_age=lifetime, path=_PATH, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/sign-on/answer", status_code=302, response_class=RedirectResponse, responses=_REDIRECT)
def answered(
    request: Request, services: ServicesDep, state: Text = "", code: Text = "", error: Text = ""
) -> RedirectResponse:
    """Where the identity provider sends the browser back to."""
    _require_on(services)
    with services.database.write() as work:
        flow = _taken(work, state, request.cookies.get(_COOKIE, ""))
        now = work.now
    if flow is None or error or not code:
        return _home("sign_on=failed")
    try:
        uri = _redirect_uri(services, request)
        who = services.sign_on.identify(code=code, nonce=flow.nonce, verifier=flow.verifier, redirect_uri=uri, now=now)
        with services.database.write() as work:
            ticket = _ticket(work, flow.id, user_of(work, services.settings, who))
    except SignOnFailed:
        return _home("sign_on=failed")
    return _home(f"ticket={ticket}&back={quote(flow.back)}")


@router.post("/sign-on", status_code=201, responses=refusals(401))
def finish(
    shown: Ticket, request: Request, response: Response, services: ServicesDep, visitor: VisitorDep
) -> NewSession:
    """Exchange the ticket for a session, once and within a minute."""
    with services.database.write() as work:
        token, caller = _session(work, services, shown.ticket, visitor)
    set_cookie(response, request, token, services.settings.session_hours)
    return new_session(token, caller)


def user_of(work: UnitOfWork, settings: Settings, who: Identity) -> User:
    """The account of that person: known by the provider's subject, else by user name, else made as the claims say.

    Raises `SignOnFailed` for somebody who has no account and no claims that would give him one, or a retired one.
    """
    user = work.session.execute(select(User).where(User.oidc_subject == who.subject)).unique().scalar_one_or_none()
    if user is None:
        by_name = select(User).where(User.username == who.username, User.oidc_subject.is_(None))
        user = work.session.execute(by_name).unique().scalar_one_or_none() or _made(work, settings, who)
        user.oidc_subject = who.subject
        work.session.flush()
        detail = {"username": user.username}
        record(work.session, AuditEntry(work.now, "sign-on", "account_linked", f"user:{user.id}", detail))
    role = role_of(settings, who)
    if not user.active:
        raise SignOnFailed("The account has been switched off.")
    if role is not None and role != user.role:
        user.role = role
        record(work.session, AuditEntry(work.now, "sign-on", "role_from_claims", f"user:{user.id}", {"role": role}))
    return user


def role_of(settings: Settings, who: Identity) -> Role | None:
    """The role that the claims give: the first line of the setting that is among the person's groups."""
    if not settings.oidc_role_claim:
        return None
    said = who.claims.get(settings.oidc_role_claim)
    groups = {said} if isinstance(said, str) else set(said or ())
    for pair in settings.oidc_roles.split(","):
        group, _, role = pair.strip().partition("=")
        if group in groups:
            return Role(role)
    return None


def _made(work: UnitOfWork, settings: Settings, who: Identity) -> User:
    role, code = role_of(settings, who), who.claims.get(settings.oidc_institution_claim or "")
    place = work.session.execute(select(Institution).where(Institution.code == str(code or ""))).scalar_one_or_none()
    if role is None or place is None or _taken_name(work, who.username):
        raise SignOnFailed("There is no account for this person.")
    user = User(
        username=who.username, display_name=who.name, role=role, institution=place, password_hash="", preferences={}
    )
    work.session.add(user)
    work.session.flush()
    return user


def _taken_name(work: UnitOfWork, username: str) -> bool:
    return work.session.execute(select(User.id).where(User.username == username)).first() is not None


def _taken(work: UnitOfWork, state: str, browser: str) -> SignOn | None:
    """The log-in under way that this answer belongs to, used up by it."""
    query = select(SignOn).where(SignOn.state_sha256 == token_hash(state), SignOn.expires_at > work.now)
    flow = work.session.execute(query.with_for_update()).scalar_one_or_none()
    if flow is None or flow.answered_at is not None:
        return None
    flow.answered_at = work.now
    return flow if secrets.compare_digest(flow.browser_sha256, token_hash(browser)) else None


def _ticket(work: UnitOfWork, flow_id: int, user: User) -> str:
    ticket, flow = new_token(), work.session.get_one(SignOn, flow_id)
    flow.ticket_sha256, flow.user_id, flow.expires_at = token_hash(ticket), user.id, work.now + _TICKET
    return ticket


def _session(work: UnitOfWork, services: Services, ticket: str, visitor: Visitor) -> tuple[str, Caller]:
    query = select(SignOn).where(SignOn.ticket_sha256 == token_hash(ticket), SignOn.expires_at > work.now)
    flow = work.session.execute(query.with_for_update()).scalar_one_or_none()
    if flow is None or flow.user_id is None:
        raise SignOnFailed(_LATE)
    user_id = flow.user_id
    work.session.delete(flow)
    return open_session(work, user_id, services.settings.session_hours, visitor, LoginMethod.OIDC)


def _require_on(services: Services) -> None:
    if not services.sign_on.is_on:
        raise NotFound("The county has no identity provider.")


def _redirect_uri(services: Services, request: Request) -> str:
    base = services.settings.public_url or str(request.base_url).rstrip("/")
    return f"{base}{_PATH}"


def _home(query: str) -> RedirectResponse:
    return RedirectResponse(f"/#/login?{query}", 302)
