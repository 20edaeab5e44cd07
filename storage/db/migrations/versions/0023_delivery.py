"""Frames made ready for slow lines.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Make the tables of studies and instances whose frames are made ready."""
    _make_studies()
    _make_frames()


def _make_studies() -> None:
    op.create_table(
        "study_delivery",
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("instances", _INTEGER, nullable=False),
        sa.Column("attempts", _INTEGER, nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_study_delivery_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_delivery_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_study_delivery")),
    )
    op.create_index(op.f("ix_study_delivery_institution_id"), "study_delivery", ["institution_id"])
    op.create_index(
        "ix_study_delivery_pending",
        "study_delivery",
        ["study_id"],
        sqlite_where=_IS_PENDING,
        postgresql_where=_IS_PENDING,
    )


def _make_frames() -> None:
    op.create_table(
        "frame_delivery",
        sa.Column("instance_id", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("object_key", sa.String(), server_default="", nullable=False),
        sa.Column("sha256", sa.String(), server_default="", nullable=False),
        sa.Column("lengths", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_frame_delivery_instance_id_instance")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_frame_delivery_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_frame_delivery_study_id_study")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_frame_delivery")),
    )
    op.create_index(op.f("ix_frame_delivery_institution_id"), "frame_delivery", ["institution_id"])
    op.create_index(op.f("ix_frame_delivery_study_id"), "frame_delivery", ["study_id"])
