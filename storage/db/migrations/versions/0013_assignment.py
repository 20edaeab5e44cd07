"""Who gets which case.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ZERO = sa.text("0.0")
_TASKS = "reading_task"

_PARTIAL = (
    ("ix_reading_task_goes_first", _TASKS, ["state", "ready_at"], "goes_first"),
    ("ix_reading_task_reader_id", _TASKS, ["reader_id"], "reader_id IS NOT NULL"),
    ("ix_reading_task_kept_for", _TASKS, ["preferred_reader_id"], "state IN ('assigned', 'info_wait')"),
    ("ix_reading_task_rework_of", _TASKS, ["author_id"], "state = 'rework'"),
    ("ix_task_event_given_back", "task_event", ["actor_id", "at"], "action = 'release'"),
)


def upgrade() -> None:
    """Make the table of each reader's work, and the indices by which the next case is found."""
    op.create_table(
        "reader_work",
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cases", _INTEGER, server_default=sa.text("0"), nullable=False),
        sa.Column("read_rvu", sa.Double(), server_default=_ZERO, nullable=False),
        sa.Column("audit_rvu", sa.Double(), server_default=_ZERO, nullable=False),
        sa.Column("carried_rvu", sa.Double(), server_default=_ZERO, nullable=False),
        sa.Column("share", sa.Double(), server_default=sa.text("1.0"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_patient_id", _INTEGER, nullable=True),
        sa.Column("last_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_reader_work_user_id_app_user")),
        sa.ForeignKeyConstraint(
            ["last_patient_id"], ["patient.id"], name=op.f("fk_reader_work_last_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_reader_work")),
    )
    op.create_index(op.f("ix_reader_work_day"), "reader_work", ["day"])
    op.create_index("ix_reading_task_queue", _TASKS, ["state", "priority", "due_at", "id"])
    op.create_index("ix_reading_task_queue_of_modality", _TASKS, ["state", "modality", "priority", "due_at", "id"])
    op.create_index("ix_reading_task_queue_of_institution", _TASKS, ["institution_id", "state", "due_at", "id"])
    for name, table, columns, where in _PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
