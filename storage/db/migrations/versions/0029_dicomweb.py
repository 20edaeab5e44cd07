"""Searching studies over the web by date within a clinic, by modality and by the beginning of a patient's number.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_PREFIX = "text_pattern_ops"


def upgrade() -> None:
    """Indexes for QIDO-RS (PS3.18 10.6)."""
    op.create_index("ix_study_institution_id_study_date", "study", ["institution_id", "study_date", "id"])
    op.create_index("ix_series_modality_study_id", "series", ["modality", "study_id"])
    op.create_index("ix_patient_patient_id", "patient", ["patient_id"], postgresql_ops={"patient_id": _PREFIX})
