"""What a person does with the own account."""

from dataclasses import dataclass

from reading_queue.access import ACCESS
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import Login, User
from storage.db.queries import logins
from storage.db.session import Database, UnitOfWork
from storage.domain.accounts import LoginMethod
from storage.domain.errors import NotAuthenticated
from storage.sealing import Seals
from viewer_api.account.schemas import AccountOut, Enrolled, EnrolmentOut, OpenSession, OpenSessions
from viewer_api.auth import password_rules, second_factor
from viewer_api.auth.caller import Caller, Visitor
from viewer_api.auth.service import renew_session, require_password
from viewer_api.session.schemas import new_session, user_out


@dataclass(frozen=True)
class Shown:
    """By what somebody shows that it is still he."""

    password: str
    code: str


def show(work: UnitOfWork, caller: Caller) -> AccountOut:
    """The account, and what the county's rules ask of it."""
    user, rules = work.session.get_one(User, caller.user.id), in_force(work, ACCESS).content
    login = work.session.get_one(Login, caller.login_id)
    return AccountOut(
        user=user_out(user),
        method=LoginMethod(login.method),
        second_factor=user.totp_confirmed_at is not None,
        second_factor_required=caller.role in rules.second_factor.roles,
        recovery_codes_left=second_factor.recovery_codes_left(work, user.id),
        password_set_at=user.password_set_at,
        min_length=rules.passwords.min_length,
    )


def change_password(
    database: Database, caller: Caller, password: str, new_password: str, visitor: Visitor
) -> tuple[str, Caller]:
    """Take a new password: every other session ends, this one goes on under a new token."""
    require_password(database, caller, password, visitor)
    with database.write() as work:
        user = work.session.get_one(User, caller.user.id)
        password_rules.set_password(work, user, new_password, in_force(work, ACCESS).content.passwords)
        logins.end_logins(work, user.id, but=caller.token_sha256)
        _note(work, caller, "password_changed")
        return renew_session(work, caller)


def begin_second_factor(
    database: Database, seals: Seals, caller: Caller, password: str, visitor: Visitor
) -> EnrolmentOut:
    """A new secret for the authenticator."""
    require_password(database, caller, password, visitor)
    with database.write() as work:
        enrolment = second_factor.begin(work, seals, caller.user.id)
        _note(work, caller, "second_factor_begun")
    return EnrolmentOut(secret=enrolment.secret, uri=enrolment.uri, svg=enrolment.svg)


def confirm_second_factor(database: Database, seals: Seals, caller: Caller, code: str) -> tuple[str, Enrolled]:
    """Let the second factor count; every other session ends."""
    with database.write() as work:
        codes = second_factor.confirm(work, seals, caller.user.id, code)
        logins.end_logins(work, caller.user.id, but=caller.token_sha256)
        _note(work, caller, "second_factor_set")
        token, renewed = renew_session(work, caller)
        return token, Enrolled(recovery_codes=codes, session=new_session(token, renewed))


def remove_second_factor(
    database: Database, seals: Seals, caller: Caller, shown: Shown, visitor: Visitor
) -> tuple[str, Caller]:
    """Do without it from now on; where the role must have one, setting up another is the next duty."""
    require_password(database, caller, shown.password, visitor)
    with database.write() as work:
        user = work.session.get_one(User, caller.user.id, with_for_update={"of": User})
        _require_code(work, seals, user, shown.code)
        second_factor.remove(work, user)
        _note(work, caller, "second_factor_removed")
        return renew_session(work, caller)


def new_recovery_codes(database: Database, seals: Seals, caller: Caller, shown: Shown, visitor: Visitor) -> list[str]:
    """Ten new ones; those of before open nothing any more."""
    require_password(database, caller, shown.password, visitor)
    with database.write() as work:
        user = work.session.get_one(User, caller.user.id, with_for_update={"of": User})
        _require_code(work, seals, user, shown.code)
        _note(work, caller, "recovery_codes_renewed")
        return second_factor.new_recovery_codes(work, user.id)


def open_sessions(work: UnitOfWork, user_id: int, token_sha256: str = "") -> OpenSessions:
    """The live sessions of a user."""
    return OpenSessions(items=[_open_session(one, token_sha256) for one in logins.live_logins(work, user_id)])


def end_session(database: Database, caller: Caller, login_id: int) -> None:
    """End one of the caller's sessions. Raises `NotFound`."""
    with database.write() as work:
        logins.end_one(work, caller.user.id, login_id)
        _note(work, caller, "session_ended", login=login_id)


def end_all_sessions(database: Database, caller: Caller) -> None:
    """Log out everywhere."""
    with database.write() as work:
        _note(work, caller, "logout_everywhere", sessions=logins.end_logins(work, caller.user.id))


def _open_session(login: Login, token_sha256: str) -> OpenSession:
    return OpenSession(
        id=login.id,
        created_at=login.created_at,
        last_active_at=login.last_active_at,
        expires_at=login.expires_at,
        address=login.address,
        agent=login.agent,
        method=LoginMethod(login.method),
        masked=login.masked,
        current=login.token_sha256 == token_sha256,
    )


def _require_code(work: UnitOfWork, seals: Seals, user: User, code: str) -> None:
    if user.totp_confirmed_at is None or second_factor.accepted(work, seals, user, code) is None:
        raise NotAuthenticated("The code is wrong.")


def _note(work: UnitOfWork, caller: Caller, action: str, **detail: int) -> None:
    record(work.session, AuditEntry(work.now, caller.known_as, action, caller.known_as, dict(detail)))
