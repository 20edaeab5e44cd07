"""Whether tokens still hold, asked of the database for everybody who asks at about the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.db.models import ApiKey, Institution, Login, User
from storage.db.session import Database, UnitOfWork
from viewer_api.auth.tokens import KEY_PREFIX, token_hash
from viewer_api.together import Together

_OF_NO_MATTER = frozenset({"last_active_at", "last_login_at", "last_used_at", "last_used_address"})
"""Columns that change without changing what somebody may do."""


@dataclass(frozen=True)
class Sight:
    """A token as the database knows it now: every column that says what it opens, and how far its clinic's results go."""

    stamp: tuple[Any, ...]
    institution_id: int
    result_seq: int
    expires_at: datetime | None
    is_machine: bool
    now: datetime


class Sights:
    """Looks up tokens, all together that were asked for while the look before was under way. Belongs to one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together: Together[str, Sight] = Together(self._read)

    async def look(self, token: str) -> Sight | None:
        """What holds at some moment after this call; None for a token that nobody has.

        None, too, when the database does not answer: the whole machinery says so, to each of them.
        """
        return await self._together.ask(token)

    def _read(self, tokens: Sequence[str]) -> dict[str, Sight]:
        with self._database.read() as work:
            keys = [token for token in tokens if token.startswith(KEY_PREFIX)]
            people = [token for token in tokens if not token.startswith(KEY_PREFIX)]
            return {
                **_found(work, _KEYS, keys, is_machine=True),
                **_found(work, _LOGINS, people, is_machine=False),
            }


def _query(table: type[Login] | type[ApiKey], secret: InstrumentedAttribute[str]) -> Select[Any]:
    stamp = [
        column.label(f"{one.__tablename__}_{column.name}")
        for one in (table, User)
        for column in one.__table__.columns
        if column.name not in _OF_NO_MATTER
    ]
    query = select(secret, table.expires_at, User.institution_id, Institution.result_seq, *stamp)
    query = query.join(User, User.id == table.user_id).join(Institution, Institution.id == User.institution_id)
    return query.where(secret.in_(bindparam("secrets", expanding=True)))


_LOGINS = _query(Login, Login.token_sha256)
_KEYS = _query(ApiKey, ApiKey.secret_sha256)


def _found(work: UnitOfWork, query: Select[Any], tokens: list[str], *, is_machine: bool) -> dict[str, Sight]:
    if not tokens:
        return {}
    by_hash = {token_hash(token): token for token in tokens}
    # On the connection: rows are wanted as they are, a thousand times a second.
    rows = work.session.connection().execute(query, {"secrets": list(by_hash)})
    return {by_hash[row[0]]: Sight(_stamp(row[4:]), row[2], row[3], row[1], is_machine, work.now) for row in rows}


def _stamp(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(repr(value) if isinstance(value, list | dict) else value for value in values)
