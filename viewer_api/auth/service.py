"""Log in, log out, and find out who a token belongs to."""

from dataclasses import dataclass
from datetime import timedelta

from reading_queue.access import ACCESS, AccessRules
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import User
from storage.db.queries import logins
from storage.db.queries.logins import Opening
from storage.db.session import Database, UnitOfWork
from storage.domain.accounts import Duty, LoginMethod
from storage.domain.errors import NotAuthenticated, SecondFactorNeeded
from storage.domain.reading import Role
from storage.sealing import Seals
from viewer_api.auth import second_factor
from viewer_api.auth.caller import Caller, Visitor, caller_of
from viewer_api.auth.passwords import verify_password
from viewer_api.auth.tokens import new_token, token_hash

__all__ = ["Caller", "Visitor", "authenticate", "log_in", "log_out", "still_logged_in"]

_REFUSED = (
    "The user name, the password or the code is wrong. After some wrong log-ins in a row a user is locked out, each time "
    "for longer."
)


@dataclass(frozen=True)
class Attempt:
    """What somebody gives to log in. `code` is of his authenticator, or a recovery code; empty when he gave none."""

    username: str
    password: str
    code: str = ""
    masked: bool = False


def log_in(database: Database, seals: Seals, attempt: Attempt, hours: float, visitor: Visitor) -> tuple[str, Caller]:
    """A token for a new session. Raises `NotAuthenticated`, alike and as slowly for every reason.

    Raises `SecondFactorNeeded` after the right password of an account that asks for a code, and `TooManyAttempts`.
    """
    user = _counted(database, attempt.username, visitor)
    if not verify_password(user.password_hash if user else None, attempt.password) or user is None:
        raise NotAuthenticated(_REFUSED)
    if user.totp_confirmed_at is not None and not attempt.code:
        raise SecondFactorNeeded("Give the code that your authenticator shows, or a recovery code.")
    with database.write() as work:
        method = _shown(work, seals, user.id, attempt.code)
        if method is None:
            raise NotAuthenticated(_REFUSED)
        return open_session(work, user.id, hours, visitor, method, masked=attempt.masked)


def require_password(database: Database, caller: Caller, password: str, visitor: Visitor) -> None:
    """Let the caller show that it is still he: counted like a log-in. Raises `NotAuthenticated`."""
    user = _counted(database, caller.user.username, visitor)
    if not verify_password(user.password_hash if user else None, password) or user is None:
        raise NotAuthenticated("The password is wrong.")
    with database.write() as work:
        logins.forgive(work, user.id, visitor.address)


def open_session(
    work: UnitOfWork, user_id: int, hours: float, visitor: Visitor, method: LoginMethod, *, masked: bool = False
) -> tuple[str, Caller]:
    """A session of a person who has shown who he is, with a token that nobody had before."""
    token, rules = new_token(), in_force(work, ACCESS).content
    user = work.session.get_one(User, user_id)
    opening = Opening(
        work.now + timedelta(hours=hours),
        rules.sessions.idle(Role(user.role)),
        visitor.address,
        visitor.agent,
        method,
        duty_of(user, rules, method),
        masked,
    )
    login = logins.open_login(work, user_id, token_hash(token), opening)
    work.session.flush()
    detail = {"method": method, "address": visitor.address, **({"masked": True} if masked else {})}
    record(work.session, AuditEntry(work.now, f"user:{user_id}", "login", f"user:{user_id}", detail))
    return token, caller_of(work, login)


def renew_session(work: UnitOfWork, caller: Caller, *, masked: bool = False) -> tuple[str, Caller]:
    """The same session under a new token, with what it may do worked out again; the old token ends."""
    token, old = new_token(), logins.live_login(work, caller.token_sha256)
    if old is None:
        raise NotAuthenticated("The session has ended: log in again.")
    logins.end_login(work, caller.token_sha256)
    method = LoginMethod(old.method)
    opening = Opening(
        old.expires_at,
        None if old.idle_seconds is None else timedelta(seconds=old.idle_seconds),
        old.address,
        old.agent,
        method,
        duty_of(old.user, in_force(work, ACCESS).content, method),
        old.masked or masked,
    )
    login = logins.open_login(work, old.user_id, token_hash(token), opening)
    work.session.flush()
    return token, caller_of(work, login)


def duty_of(user: User, rules: AccessRules, method: LoginMethod) -> Duty:
    """What this user has to do before anything opens. The identity provider asks for factors of its own."""
    if method == LoginMethod.OIDC:
        return Duty.NONE
    if user.must_change_password:
        return Duty.PASSWORD
    missing = user.totp_confirmed_at is None and Role(user.role) in rules.second_factor.roles
    return Duty.SECOND_FACTOR if missing else Duty.NONE


def authenticate(database: Database, token: str | None, idle: float | None = 0.0) -> Caller:
    """The caller with this token. `idle` is for how many seconds he has not touched anything; None when nobody knows.

    Raises `NotAuthenticated`.
    """
    if not token:
        raise NotAuthenticated("Log in first.")
    with database.read() as work:
        login = logins.live_login(work, token_hash(token))
        if login is None:
            raise NotAuthenticated("The session has ended: log in again.")
        caller = caller_of(work, login)
        active_at = None if idle is None or login.idle_seconds is None else work.now - timedelta(seconds=idle)
    if active_at is not None and logins.wants_touch(login, active_at):
        with database.write() as work:
            logins.touch(work, login.id, active_at)
    return caller


def log_out(database: Database, caller: Caller) -> None:
    """End the caller's session."""
    with database.write() as work:
        logins.end_login(work, caller.token_sha256)
        record(work.session, AuditEntry(work.now, f"user:{caller.user.id}", "logout", f"user:{caller.user.id}", {}))


def still_logged_in(database: Database, caller: Caller) -> bool:
    """Whether the caller's session is still open; for what stays open for long."""
    if caller.login_id is None:
        return True
    with database.read() as work:
        return logins.live_login(work, caller.token_sha256) is not None


def _counted(database: Database, username: str, visitor: Visitor) -> User | None:
    with database.write() as work:
        limits = in_force(work, ACCESS).content.lock_out.figures()
        logins.reserve_from_address(work, visitor.address, limits)
        user = logins.reserve_attempt(work, username, limits)
        subject = f"user:{user.id}" if user else "user:unknown"
        detail = {"address": visitor.address, "outcome": "counted" if user else "refused"}
        record(work.session, AuditEntry(work.now, subject, "login_attempt", subject, detail))
        return user


def _shown(work: UnitOfWork, seals: Seals, user_id: int, code: str) -> LoginMethod | None:
    user = work.session.get_one(User, user_id, with_for_update={"of": User})
    if user.totp_confirmed_at is None:
        return LoginMethod.PASSWORD
    return second_factor.accepted(work, seals, user, code)
