"""Anchors and search of the audit trail.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ARCHIVED = "OLD.seq <= (SELECT COALESCE(MAX(last_seq), 0) FROM audit_archive)"


def upgrade() -> None:
    """Make the table of archived parts; links may leave the chain's table only when they are in one."""
    op.create_table(
        "audit_archive",
        *(sa.Column(name, _INTEGER, nullable=False) for name in ("last_seq", "first_seq")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("last_sha256", "file", "file_sha256")),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("last_seq", name=op.f("pk_audit_archive")),
    )
    for column in ("actor", "action"):
        op.create_index(op.f(f"ix_audit_event_{column}"), "audit_event", [column])
    if op.get_bind().dialect.name == "postgresql":
        _let_archived_go_postgresql()
    else:
        _let_archived_go_sqlite()


def _let_archived_go_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_unarchived() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' AND {_ARCHIVED} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute("DROP TRIGGER audit_event_append_only ON audit_event")
    op.execute(
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unarchived()"
    )
    op.execute(
        "CREATE TRIGGER audit_archive_append_only BEFORE UPDATE OR DELETE ON audit_archive "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _let_archived_go_sqlite() -> None:
    op.execute("DROP TRIGGER audit_event_no_delete")
    op.execute(
        f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event WHEN NOT ({_ARCHIVED}) "
        "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_archive_no_{verb.lower()} BEFORE {verb} ON audit_archive "
            "BEGIN SELECT RAISE(ABORT, 'audit_archive is append-only'); END"
        )
