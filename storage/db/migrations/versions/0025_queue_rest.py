"""Images that a retake replaces are rejected, and the note that tells it.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NOT_FILED = sa.text("filed_at IS NULL")


def _number(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable, server_default=sa.text(default) if default else None)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _reference(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_rejection_note_{column}_{other}"))


def upgrade() -> None:
    """Add the table, and to every object the note that rejects it."""
    op.add_column("instance", _number("rejection_id", nullable=True))
    op.create_table(
        "rejection_note",
        _number("id"),
        _number("retake_order_id"),
        _number("study_id"),
        _text("title"),
        _text("series_instance_uid"),
        _text("sop_instance_uid"),
        _number("attempts", default="0"),
        _time("next_try_at"),
        _time("filed_at", nullable=True),
        _text("error", default=""),
        _time("revoked_at", nullable=True),
        _number("institution_id"),
        _reference("retake_order_id", "retake_order"),
        _reference("study_id", "study"),
        _reference("institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejection_note")),
        sa.UniqueConstraint("retake_order_id", name=op.f("uq_rejection_note_retake_order_id")),
        sa.UniqueConstraint("sop_instance_uid", name=op.f("uq_rejection_note_sop_instance_uid")),
    )
    for column in ("institution_id", "study_id"):
        op.create_index(op.f(f"ix_rejection_note_{column}"), "rejection_note", [column])
    op.create_index(
        "ix_rejection_note_next_try_at",
        "rejection_note",
        ["next_try_at"],
        sqlite_where=_NOT_FILED,
        postgresql_where=_NOT_FILED,
    )
