"""What a person set for himself."""

from typing import Any

from sqlalchemy import func, select

from storage.db.models import Preference
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, Invalid

MOST_PREFERENCES = 100
"""Of one person."""


def preferences_of(work: UnitOfWork, user_id: int) -> list[Preference]:
    """All of them, by name."""
    asked = select(Preference).where(Preference.user_id == user_id).order_by(Preference.name)
    return list(work.session.execute(asked).scalars())


def set_preference(work: UnitOfWork, user_id: int, name: str, value: object, after: int | None) -> Preference:
    """Keep `value`. With `after`, the version that it follows; raises `Conflict` when another was kept since."""
    found = work.session.get(Preference, (user_id, name), with_for_update=True)
    if after is not None and after != (found.version if found else 0):
        message = "This was set elsewhere in the meantime."
        raise Conflict(message)
    if found is None:
        return _first(work, user_id, name, value)
    found.value, found.version, found.changed_at = value, found.version + 1, work.now
    return found


def _first(work: UnitOfWork, user_id: int, name: str, value: Any) -> Preference:
    count = select(func.count()).select_from(Preference).where(Preference.user_id == user_id)
    if work.session.execute(count).scalar_one() >= MOST_PREFERENCES:
        message = f"A person may keep up to {MOST_PREFERENCES} preferences."
        raise Invalid(message)
    made = Preference(user_id=user_id, name=name, value=value, version=1, changed_at=work.now)
    work.session.add(made)
    work.session.flush()
    return made
