"""Clocks and the green channel: what has been told of a task, when to look again, and cases with their milestones.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_MOMENTS = ("unclaimed_told_at", "unmanned_since", "roster_look_at", "open_to_all_at")


def upgrade() -> None:
    """Add the columns of the task, the mark of the order, and the tables of the green channel."""
    op.add_column("reading_task", sa.Column("regulatory_level", _INTEGER, server_default="0", nullable=False))
    for name in _MOMENTS:
        op.add_column("reading_task", sa.Column(name, _TIME, nullable=True))
    op.add_column("reading_task", sa.Column("green_channel_case_id", _INTEGER, nullable=True))
    op.add_column("exam_order", sa.Column("green_channel", sa.String(), server_default="", nullable=False))
    _cases()
    _milestones()


def _cases() -> None:
    op.create_table(
        "green_channel_case",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.Column("patient_id", _INTEGER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("closed_at", _TIME, nullable=True),
        sa.Column("closed_by", sa.String(), server_default="", nullable=False),
        sa.Column("close_reason", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_green_channel_case_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_green_channel_case_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_channel_case")),
    )
    op.create_index("ix_green_channel_case_patient_id_opened_at", "green_channel_case", ["patient_id", "opened_at"])

    op.create_index("ix_green_channel_case_institution_id", "green_channel_case", ["institution_id"])


def _milestones() -> None:
    op.create_table(
        "green_channel_milestone",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.Column("case_id", _INTEGER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("recorded_at", _TIME, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_green_channel_milestone_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["green_channel_case.id"], name=op.f("fk_green_channel_milestone_case_id_green_channel_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_channel_milestone")),
        sa.UniqueConstraint("case_id", "name", name=op.f("uq_green_channel_milestone_case_id_name")),
    )
    op.create_index("ix_green_channel_milestone_institution_id", "green_channel_milestone", ["institution_id"])
