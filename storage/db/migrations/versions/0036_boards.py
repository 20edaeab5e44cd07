"""Screens on walls, monthly settlement, contacts of institutions, and names for nameless examinations.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AMOUNTS = ("fee", "read_pay", "audit_pay")
_APPEND_ONLY = ("settlement_month", "settlement_line")


def _number(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, _INTEGER, nullable=nullable, server_default=default)


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _words(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Make the tables, the columns and the indexes."""
    for name in ("contact", "phone", "address"):
        op.add_column("institution", _text(name, default=""))
    op.add_column("institution", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_report_version_signed_at", "report_version", ["signed_at"])
    op.create_index("ix_retake_order_closed_at", "retake_order", ["closed_at"])
    _make_walls()
    _make_settlement()
    _make_disputes()
    _make_namings()
    for table in _APPEND_ONLY:
        _guard(table)


def _make_walls() -> None:
    op.create_table(
        "wall_link",
        _number("id"),
        _text("name"),
        _text("token_sha256"),
        _number("created_by_id"),
        _time("created_at"),
        _time("expires_at"),
        _time("revoked_at", nullable=True),
        _time("last_seen_at", nullable=True),
        _text("last_seen_address", default=""),
        _reference("wall_link", "created_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_wall_link_token_sha256")),
    )


def _make_settlement() -> None:
    op.create_table(
        "settlement_month",
        _text("month"),
        _time("closed_at"),
        _number("closed_by_id"),
        _number("lines"),
        _number("fee"),
        _text("sha256"),
        _text("previous_sha256"),
        _reference("settlement_month", "closed_by_id", "app_user"),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_settlement_month")),
    )
    op.create_table(
        "settlement_line",
        _number("id"),
        _text("month"),
        _number("number"),
        _text("kind"),
        _time("at"),
        _number("task_id"),
        _number("version"),
        _number("corrects_id", nullable=True),
        *(_text(name) for name in ("modality", "priority", "item")),
        _number("edition"),
        _number("reader_id", nullable=True),
        _number("signer_id", nullable=True),
        *(_number(name) for name in _AMOUNTS),
        _words("words", default=""),
        _number("institution_id"),
        _reference("settlement_line", "task_id", "reading_task"),
        _reference("settlement_line", "corrects_id", "settlement_line"),
        _reference("settlement_line", "reader_id", "app_user"),
        _reference("settlement_line", "signer_id", "app_user"),
        _reference("settlement_line", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_line")),
        sa.UniqueConstraint("month", "number", name=op.f("uq_settlement_line_month_number")),
    )
    op.create_index(op.f("ix_settlement_line_institution_id"), "settlement_line", ["institution_id"])
    op.create_index(op.f("ix_settlement_line_task_id"), "settlement_line", ["task_id"])
    op.create_index("ix_settlement_line_institution_id_month", "settlement_line", ["institution_id", "month"])


def _make_disputes() -> None:
    op.create_table(
        "settlement_dispute",
        _number("id"),
        _number("line_id"),
        _words("words"),
        _number("asked_by_id"),
        _time("asked_at"),
        sa.Column("granted", sa.Boolean(), nullable=True),
        _words("answer", default=""),
        _number("answered_by_id", nullable=True),
        _time("answered_at", nullable=True),
        *(_number(name, default="0") for name in _AMOUNTS),
        _number("institution_id"),
        _reference("settlement_dispute", "line_id", "settlement_line"),
        _reference("settlement_dispute", "asked_by_id", "app_user"),
        _reference("settlement_dispute", "answered_by_id", "app_user"),
        _reference("settlement_dispute", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_dispute")),
    )
    op.create_index(op.f("ix_settlement_dispute_institution_id"), "settlement_dispute", ["institution_id"])
    op.create_index(op.f("ix_settlement_dispute_line_id"), "settlement_dispute", ["line_id"])
    op.create_index("ix_settlement_dispute_answered_at", "settlement_dispute", ["answered_at"])


def _make_namings() -> None:
    op.create_table(
        "study_naming",
        _number("study_id"),
        *(_text(name) for name in ("description", "body_part", "original_description", "original_body_part")),
        _number("named_by_id"),
        _time("named_at"),
        _number("institution_id"),
        _reference("study_naming", "study_id", "study"),
        _reference("study_naming", "named_by_id", "app_user"),
        _reference("study_naming", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_study_naming")),
    )
    op.create_index(op.f("ix_study_naming_institution_id"), "study_naming", ["institution_id"])


def _guard(table: str) -> None:
    """A closed month never changes: the database refuses it, as it does for signed versions."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
