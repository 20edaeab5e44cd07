"""Runs migrations on the connection that `storage.db.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from storage.db.models import Base
from storage.db.models.base import UtcDateTime


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_item=_render, compare_type=False)
with context.begin_transaction():
    context.run_migrations()
