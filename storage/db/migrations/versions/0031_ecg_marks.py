"""Marks of ECGs that people moved.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "ecg_marks"
_REFERENCES = {
    "task_id": "reading_task",
    "study_id": "study",
    "instance_id": "instance",
    "measurement_id": "ecg_measurement",
    "made_by_id": "app_user",
    "institution_id": "institution",
}
_MARKS = ("p_on", "p_off", "qrs_on", "qrs_off", "t_off")
_VALUES = (
    "hr",
    "p_ms",
    "pr_ms",
    "qrs_ms",
    "qt_ms",
    "qtc_bazett_ms",
    "qtc_fridericia_ms",
    "qtc_framingham_ms",
    "qtc_hodges_ms",
)


def upgrade() -> None:
    """Make the table of kept marks: one row for each version of a task's marks on one recording."""
    op.create_table(
        _TABLE,
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, _INTEGER, nullable=False) for name in _REFERENCES),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, _INTEGER, nullable=True) for name in _MARKS),
        *(sa.Column(name, sa.Double(), nullable=True) for name in _VALUES),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{_TABLE}_{name}_{other}"))
            for name, other in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecg_marks")),
        sa.UniqueConstraint("task_id", "instance_id", "version", name=op.f("uq_ecg_marks_task_id_instance_id_version")),
    )
    op.create_index(op.f("ix_ecg_marks_institution_id"), _TABLE, ["institution_id"])
    op.create_index(op.f("ix_ecg_marks_study_id"), _TABLE, ["study_id"])
