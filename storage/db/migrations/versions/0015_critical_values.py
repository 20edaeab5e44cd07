"""Critical values: cases, and the events that nobody changes.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_IS_OPEN = sa.text("state NOT IN ('closed', 'false_alarm')")


def upgrade() -> None:
    """Make the tables, and guard the events as other records that never change."""
    _make_cases()
    _make_events()
    _guard("critical_event")


def _make_cases() -> None:
    op.create_table(
        "critical_case",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        *_texts("modality", "priority", "code", "list_key", "name", "name_en"),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_detail", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("rules_version", _INTEGER, nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("basis_at", _TIME, nullable=True),
        sa.Column("suspected_at", _TIME, nullable=False),
        *(sa.Column(f"{name}_at", _TIME, nullable=True) for name in ("confirmed", "notified", "acked", "treated")),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("state_since", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("steps_told", _INTEGER, nullable=False),
        sa.Column("next_step_at", _TIME, nullable=True),
        sa.Column("confirmed_by_id", _INTEGER, nullable=True),
        *_texts("notifier", "receiver", "method"),
        sa.Column("heard_at", _TIME, nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_critical_case_study_id_study")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["app_user.id"], name=op.f("fk_critical_case_confirmed_by_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_critical_case_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_critical_case")),
    )
    op.create_index(
        "uq_critical_case_open_study_code",
        "critical_case",
        ["study_id", "code"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_index("ix_critical_case_next_step_at", "critical_case", ["next_step_at"])
    op.create_index("ix_critical_case_state_due_at", "critical_case", ["state", "due_at", "id"])
    op.create_index("ix_critical_case_institution_id_id", "critical_case", ["institution_id", "id"])
    op.create_index("ix_critical_case_basis_at", "critical_case", ["basis_at"])
    op.create_index(op.f("ix_critical_case_study_id"), "critical_case", ["study_id"])
    op.create_index(op.f("ix_critical_case_institution_id"), "critical_case", ["institution_id"])


def _make_events() -> None:
    op.create_table(
        "critical_event",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("case_id", _INTEGER, nullable=False),
        sa.Column("seq", _INTEGER, nullable=False),
        *_texts("action", "from_state", "to_state"),
        sa.Column("actor_id", _INTEGER, nullable=True),
        *_texts("actor", "actor_name", "actor_title"),
        sa.Column("actor_is_clinic", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("happened_at", _TIME, nullable=False),
        *_texts("method", "other_side"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        *_texts("previous_sha256", "sha256"),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["critical_case.id"], name=op.f("fk_critical_event_case_id_critical_case")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name=op.f("fk_critical_event_actor_id_app_user")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_critical_event_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_critical_event")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_critical_event_case_id_seq")),
    )
    op.create_index(op.f("ix_critical_event_institution_id"), "critical_event", ["institution_id"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _guard(table: str) -> None:
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
