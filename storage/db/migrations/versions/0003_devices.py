"""What a device may do, and how it is reached: addresses, certificate, classes, quota, character sets. What unknown callers showed.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Widen the table of devices."""
    for column in (
        sa.Column("kind", sa.String(), nullable=False, server_default="dicom"),
        sa.Column("called_ae_title", sa.String(), nullable=False, server_default=""),
        sa.Column("networks", sa.JSON(), nullable=True),
        sa.Column("certificate_sha256", sa.String(), nullable=False, server_default=""),
        sa.Column("host", sa.String(), nullable=False, server_default=""),
        sa.Column("port", _INTEGER, nullable=True),
        sa.Column("sop_classes", sa.JSON(), nullable=True),
        sa.Column("unknown_sop_classes", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("charset_rule", sa.String(), nullable=False, server_default="undeclared"),
        sa.Column("worklist_charset", sa.String(), nullable=False, server_default=""),
        sa.Column("issuer", sa.String(), nullable=False, server_default=""),
        sa.Column("daily_objects", _INTEGER, nullable=True),
        sa.Column("daily_bytes", _INTEGER, nullable=True),
        sa.Column("may_query", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("ready_idle", sa.Double(), nullable=True),
        sa.Column("release_means_whole", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("secret_hash", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("device", column)
    for column in (
        sa.Column("sop_classes", sa.JSON(), nullable=True),
        sa.Column("certificate_sha256", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("unknown_caller", column)
    op.create_index("ix_association_device_id_started_at", "association", ["device_id", "started_at"])
