"""Edge stations: they are devices, their reports are heartbeats, and parts of parcels are files, so that no table is needed.

Revision ID: 0008
Revises: 0007
"""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to add."""
