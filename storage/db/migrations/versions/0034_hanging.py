"""Hanging protocols: how the images of an exam are laid out.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of readers' own layouts."""
    op.create_table(
        "own_hanging",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("modality", "body_part")),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_own_hanging_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_hanging")),
        sa.UniqueConstraint("user_id", "modality", "body_part", name=op.f("uq_own_hanging_user_id_modality_body_part")),
    )
