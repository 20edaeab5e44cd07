"""Making, changing and helping accounts."""

import secrets
import string
from collections.abc import Sequence

from sqlalchemy import func, select

from reading_queue.access import ACCESS
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import ApiKey, Institution, Login, User
from storage.db.queries import logins, people
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Forbidden, InvalidField
from storage.domain.reading import InstitutionKind, Role
from viewer_api.auth import password_rules, second_factor
from viewer_api.auth.caller import Caller
from viewer_api.users.schemas import AccountChange, AccountLine, AccountList, InstitutionChoice, NewAccount

_RUNS_THE_CENTRE = frozenset({Role.MANAGER, Role.ADMIN})
_KINDS = {
    Role.CLINIC: {InstitutionKind.CLINIC},
    Role.CONSULTANT: {InstitutionKind.UPPER},
}
_LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
_GROUPS, _GROUP = 4, 4


def list_accounts(work: UnitOfWork, caller: Caller) -> AccountList:
    """Every account of a person; those that stand behind API keys are none."""
    keys = select(ApiKey.user_id)
    query = select(User).join(Institution).where(User.id.not_in(keys)).order_by(Institution.code, User.username)
    users = work.session.execute(query).unique().scalars().all()
    open_sessions = _open_sessions(work)
    choices = work.session.execute(select(Institution).order_by(Institution.code)).scalars()
    return AccountList(
        items=[_line(user, caller, open_sessions.get(user.id, 0)) for user in users],
        institutions=[
            InstitutionChoice(code=one.code, name=one.name, name_en=one.name_en, kind=InstitutionKind(one.kind))
            for one in choices
        ],
    )


def create(work: UnitOfWork, caller: Caller, asked: NewAccount) -> tuple[User, str]:
    """A new account, with the password for its first log-in. Raises `Conflict`, `Forbidden`, `InvalidField`."""
    _require_allowed(caller, asked.role)
    if work.session.execute(select(User.id).where(User.username == asked.username)).first():
        raise Conflict("There is an account of this name already.")
    institution = people.active_institution(work, asked.institution)
    _require_fitting(asked.role, institution)
    user = User(
        username=asked.username,
        display_name=asked.name,
        title=asked.title,
        role=asked.role,
        institution=institution,
        modalities=asked.modalities,
        password_hash="",
        preferences={},
    )
    work.session.add(user)
    work.session.flush()
    password = _first_password(work, user)
    _note(work, caller, user, "account_created", role=asked.role, institution=institution.code)
    return user, password


def change(work: UnitOfWork, caller: Caller, username: str, asked: AccountChange) -> User:
    """Change an account. Its sessions end when it may less or other than before."""
    user = _mine_to_change(work, caller, username)
    given = asked.model_dump(exclude_unset=True)
    role = Role(given.get("role") or user.role)
    _require_allowed(caller, role)
    if user.id == caller.user.id and (role != user.role or given.get("active") is False):
        raise Forbidden("Nobody takes away his own rights: let another administrator do it.")
    institution = people.active_institution(work, asked.institution) if asked.institution else user.institution
    _require_fitting(role, institution)
    moved = (role, institution.id) != (user.role, user.institution_id) or given.get("active") is False
    user.role, user.institution = role, institution
    _take_over(user, given)
    work.session.flush()
    if moved:
        logins.end_logins(work, user.id)
    _note(work, caller, user, "account_changed", changed=sorted(given))
    return user


def reset_password(work: UnitOfWork, caller: Caller, username: str) -> tuple[User, str]:
    """A password for the next log-in; every session ends, and so does a lock-out."""
    user = _mine_to_change(work, caller, username)
    password = _first_password(work, user)
    logins.forgive(work, user.id)
    logins.end_logins(work, user.id)
    _note(work, caller, user, "password_reset")
    return user, password


def reset_second_factor(work: UnitOfWork, caller: Caller, username: str) -> User:
    """For a lost telephone without recovery codes: the password alone counts until another is set up."""
    user = _mine_to_change(work, caller, username)
    second_factor.remove(work, user)
    logins.end_logins(work, user.id)
    _note(work, caller, user, "second_factor_reset")
    return user


def unlock(work: UnitOfWork, caller: Caller, username: str) -> User:
    """End a lock-out."""
    user = _mine_to_change(work, caller, username)
    logins.forgive(work, user.id)
    _note(work, caller, user, "account_unlocked")
    return user


def end_sessions(work: UnitOfWork, caller: Caller, username: str) -> User:
    """Log an account out everywhere."""
    user = _mine_to_change(work, caller, username)
    _note(work, caller, user, "sessions_ended", sessions=logins.end_logins(work, user.id))
    return user


def line_of(work: UnitOfWork, user: User, caller: Caller) -> AccountLine:
    """One account as a line of the list."""
    return _line(user, caller, len(logins.live_logins(work, user.id)))


def _first_password(work: UnitOfWork, user: User) -> str:
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    password_rules.set_password(work, user, password, in_force(work, ACCESS).content.passwords, by_other=True)
    return password


def _take_over(user: User, given: dict[str, object]) -> None:
    names = {"name": "display_name", "title": "title", "active": "active"}
    for field, column in names.items():
        if given.get(field) is not None:
            setattr(user, column, given[field])
    if "modalities" in given:
        user.modalities = given["modalities"]  # type: ignore[assignment]


def _mine_to_change(work: UnitOfWork, caller: Caller, username: str) -> User:
    user = people.user_by_name(work, username)
    _require_allowed(caller, Role(user.role))
    return user


def _require_allowed(caller: Caller, role: Role) -> None:
    if role in _RUNS_THE_CENTRE and caller.role != Role.ADMIN:
        raise Forbidden("Accounts of those who run the centre are the administrator's.")


def _require_fitting(role: Role, institution: Institution) -> None:
    kinds = _KINDS.get(role, {InstitutionKind.CENTRE})
    if institution.kind not in kinds:
        raise InvalidField("institution", f"must be a {' or '.join(kinds)} for this role.")


def _open_sessions(work: UnitOfWork) -> dict[int, int]:
    query = select(Login.user_id, func.count(Login.id)).where(Login.ended_at.is_(None), Login.expires_at > work.now)
    rows: Sequence[tuple[int, int]] = [(one[0], one[1]) for one in work.session.execute(query.group_by(Login.user_id))]
    return dict(rows)


def _line(user: User, caller: Caller, sessions: int) -> AccountLine:
    return AccountLine(
        username=user.username,
        name=user.display_name,
        title=user.title,
        role=Role(user.role),
        institution=user.institution.code,
        institution_name=user.institution.name,
        institution_name_en=user.institution.name_en,
        modalities=user.modalities,
        active=user.active,
        must_change_password=user.must_change_password,
        second_factor=user.totp_confirmed_at is not None,
        single_sign_on=user.oidc_subject is not None,
        last_login_at=user.last_login_at,
        locked_until=user.locked_until,
        sessions=sessions,
        may_change=caller.role == Role.ADMIN or Role(user.role) not in _RUNS_THE_CENTRE,
    )


def _note(work: UnitOfWork, caller: Caller, user: User, action: str, **detail: object) -> None:
    record(work.session, AuditEntry(work.now, caller.known_as, action, f"user:{user.id}", detail))
