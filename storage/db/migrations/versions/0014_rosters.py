"""Shifts, rosters and qualifications.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of shift kinds, duties, swaps, absences and qualifications."""
    _shift_kinds()
    _duties()
    _swaps()
    _absences()
    _qualifications()


def _shift_kinds() -> None:
    op.create_table(
        "shift_kind",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), server_default="", nullable=False),
        sa.Column("colour", sa.String(), server_default="", nullable=False),
        sa.Column("modalities", sa.JSON(), nullable=True),
        sa.Column("subspecialties", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("priorities", sa.JSON(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("night", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("on_call", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rvu_share", sa.Double(), server_default=sa.text("1.0"), nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_kind")),
        sa.UniqueConstraint("name", name=op.f("uq_shift_kind_name")),
    )


def _duties() -> None:
    op.create_table(
        "duty_span",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("shift_kind_id", _INTEGER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exact", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("on_call", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        _refers("duty_span", "user_id", "app_user"),
        _refers("duty_span", "shift_kind_id", "shift_kind"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_span")),
        sa.UniqueConstraint("user_id", "shift_kind_id", "day", name=op.f("uq_duty_span_user_id_shift_kind_id_day")),
    )
    op.create_index("ix_duty_span_ends_at_starts_at", "duty_span", ["ends_at", "starts_at"])
    op.create_index("ix_duty_span_day", "duty_span", ["day"])
    op.create_index(op.f("ix_duty_span_shift_kind_id"), "duty_span", ["shift_kind_id"])


def _swaps() -> None:
    op.create_table(
        "duty_swap",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("shift_kind_id", _INTEGER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_user_id", _INTEGER, nullable=False),
        sa.Column("to_user_id", _INTEGER, nullable=False),
        sa.Column("for_shift_kind_id", _INTEGER, nullable=True),
        sa.Column("for_day", sa.Date(), nullable=True),
        sa.Column("by_id", _INTEGER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _refers("duty_swap", "shift_kind_id", "shift_kind"),
        _refers("duty_swap", "for_shift_kind_id", "shift_kind"),
        *(_refers("duty_swap", column, "app_user") for column in ("from_user_id", "to_user_id", "by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_swap")),
    )
    op.create_index(op.f("ix_duty_swap_day"), "duty_swap", ["day"])


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("recorded_by_id", _INTEGER, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _refers("absence", "user_id", "app_user"),
        _refers("absence", "recorded_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_user_id_ends_at", "absence", ["user_id", "ends_at"])


def _qualifications() -> None:
    op.create_table(
        "qualification",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("subspecialty", sa.String(), server_default="", nullable=False),
        sa.Column("may_audit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("licence_number", sa.String(), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by_id", _INTEGER, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _refers("qualification", "user_id", "app_user"),
        _refers("qualification", "recorded_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
    )
    op.create_index(op.f("ix_qualification_user_id"), "qualification", ["user_id"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
