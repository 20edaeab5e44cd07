"""The signals that a study is whole.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_DUE_ONCE = sa.text("ready_check_at IS NOT NULL")


def upgrade() -> None:
    """Give studies a time to be looked at, and a place for what is said about them."""
    op.create_table(
        "readiness_signal",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("study_instance_uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("device_id", _INTEGER, nullable=True),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("expected", _INTEGER, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_readiness_signal_device_id_device")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_readiness_signal_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_signal")),
        sa.UniqueConstraint("digest", name=op.f("uq_readiness_signal_digest")),
    )
    op.create_index(
        "ix_readiness_signal_study_instance_uid", "readiness_signal", ["study_instance_uid", "institution_id"]
    )
    op.create_index(op.f("ix_readiness_signal_institution_id"), "readiness_signal", ["institution_id"])
    for column in (
        sa.Column("receiving_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_reason", sa.String(), nullable=False, server_default=""),
        sa.Column("ready_instance_id", _INTEGER, nullable=True),
        sa.Column("waiting_for", sa.String(), nullable=False, server_default=""),
        sa.Column("missing_count", _INTEGER, nullable=False, server_default="0"),
        sa.Column("expected_count", _INTEGER, nullable=True),
        sa.Column("stated_count", _INTEGER, nullable=True),
    ):
        op.add_column("study", column)
    op.add_column("series", sa.Column("stated_counts", sa.JSON(), nullable=True))
    op.add_column("association", sa.Column("released", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_study_ready_check_at",
        "study",
        ["ready_check_at"],
        sqlite_where=_IS_DUE_ONCE,
        postgresql_where=_IS_DUE_ONCE,
    )
    op.execute(
        "UPDATE study SET ready_check_at = last_received_at, receiving_since = last_received_at"
        " WHERE state = 'receiving'"
    )
    op.execute(
        "UPDATE study SET ready_instance_id = (SELECT max(id) FROM instance WHERE instance.study_id = study.id)"
        " WHERE state = 'ready'"
    )
