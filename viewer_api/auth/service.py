"""Log in, log out, and find out who a token belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reading_queue.service import Actor, with_licences
from storage.audit import AuditEntry, record
from storage.db.models import Login, User
from storage.db.queries import logins
from storage.db.session import COUNTY, Database, Scope, UnitOfWork
from storage.domain.errors import NotAuthenticated
from storage.domain.reading import Role
from viewer_api.auth.passwords import verify_password
from viewer_api.auth.tokens import new_token, token_hash

_REFUSED = (
    f"The user name or the password is wrong. After {logins.MAX_FAILED_LOGINS} wrong passwords a user is locked out for "
    f"{logins.LOCK_OUT.seconds // 60} minutes."
)


@dataclass(frozen=True)
class Caller:
    """Who asks, what he may see (`scope`), and the session that he asks in."""

    user: User
    actor: Actor
    scope: Scope
    role: Role
    token_sha256: str
    expires_at: datetime


def log_in(database: Database, username: str, password: str, hours: float) -> tuple[str, Caller]:
    """A token for a new session. Raises `NotAuthenticated`, alike and as slowly for every reason."""
    with database.write() as work:
        user = logins.reserve_attempt(work, username)
        subject = f"user:{user.id}" if user else "user:unknown"
        record(work.session, AuditEntry(work.now, subject, "login_attempt", subject, {}))
    if not verify_password(user.password_hash if user else None, password) or user is None:
        raise NotAuthenticated(_REFUSED)
    token = new_token()
    with database.write() as work:
        login = logins.open_login(work, user.id, token_hash(token), work.now + timedelta(hours=hours))
        record(work.session, AuditEntry(work.now, f"user:{user.id}", "login", f"user:{user.id}", {}))
        return token, _caller(work, login)


def authenticate(database: Database, token: str | None) -> Caller:
    """The caller with this token. Raises `NotAuthenticated`."""
    if not token:
        raise NotAuthenticated("Log in first.")
    with database.read() as work:
        login = logins.live_login(work, token_hash(token))
        if login is None:
            raise NotAuthenticated("The session has ended: log in again.")
        return _caller(work, login)


def log_out(database: Database, caller: Caller) -> None:
    """End the caller's session."""
    with database.write() as work:
        logins.end_login(work, caller.token_sha256)
        record(work.session, AuditEntry(work.now, f"user:{caller.user.id}", "logout", f"user:{caller.user.id}", {}))


def _caller(work: UnitOfWork, login: Login) -> Caller:
    user = login.user
    role = Role(user.role)
    return Caller(
        user, with_licences(work, Actor.of(user)), _scope_of(user, role), role, login.token_sha256, login.expires_at
    )


def _scope_of(user: User, role: Role) -> Scope:
    return Scope(user.institution_id) if role in (Role.CLINIC, Role.CONSULTANT) else COUNTY


def still_logged_in(database: Database, caller: Caller) -> bool:
    """Whether the caller's session is still open; for what stays open for long."""
    with database.read() as work:
        return logins.live_login(work, caller.token_sha256) is not None
