"""Measurements that are kept with the study.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_STANDS = sa.text("deleted_at IS NULL")


def _number(name: str, *, default: str | None = None) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=False, server_default=sa.text(default) if default else None)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Add the measurements and what they were before."""
    op.create_table(
        "measurement",
        _number("id"),
        _number("study_id"),
        _text("series_instance_uid"),
        _text("sop_instance_uid"),
        _number("frame"),
        _text("kind"),
        _json("points"),
        sa.Column("label", sa.Text(), nullable=False, server_default=""),
        sa.Column("for_clinic", sa.Boolean(), nullable=False, server_default=sa.false()),
        _json("figures"),
        _text("method"),
        _number("author_id"),
        _time("created_at"),
        _time("changed_at"),
        _number("version", default="1"),
        _time("deleted_at", nullable=True),
        _number("institution_id"),
        _reference("measurement", "study_id", "study"),
        _reference("measurement", "author_id", "app_user"),
        _reference("measurement", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
    )
    op.create_index(op.f("ix_measurement_institution_id"), "measurement", ["institution_id"])
    op.create_index(
        "ix_measurement_study_id",
        "measurement",
        ["study_id", "id"],
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    op.create_table(
        "measurement_version",
        _number("id"),
        _number("measurement_id"),
        _number("version"),
        _text("action"),
        _number("by_id"),
        _time("at"),
        _json("content"),
        _number("institution_id"),
        _reference("measurement_version", "measurement_id", "measurement"),
        _reference("measurement_version", "by_id", "app_user"),
        _reference("measurement_version", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement_version")),
        sa.UniqueConstraint("measurement_id", "version", name=op.f("uq_measurement_version_measurement_id_version")),
    )
    op.create_index(op.f("ix_measurement_version_institution_id"), "measurement_version", ["institution_id"])
