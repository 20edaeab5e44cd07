"""An index for the shift that a reader has now: looked for at each of his asks, among all that are planned.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the duties by person and end."""
    op.create_index("ix_duty_span_user_id_ends_at", "duty_span", ["user_id", "ends_at"])
