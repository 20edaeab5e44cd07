"""The issuer of patient IDs, merged patients, what was decided about candidates, and what a quarantined object is.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STANDS = sa.text("undone_at IS NULL")
_NOT_COMPARED = sa.text("compared_at IS NULL")
_UNDECIDED = sa.text("resolved_at IS NULL")
_PREFIX = "text_pattern_ops"


def upgrade() -> None:
    """Widen patients and quarantine; make the tables of merges and of candidates."""
    _widen_patients()
    _make_merges()
    _make_pairs()
    _widen_quarantine()


def _widen_patients() -> None:
    for name in ("issuer", "told_issuer", "national_id", "phone", "pinyin", "initials", "person_key", "swapped_key"):
        op.add_column("patient", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("patient", sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_patient_identity", "patient", ["institution_id", "issuer", "patient_id", "fingerprint"], unique=True
    )
    op.create_index("ix_patient_patient_id_issuer", "patient", ["patient_id", "issuer"])
    for name in ("national_id", "person_key", "swapped_key"):
        op.create_index(f"ix_patient_{name}", "patient", [name])
    for name in ("name", "pinyin", "initials"):
        op.create_index(f"ix_patient_{name}", "patient", [name], postgresql_ops={name: _PREFIX})
    op.create_index(
        "ix_patient_not_compared", "patient", ["id"], sqlite_where=_NOT_COMPARED, postgresql_where=_NOT_COMPARED
    )


def _make_merges() -> None:
    op.create_table(
        "patient_merge",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("survivor_id", _INTEGER, nullable=False),
        sa.Column("merged_id", _INTEGER, nullable=False),
        sa.Column("by_id", _INTEGER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", _INTEGER, nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["survivor_id"], ["patient.id"], name=op.f("fk_patient_merge_survivor_id_patient")),
        sa.ForeignKeyConstraint(["merged_id"], ["patient.id"], name=op.f("fk_patient_merge_merged_id_patient")),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_patient_merge_by_id_app_user")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["app_user.id"], name=op.f("fk_patient_merge_undone_by_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merge")),
    )
    op.create_index(
        "uq_patient_merge_standing",
        "patient_merge",
        ["merged_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    op.create_index(op.f("ix_patient_merge_survivor_id"), "patient_merge", ["survivor_id"])


def _make_pairs() -> None:
    op.create_table(
        "patient_pair",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("first_id", _INTEGER, nullable=False),
        sa.Column("second_id", _INTEGER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_one_person", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("score", _INTEGER, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", _INTEGER, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["first_id"], ["patient.id"], name=op.f("fk_patient_pair_first_id_patient")),
        sa.ForeignKeyConstraint(["second_id"], ["patient.id"], name=op.f("fk_patient_pair_second_id_patient")),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_patient_pair_by_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_patient_pair_first_id_second_id")),
    )
    op.create_index(op.f("ix_patient_pair_second_id"), "patient_pair", ["second_id"])
    op.create_index("ix_patient_pair_list", "patient_pair", ["is_one_person", "state", "score", "id"])


def _widen_quarantine() -> None:
    for column in (
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False, server_default=""),
        sa.Column("decided_by_id", _INTEGER, nullable=True),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pixels", sa.String(), nullable=False, server_default=""),
        sa.Column("pixels_detail", sa.String(), nullable=False, server_default=""),
        sa.Column("pixels_tried_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("quarantine", column)
    op.create_index(
        "ix_quarantine_undecided", "quarantine", ["id"], sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED
    )
    op.create_index(op.f("ix_quarantine_keep_until"), "quarantine", ["keep_until"])
