"""What a new password must be like, and taking it."""

from sqlalchemy import delete, select

from reading_queue.access import PasswordRules
from storage.db.models import PastPassword, User
from storage.db.session import UnitOfWork
from storage.domain.errors import InvalidField
from viewer_api.auth.passwords import hash_password, verify_password

_FIELD = "new_password"
_FEW = 5
"""So few different characters are no password, however long the row of them is."""


def require_good(password: str, user: User, rules: PasswordRules) -> None:
    """Raise `InvalidField` unless the password keeps to the county's rules; those about former ones are `set_password`'s."""
    if len(password) < rules.min_length:
        raise InvalidField(_FIELD, f"needs at least {rules.min_length} characters.")
    plain = password.casefold()
    if any(name in plain for name in _names(user)):
        raise InvalidField(_FIELD, "must not contain your name or user name.")
    if len(set(plain)) < _FEW or _is_common(plain):
        raise InvalidField(_FIELD, "is one of those that everybody tries first; choose another.")


def set_password(work: UnitOfWork, user: User, password: str, rules: PasswordRules, *, by_other: bool = False) -> None:
    """Give a user a new password. `by_other`: he has to change it when he first logs in. Raises `InvalidField`."""
    require_good(password, user, rules)
    _require_new(work, user, password, rules)
    if user.password_hash:
        since = user.password_set_at or work.now
        work.session.add(PastPassword(user_id=user.id, password_hash=user.password_hash, set_at=since))
        work.session.flush()
        _forget_older(work, user, rules.remembered)
    user.password_hash, user.password_set_at = hash_password(password), work.now
    user.must_change_password = by_other


def _require_new(work: UnitOfWork, user: User, password: str, rules: PasswordRules) -> None:
    query = select(PastPassword.password_hash).where(PastPassword.user_id == user.id).order_by(PastPassword.id.desc())
    former = [user.password_hash, *work.session.execute(query.limit(rules.remembered)).scalars()]
    if any(verify_password(stored, password) for stored in former[: rules.remembered + 1] if stored):
        raise InvalidField(_FIELD, "was yours before; choose another.")


def _forget_older(work: UnitOfWork, user: User, kept: int) -> None:
    query = select(PastPassword.id).where(PastPassword.user_id == user.id).order_by(PastPassword.id.desc()).offset(kept)
    work.session.execute(delete(PastPassword).where(PastPassword.id.in_(work.session.execute(query).scalars().all())))


def _names(user: User) -> set[str]:
    return {name for name in (user.username.casefold(), user.display_name.casefold()) if len(name) > 1}


def _is_common(plain: str) -> bool:
    # 30,000 words that few requests need.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    common = FREQUENCY_LISTS["passwords"]
    return plain in common or plain.rstrip("0123456789!.@#") in common or plain[: len(plain) // 2] * 2 == plain
