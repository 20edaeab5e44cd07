"""Log-ins: counted attempts, lock-outs, and sessions known by the hash of their token."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.db.models import Login, User
from storage.db.session import UnitOfWork

MAX_FAILED_LOGINS = 10
LOCK_OUT = timedelta(minutes=5)
_KEPT_AFTER_EXPIRY = timedelta(days=30)


def reserve_attempt(work: UnitOfWork, username: str) -> User | None:
    """Count an attempt before its password is checked, so that parallel guesses cannot outrun the lock-out.

    None when nobody has that name, or when he is locked out or retired.
    """
    query = select(User).where(User.username == username, User.active).with_for_update(of=User)
    user = work.session.execute(query).scalar_one_or_none()
    if user is None or (user.locked_until is not None and user.locked_until > work.now):
        return None
    user.locked_until = None
    user.failed_logins += 1
    if user.failed_logins >= MAX_FAILED_LOGINS:
        user.failed_logins, user.locked_until = 0, work.now + LOCK_OUT
    return user


def open_login(work: UnitOfWork, user_id: int, token_sha256: str, expires_at: datetime) -> Login:
    """Start a session after the right password, which also forgives the failed attempts before it."""
    user = work.session.get_one(User, user_id)
    user.failed_logins, user.locked_until = 0, None
    work.session.execute(
        delete(Login).where(Login.user_id == user_id, Login.expires_at < work.now - _KEPT_AFTER_EXPIRY)
    )
    login = Login(token_sha256=token_sha256, user=user, created_at=work.now, expires_at=expires_at)
    work.session.add(login)
    return login


def live_login(work: UnitOfWork, token_sha256: str) -> Login | None:
    """The session with this token, unless it has ended or expired, or its user is retired."""
    login = work.session.execute(select(Login).where(Login.token_sha256 == token_sha256)).scalar_one_or_none()
    if login is None or login.ended_at is not None or login.expires_at <= work.now or not login.user.active:
        return None
    return login


def end_login(work: UnitOfWork, token_sha256: str) -> None:
    """End a session; harmless when it has ended already."""
    work.session.execute(
        update(Login).where(Login.token_sha256 == token_sha256, Login.ended_at.is_(None)).values(ended_at=work.now)
    )
