"""Templates, phrases and structured reports.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of templates and phrases; a draft keeps the values of its template."""
    op.create_table(
        "report_template",
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "level", "department")),
        sa.Column("owner_id", _INTEGER, nullable=True),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_report_template_owner_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_template")),
    )
    op.create_index(op.f("ix_report_template_key"), "report_template", ["key"])
    op.create_index(op.f("ix_report_template_owner_id"), "report_template", ["owner_id"])
    op.create_table(
        "template_edition",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("template_id", _INTEGER, nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by_id", _INTEGER, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["report_template.id"], name=op.f("fk_template_edition_template_id_report_template")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_template_edition_made_by_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_edition")),
        sa.UniqueConstraint("template_id", "version", name=op.f("uq_template_edition_template_id_version")),
    )
    _phrases()
    op.add_column("draft", sa.Column("structure", sa.JSON(), nullable=True))


def _phrases() -> None:
    op.create_table(
        "phrase",
        sa.Column("id", _INTEGER, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("level", "department")),
        sa.Column("owner_id", _INTEGER, nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("code", "section")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("zh", "en")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("modalities", "body_parts")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("pinyin", "initials")),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_phrase_owner_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
    )
    op.create_index(op.f("ix_phrase_owner_id"), "phrase", ["owner_id"])
    op.create_table(
        "phrase_use",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("uses", _INTEGER, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_phrase_use_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase_use")),
        sa.UniqueConstraint("user_id", "phrase", name=op.f("uq_phrase_use_user_id_phrase")),
    )
