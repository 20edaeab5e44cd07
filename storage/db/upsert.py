"""Insert where nothing is yet: the one write that is safe when several processes bring the same thing at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.db.models import Base


def insert_missing(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *returning: InstrumentedAttribute[Any]
) -> list[Row[Any]]:
    """Insert `rows` in their order, pass over those that break a unique rule, and return `returning` of the new ones.

    Callers give rows in one stable order, so that two of them cannot wait for each other.
    """
    if not rows:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(model.__table__).on_conflict_do_nothing().returning(*returning)  # type: ignore[arg-type]
    return list(session.execute(statement, list(rows)).all())
