"""ECG recordings and their measurements.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_NUMBERS = ("hr", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms", "qtc_fridericia_ms", "qrs_axis_deg")


def upgrade() -> None:
    """Make the table of measurements: one row for each object and version of the engine."""
    op.create_table(
        "ecg_measurement",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("instance_id", _INTEGER, nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("refusal", sa.String(), server_default="", nullable=False),
        sa.Column("attempts", _INTEGER, server_default="0", nullable=False),
        sa.Column("tried_at", _TIME, nullable=False),
        sa.Column("measured_at", _TIME, nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in _NUMBERS),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_ecg_measurement_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_ecg_measurement_instance_id_instance")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_ecg_measurement_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecg_measurement")),
        sa.UniqueConstraint("instance_id", "engine", name=op.f("uq_ecg_measurement_instance_id_engine")),
    )
    op.create_index(op.f("ix_ecg_measurement_institution_id"), "ecg_measurement", ["institution_id"])
    op.create_index(op.f("ix_ecg_measurement_study_id"), "ecg_measurement", ["study_id"])
