"""Insert where nothing is yet: the one write that is safe when several processes bring the same thing at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.db.models import Base

_ROWS_PER_STATEMENT = 100
"""SQLite allows 32,766 bound values in a statement."""


def insert_missing(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *returning: InstrumentedAttribute[Any]
) -> list[Row[Any]]:
    """Insert `rows` in their order, pass over those that break a unique rule, and return `returning` of the new ones.

    Callers give rows in one stable order, so that two of them cannot wait for each other.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    inserted: list[Row[Any]] = []
    for start in range(0, len(rows), _ROWS_PER_STATEMENT):
        values = list(rows[start : start + _ROWS_PER_STATEMENT])
        statement = insert(model).values(values).on_conflict_do_nothing().returning(*returning)
        inserted += session.execute(statement).all()
    return inserted
