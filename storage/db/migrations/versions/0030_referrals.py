"""Patients who are sent on, and what came of it.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _INTEGER, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "referral",
        _number("id"),
        _number("study_id"),
        _text("state"),
        _number("version"),
        _text("reason"),
        _text("destination"),
        *(_time(name) for name in ("opened_at", "answer_due_at", "end_due_at")),
        *(_time(name, nullable=True) for name in ("unanswered_at", "overdue_at")),
        _number("institution_id"),
        _reference("referral", "study_id", "study"),
        _reference("referral", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_table(
        "referral_event",
        _number("id"),
        _number("referral_id"),
        _text("action"),
        _time("at"),
        *(_text(name) for name in ("actor", "actor_name", "words")),
        _number("institution_id"),
        _reference("referral_event", "referral_id", "referral"),
        _reference("referral_event", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
    )
    op.create_index(op.f("ix_referral_institution_id"), "referral", ["institution_id"])
    op.create_index(op.f("ix_referral_study_id"), "referral", ["study_id"])
    op.create_index("ix_referral_state_end_due_at", "referral", ["state", "end_due_at"])
    op.create_index(op.f("ix_referral_event_institution_id"), "referral_event", ["institution_id"])
    op.create_index(op.f("ix_referral_event_referral_id"), "referral_event", ["referral_id"])
