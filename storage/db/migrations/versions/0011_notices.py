"""The outbox: what people are told, notes on studies, and what the workers could not do.

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
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and room for where people are reached."""
    _make_notices()
    _reach_people()
    _make_deliveries()
    _make_notes()
    _make_queue_tables()


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "kind", "urgency")),
        sa.Column("task_id", _INTEGER, nullable=True),
        sa.Column("study_id", _INTEGER, nullable=True),
        sa.Column("critical_case_id", _INTEGER, nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["reading_task.id"], name=op.f("fk_notice_task_id_reading_task")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_notice_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_task_id"), "notice", ["task_id"])
    _partial_index("ix_notice_unplanned", "notice", ["id"], "planned_at IS NULL")
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


def _reach_people() -> None:
    for name in ("email", "mobile"):
        op.add_column("app_user", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("app_user", sa.Column("notice_preferences", sa.JSON(), nullable=True))


def _make_deliveries() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "url", "secret")),
        sa.Column("kinds", sa.JSON(), nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("last_seq", _INTEGER, server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        _points_to("webhook", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("name", name=op.f("uq_webhook_name")),
    )
    op.create_table(
        "notice_delivery",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("notice_id", _INTEGER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("user_id", _INTEGER, nullable=True),
        sa.Column("webhook_id", _INTEGER, nullable=True),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seq", _INTEGER, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", _INTEGER, server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", _TIME, nullable=True),
        sa.Column("claim_token", sa.String(), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("last_error", sa.String(), server_default="", nullable=False),
        sa.Column("last_error_at", _TIME, nullable=True),
        _points_to("notice_delivery", "notice_id", "notice"),
        _points_to("notice_delivery", "user_id", "app_user"),
        _points_to("notice_delivery", "webhook_id", "webhook"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_delivery_key")),
        sa.UniqueConstraint("webhook_id", "seq", name=op.f("uq_notice_delivery_webhook_id_seq")),
    )
    op.create_index(op.f("ix_notice_delivery_notice_id"), "notice_delivery", ["notice_id"])
    op.create_index("ix_notice_delivery_state_id", "notice_delivery", ["state", "id"])
    waits = "next_attempt_at IS NOT NULL"
    _partial_index("ix_notice_delivery_next_attempt_at", "notice_delivery", ["next_attempt_at"], waits)


def _make_notes() -> None:
    op.create_table(
        "study_note",
        *(sa.Column(name, _INTEGER, nullable=False) for name in ("id", "study_id", "author_id", "institution_id")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        _points_to("study_note", "study_id", "study"),
        _points_to("study_note", "author_id", "app_user"),
        _points_to("study_note", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_note")),
    )
    op.create_index("ix_study_note_study_id_id", "study_note", ["study_id", "id"])
    op.create_index(op.f("ix_study_note_institution_id"), "study_note", ["institution_id"])
    op.create_table(
        "study_note_seen",
        *(sa.Column(name, _INTEGER, nullable=False) for name in ("id", "note_id", "user_id", "institution_id")),
        sa.Column("at", _TIME, nullable=False),
        _points_to("study_note_seen", "note_id", "study_note"),
        _points_to("study_note_seen", "user_id", "app_user"),
        _points_to("study_note_seen", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_note_seen")),
        sa.UniqueConstraint("note_id", "user_id", name=op.f("uq_study_note_seen_note_id_user_id")),
    )
    op.create_index(op.f("ix_study_note_seen_institution_id"), "study_note_seen", ["institution_id"])
    for table in ("study_note", "study_note_seen"):
        _keep_as_written(table)


def _make_queue_tables() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("task", "args_key")),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        *(sa.Column(name, _INTEGER, server_default=sa.text("0"), nullable=False) for name in ("attempts", "deaths")),
        *(sa.Column(name, _TIME, nullable=False) for name in ("first_at", "last_at")),
        sa.Column("decided_by_id", _INTEGER, nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        _points_to("dead_letter", "decided_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letter")),
        sa.UniqueConstraint("task", "args_key", name=op.f("uq_dead_letter_task_args_key")),
    )
    op.create_index("ix_dead_letter_state_id", "dead_letter", ["state", "id"])
    op.create_table(
        "beat_lease",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "holder")),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ran", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat_lease")),
    )


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _keep_as_written(table: str) -> None:
    """As in 0002, whose function PostgreSQL uses again."""
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
