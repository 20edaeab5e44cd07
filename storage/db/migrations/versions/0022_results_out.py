"""Where results go: documents in the study, key images, signed calls of webhooks, and examinations that are recognised.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NOT_FILED = sa.text("filed_at IS NULL")


def _number(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable, server_default=sa.text(default) if default else None)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Add the columns and tables."""
    _own_documents()
    _printings()
    _key_images()
    _filings()
    _hooks()
    _recognitions()


def _own_documents() -> None:
    for table in ("series", "instance"):
        op.add_column(table, sa.Column("written_here", sa.Boolean(), server_default=sa.false(), nullable=False))
    for column in ("own_series_count", "own_instance_count"):
        op.add_column("study", _number(column, default="0"))


def _printings() -> None:
    op.create_table(
        "result_printing",
        _number("result_id"),
        _number("user_id"),
        _text("printed_by"),
        _time("at"),
        _number("institution_id"),
        _reference("result_printing", "result_id", "result"),
        _reference("result_printing", "user_id", "app_user"),
        _reference("result_printing", "institution_id", "institution"),
        _key("result_printing", "result_id"),
    )
    op.create_index(op.f("ix_result_printing_institution_id"), "result_printing", ["institution_id"])


def _key_images() -> None:
    op.create_table(
        "key_image",
        _number("id"),
        _number("task_id"),
        _number("study_id"),
        _text("sop_instance_uid"),
        _number("frame"),
        sa.Column("note", sa.Text(), nullable=False),
        _number("marked_by_id"),
        _time("marked_at"),
        _number("institution_id"),
        _reference("key_image", "task_id", "reading_task"),
        _reference("key_image", "study_id", "study"),
        _reference("key_image", "marked_by_id", "app_user"),
        _reference("key_image", "institution_id", "institution"),
        _key("key_image"),
        sa.UniqueConstraint(
            "task_id", "sop_instance_uid", "frame", name=op.f("uq_key_image_task_id_sop_instance_uid_frame")
        ),
    )
    op.create_index(op.f("ix_key_image_institution_id"), "key_image", ["institution_id"])
    op.create_index(op.f("ix_key_image_study_id"), "key_image", ["study_id"])


def _filings() -> None:
    op.create_table(
        "report_filing",
        _number("report_version_id"),
        _number("attempts", default="0"),
        _time("next_try_at"),
        _time("filed_at", nullable=True),
        _text("error", default=""),
        _number("institution_id"),
        _reference("report_filing", "report_version_id", "report_version"),
        _reference("report_filing", "institution_id", "institution"),
        _key("report_filing", "report_version_id"),
    )
    op.create_index(op.f("ix_report_filing_institution_id"), "report_filing", ["institution_id"])
    op.create_index(
        "ix_report_filing_next_try_at",
        "report_filing",
        ["next_try_at"],
        sqlite_where=_NOT_FILED,
        postgresql_where=_NOT_FILED,
    )
    # What was signed before is filed too.
    op.execute(
        "INSERT INTO report_filing (report_version_id, institution_id, attempts, next_try_at, error) "
        "SELECT id, institution_id, 0, signed_at, '' FROM report_version"
    )


def _hooks() -> None:
    op.create_table(
        "result_hook",
        _number("id"),
        _text("name"),
        _text("url"),
        sa.Column("wanted", sa.JSON(), nullable=False),
        _text("key_id"),
        _text("secret"),
        _text("old_key_id", default=""),
        _text("old_secret", default=""),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("paused_because", default=""),
        _number("delivered_seq", default="0"),
        _time("delivered_at", nullable=True),
        _time("failing_since", nullable=True),
        _time("next_try_at"),
        _time("claimed_until", nullable=True),
        _text("claim_token", default=""),
        _number("attempts", default="0"),
        _text("last_error", default=""),
        _time("test_wanted_at", nullable=True),
        _time("created_at"),
        _number("created_by_id"),
        _number("version", default="1"),
        _number("institution_id"),
        _reference("result_hook", "created_by_id", "app_user"),
        _reference("result_hook", "institution_id", "institution"),
        _key("result_hook"),
        sa.UniqueConstraint("institution_id", "url", name=op.f("uq_result_hook_institution_id_url")),
    )
    op.create_index(op.f("ix_result_hook_institution_id"), "result_hook", ["institution_id"])
    op.create_index("ix_result_hook_paused_next_try_at", "result_hook", ["paused", "next_try_at"])
    op.create_table(
        "hook_attempt",
        _number("id"),
        _number("hook_id"),
        _number("seq"),
        _time("at"),
        _number("milliseconds"),
        _number("status", nullable=True),
        _text("error", default=""),
        _number("institution_id"),
        _reference("hook_attempt", "hook_id", "result_hook"),
        _reference("hook_attempt", "institution_id", "institution"),
        _key("hook_attempt"),
    )
    op.create_index(op.f("ix_hook_attempt_at"), "hook_attempt", ["at"])
    op.create_index(op.f("ix_hook_attempt_institution_id"), "hook_attempt", ["institution_id"])
    op.create_index("ix_hook_attempt_hook_id_id", "hook_attempt", ["hook_id", "id"])


def _recognitions() -> None:
    op.create_table(
        "recognition_choice",
        _number("id"),
        _number("order_id", nullable=True),
        _number("earlier_study_id"),
        _text("exam"),
        _text("decision"),
        _text("reason_code", default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        _number("decided_by_id"),
        _time("at"),
        sa.Column("detail", sa.JSON(), nullable=False),
        _number("institution_id"),
        _reference("recognition_choice", "order_id", "exam_order"),
        _reference("recognition_choice", "earlier_study_id", "study"),
        _reference("recognition_choice", "decided_by_id", "app_user"),
        _reference("recognition_choice", "institution_id", "institution"),
        _key("recognition_choice"),
    )
    for column in ("institution_id", "order_id", "earlier_study_id"):
        op.create_index(op.f(f"ix_recognition_choice_{column}"), "recognition_choice", [column])
    op.create_index("ix_recognition_choice_institution_id_at", "recognition_choice", ["institution_id", "at"])
