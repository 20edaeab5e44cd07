"""What people upload in the browser.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of uploads and of their files."""
    op.create_table(
        "upload",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("device_id", _INTEGER, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_upload_user_id_app_user")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_upload_device_id_device")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_upload_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_key")),
    )
    op.create_index(op.f("ix_upload_institution_id"), "upload", ["institution_id"])
    op.create_table(
        "upload_entry",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("upload_id", _INTEGER, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("file", "name", "code", "detail", "sop_instance_uid", "study_instance_uid")
        ),
        sa.Column("size", _INTEGER, nullable=False),
        sa.Column("dataset_sha256", sa.String(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_upload_entry_upload_id_upload")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_upload_entry_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_entry")),
    )
    op.create_index("ix_upload_entry_upload_id_id", "upload_entry", ["upload_id", "id"])
    op.create_index(op.f("ix_upload_entry_institution_id"), "upload_entry", ["institution_id"])
