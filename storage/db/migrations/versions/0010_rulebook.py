"""The county's rules as data, edition by edition.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of editions."""
    op.create_table(
        "rule_edition",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_by_id", _INTEGER, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["app_user.id"], name=op.f("fk_rule_edition_published_by_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_edition")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_rule_edition_kind_version")),
    )
