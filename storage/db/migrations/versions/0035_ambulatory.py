"""Long ECG recordings: overview and beats.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "ambulatory"


def _reference(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{_TABLE}_{column}_{other}"))


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        _TABLE,
        *(sa.Column(name, _INTEGER, nullable=False) for name in ("id", "study_id", "instance_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("engine", "source_sha256", "object_key", "sha256")),
        sa.Column("size", _INTEGER, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        _reference("study_id", "study"),
        _reference("instance_id", "instance"),
        _reference("institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ambulatory")),
        sa.UniqueConstraint("instance_id", "engine", name=op.f("uq_ambulatory_instance_id_engine")),
    )
    op.create_index(op.f("ix_ambulatory_institution_id"), _TABLE, ["institution_id"])
    op.create_index(op.f("ix_ambulatory_study_id"), _TABLE, ["study_id"])
