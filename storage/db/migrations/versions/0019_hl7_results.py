"""Where results go as HL7 v2 messages.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of destinations: one for an institution at most."""
    op.create_table(
        "hl7_destination",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("port", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("application", "facility", "charset")),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("delivered_seq", _INTEGER, nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", _INTEGER, nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_hl7_destination_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hl7_destination")),
        sa.UniqueConstraint("institution_id", name=op.f("uq_hl7_destination_institution_id")),
    )
    op.create_index(op.f("ix_hl7_destination_institution_id"), "hl7_destination", ["institution_id"])
