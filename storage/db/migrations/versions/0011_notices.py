"""The outbox: what people are told.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of notices and of whom they tell."""
    op.create_table(
        "notice",
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "kind", "urgency")),
        sa.Column("task_id", _INTEGER, nullable=True),
        sa.Column("study_id", _INTEGER, nullable=True),
        sa.Column("critical_case_id", _INTEGER, nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["reading_task.id"], name=op.f("fk_notice_task_id_reading_task")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_notice_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_task_id"), "notice", ["task_id"])
    op.create_table(
        "notice_recipient",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("notice_id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_recipient_notice_id_notice")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_recipient_user_id_app_user")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_notice_recipient_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_recipient")),
        sa.UniqueConstraint("notice_id", "user_id", name=op.f("uq_notice_recipient_notice_id_user_id")),
    )
    op.create_index("ix_notice_recipient_user_id_seen_at", "notice_recipient", ["user_id", "seen_at", "id"])
    op.create_index(op.f("ix_notice_recipient_institution_id"), "notice_recipient", ["institution_id"])
