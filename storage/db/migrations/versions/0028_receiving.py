"""A data set's digest says what kind it is.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_OLD, _NEW = "dataset_sha256", "dataset_digest"


def upgrade() -> None:
    """Rename the column; digests of earlier versions are marked as what they are."""
    for table in ("instance", "quarantine", "upload_entry"):
        op.alter_column(table, _OLD, new_column_name=_NEW)
        rows = sa.table(table, sa.column(_NEW, sa.String()))
        op.execute(sa.update(rows).where(rows.c[_NEW] != "").values({_NEW: sa.literal("sha256:") + rows.c[_NEW]}))
