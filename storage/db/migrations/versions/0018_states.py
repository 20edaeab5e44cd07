"""Consultation, preliminary reports, studies that contradict their order, and whose words a draft is.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN_STEP = "uq_reading_task_open_study_step"
_IS_OPEN = sa.text("state NOT IN ('signed', 'delivered', 'closed', 'read', 'cancelled', 'declined')")


def _key(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Add the columns and tables; a task that is closed, or an independent reading handed over, is open no more."""
    op.add_column("reading_task", sa.Column("mismatch", sa.String(), server_default="", nullable=False))
    op.add_column("reading_task", sa.Column("independent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("reading_task", _time("preliminary_at", nullable=True))
    op.drop_index(_OPEN_STEP, table_name="reading_task")
    op.create_index(
        _OPEN_STEP, "reading_task", ["study_id", "step"], unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
    )
    op.create_index(
        "ix_reading_task_independent",
        "reading_task",
        ["study_id"],
        sqlite_where=sa.text("independent = 1"),
        postgresql_where=sa.text("independent"),
    )
    _draft_versions()
    _consultations()


def _draft_versions() -> None:
    op.create_table(
        "draft_version",
        _key("id"),
        _key("task_id"),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("impression", sa.Text(), nullable=False),
        sa.Column("positive", sa.Boolean(), nullable=True),
        sa.Column("critical", sa.Text(), nullable=False),
        sa.Column("structure", sa.JSON(), nullable=True),
        _key("saved_by_id"),
        _time("saved_at"),
        _reference("draft_version", "task_id", "reading_task"),
        _reference("draft_version", "saved_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_version")),
    )
    op.create_index("ix_draft_version_task_id_id", "draft_version", ["task_id", "id"])


def _consultations() -> None:
    op.create_table(
        "consultation",
        _key("id"),
        _key("task_id"),
        _key("study_id"),
        _key("hospital_id"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        _key("asked_by_id"),
        _time("asked_at"),
        _key("consultant_id", nullable=True),
        _time("accepted_at", nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        _time("ended_at", nullable=True),
        sa.Column("reminders", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _time("remind_at", nullable=True),
        _time("expires_at"),
        _key("institution_id"),
        _reference("consultation", "task_id", "reading_task"),
        _reference("consultation", "study_id", "study"),
        _reference("consultation", "hospital_id", "institution"),
        _reference("consultation", "asked_by_id", "app_user"),
        _reference("consultation", "consultant_id", "app_user"),
        _reference("consultation", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index("ix_consultation_hospital_id_state", "consultation", ["hospital_id", "state", "id"])
    op.create_index("ix_consultation_state_remind_at", "consultation", ["state", "remind_at"])
    for column in ("institution_id", "study_id", "task_id"):
        op.create_index(op.f(f"ix_consultation_{column}"), "consultation", [column])
