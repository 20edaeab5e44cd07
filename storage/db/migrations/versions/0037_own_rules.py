"""Readers' own rules for hanging, in place of one layout for each modality and body part.

Revision ID: 0037
Revises: 0036
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_CODE = re.compile(r"[A-Z0-9 _]{1,16}")

_LAYOUTS = sa.table(
    "own_hanging",
    sa.column("id", _INTEGER),
    sa.column("user_id", _INTEGER),
    sa.column("modality", sa.String()),
    sa.column("body_part", sa.String()),
    sa.column("content", sa.JSON()),
    sa.column("changed_at", _TIME),
)


def upgrade() -> None:
    """Make a rule of each layout; those for a part of the body stand before those for a modality."""
    query = sa.select(_LAYOUTS).order_by(_LAYOUTS.c.user_id, _LAYOUTS.c.body_part == "", _LAYOUTS.c.changed_at.desc())
    known = [dict(row) for row in op.get_bind().execute(query).mappings()]
    op.drop_table("own_hanging")
    made = op.create_table(
        "own_hanging",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_own_hanging_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_hanging")),
        sa.UniqueConstraint("user_id", name=op.f("uq_own_hanging_user_id")),
    )
    rows = [_rules_of(user, list(layouts)) for user, layouts in groupby(known, key=lambda row: row["user_id"])]
    if rows:
        op.bulk_insert(made, rows)


def _rules_of(user_id: int, layouts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    kept = [_rule_of(one) for one in layouts if _CODE.fullmatch(one["modality"])]
    changed_at = max(one["changed_at"] for one in layouts)
    return {"user_id": user_id, "version": 1, "content": {"protocols": kept}, "changed_at": changed_at}


def _rule_of(layout: dict[str, Any]) -> dict[str, Any]:
    modality, part = layout["modality"], layout["body_part"]
    when = {"modalities": [modality], "body_parts": [part] if part else []}
    return {
        "key": f"own-{layout['id']}",
        "zh": f"{modality} {part}".strip()[:80],
        "when": when,
        "steps": [layout["content"]],
    }
