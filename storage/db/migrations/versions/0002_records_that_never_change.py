"""Records that never change: the database itself refuses to alter a signed version, an event or an audit link.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("report_version", "task_event", "audit_event", "result", "receipt")
_GENESIS = "0" * 64


def upgrade() -> None:
    """Guard the append-only tables, and start the audit chain."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in _APPEND_ONLY:
        _guard(table)
    op.execute(sa.text("INSERT INTO audit_head (id, seq, sha256) VALUES (1, 0, :genesis)").bindparams(genesis=_GENESIS))


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    """Signed records stay guarded: going back would open them."""
    message = "This migration protects signed records and cannot be undone."
    raise RuntimeError(message)
