"""Log-ins: counted attempts, lock-outs, and sessions known by the hash of their token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from storage.db.models import AddressLock, Login, User
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.accounts import Duty, LockOut, LoginMethod
from storage.domain.errors import NotFound, TooManyAttempts

_KEPT_AFTER_EXPIRY = timedelta(days=30)
_ADDRESS_FORGETS = timedelta(hours=1)
_TOUCH_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Opening:
    """What a new session is like. `idle` is how long it may lie still, None for as long as it lives."""

    expires_at: datetime
    idle: timedelta | None = None
    address: str = ""
    agent: str = ""
    method: LoginMethod = LoginMethod.PASSWORD
    duty: Duty = Duty.NONE
    masked: bool = False


def reserve_attempt(work: UnitOfWork, username: str, limits: LockOut) -> User | None:
    """Count an attempt before its password is checked, so that parallel guesses cannot outrun the lock-out.

    None when nobody has that name, or when he is locked out or retired.
    """
    query = select(User).where(User.username == username, User.active).with_for_update(of=User)
    user = work.session.execute(query).scalar_one_or_none()
    if user is None or (user.locked_until is not None and user.locked_until > work.now):
        return None
    user.locked_until = None
    user.failed_logins += 1
    if user.failed_logins >= limits.account_tries:
        user.failed_logins, user.locked_until = 0, work.now + limits.after(user.lock_outs)
        user.lock_outs += 1
    return user


def reserve_from_address(work: UnitOfWork, address: str, limits: LockOut) -> None:
    """Count an attempt from this address. Raises `TooManyAttempts` while it is locked out."""
    row = {"address": address, "failed": 0, "lock_outs": 0, "locked_until": None, "updated_at": work.now}
    insert_missing(work.session, AddressLock, [row], AddressLock.address)
    lock = work.session.get_one(AddressLock, address, with_for_update=True)
    if lock.locked_until is not None and lock.locked_until > work.now:
        left = (lock.locked_until - work.now).total_seconds()
        raise TooManyAttempts("Too many wrong log-ins came from this address: wait, or ask the administrator.", left)
    if work.now - lock.updated_at > _ADDRESS_FORGETS + limits.after(lock.lock_outs):
        lock.failed, lock.lock_outs = 0, 0
    lock.failed, lock.updated_at, lock.locked_until = lock.failed + 1, work.now, None
    if lock.failed >= limits.address_tries:
        lock.failed, lock.locked_until = 0, work.now + limits.after(lock.lock_outs)
        lock.lock_outs += 1


def forgive(work: UnitOfWork, user_id: int, address: str = "") -> User:
    """Forget the failed attempts of a person who has shown who he is, and of his address this one alone."""
    user = work.session.get_one(User, user_id)
    user.failed_logins, user.locked_until, user.lock_outs = 0, None, 0
    work.session.execute(
        update(AddressLock)
        .where(AddressLock.address == address, AddressLock.failed > 0)
        .values(failed=AddressLock.failed - 1)
    )
    return user


def open_login(work: UnitOfWork, user_id: int, token_sha256: str, opening: Opening | datetime) -> Login:
    """Start a session of a person who has shown who he is; a mere time stands for a plain one that ends then."""
    if isinstance(opening, datetime):
        opening = Opening(opening)
    user = forgive(work, user_id, opening.address)
    work.session.execute(
        delete(Login).where(Login.user_id == user_id, Login.expires_at < work.now - _KEPT_AFTER_EXPIRY)
    )
    user.last_login_at = work.now
    login = Login(
        token_sha256=token_sha256,
        user=user,
        created_at=work.now,
        expires_at=opening.expires_at,
        last_active_at=work.now,
        idle_seconds=None if opening.idle is None else int(opening.idle.total_seconds()),
        address=opening.address,
        agent=opening.agent,
        method=opening.method,
        duty=opening.duty,
        masked=opening.masked,
    )
    work.session.add(login)
    return login


def live_login(work: UnitOfWork, token_sha256: str) -> Login | None:
    """The session with this token, unless it has ended, expired or lain still for too long, or its user is retired."""
    login = work.session.execute(select(Login).where(Login.token_sha256 == token_sha256)).scalar_one_or_none()
    return login if login is not None and _is_live(login, work.now) else None


def live_among(work: UnitOfWork, hashes: Sequence[str]) -> set[str]:
    """Of these tokens, which are given by their hashes, those of open sessions; in one look for any number of them."""
    columns = (Login.token_sha256, Login.created_at, Login.last_active_at, Login.idle_seconds)
    query = select(*columns).join(User, User.id == Login.user_id).where(Login.token_sha256.in_(hashes))
    query = query.where(Login.ended_at.is_(None), Login.expires_at > work.now, User.active)
    return {row.token_sha256 for row in work.session.execute(query) if not _is_idle(row, work.now)}


def _is_live(login: Login, now: datetime) -> bool:
    return login.ended_at is None and login.expires_at > now and not _is_idle(login, now) and login.user.active


def _is_idle(login: Login | Row[*tuple[Any, ...]], now: datetime) -> bool:
    if login.idle_seconds is None:
        return False
    return (login.last_active_at or login.created_at) + timedelta(seconds=login.idle_seconds) <= now


def wants_touch(login: Login, active_at: datetime) -> bool:
    """Whether it is worth a write that the session's owner was at work at `active_at`."""
    return login.last_active_at is None or active_at - login.last_active_at > _TOUCH_EVERY


def touch(work: UnitOfWork, login_id: int, active_at: datetime) -> None:
    """Note that the session's owner was at work at `active_at`."""
    work.session.execute(update(Login).where(Login.id == login_id).values(last_active_at=active_at))


def end_login(work: UnitOfWork, token_sha256: str) -> None:
    """End a session; harmless when it has ended already."""
    work.session.execute(
        update(Login).where(Login.token_sha256 == token_sha256, Login.ended_at.is_(None)).values(ended_at=work.now)
    )


def end_logins(work: UnitOfWork, user_id: int, *, but: str = "") -> int:
    """End every session of a user, except the one with the token of this hash; how many there were."""
    mine = Login.user_id == user_id, Login.ended_at.is_(None), Login.token_sha256 != but
    open_ones = [one.id for one in live_logins(work, user_id) if one.token_sha256 != but]
    work.session.execute(update(Login).where(*mine).values(ended_at=work.now))
    return len(open_ones)


def live_logins(work: UnitOfWork, user_id: int) -> Sequence[Login]:
    """The open sessions of a user, the latest first."""
    query = select(Login).where(Login.user_id == user_id, Login.ended_at.is_(None), Login.expires_at > work.now)
    found = work.session.execute(query.order_by(Login.id.desc())).scalars()
    return [login for login in found if _is_live(login, work.now)]


def end_one(work: UnitOfWork, user_id: int, login_id: int) -> None:
    """End one session of this user. Raises `NotFound`."""
    login = work.session.get(Login, login_id)
    if login is None or login.user_id != user_id or not _is_live(login, work.now):
        raise NotFound("There is no such session.")
    login.ended_at = work.now
