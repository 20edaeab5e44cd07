"""Headers are kept compressed: a third of the space, and no JSON parsed while objects come in. Repairs of text are counted.

Revision ID: 0008
Revises: 0007
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BATCH = 500
_EMPTY = {"postgresql": "''::bytea", "sqlite": "x''"}


def upgrade() -> None:
    """Compress what is there, in batches of one transaction: an interrupted upgrade leaves the table as it was."""
    default = sa.text(_EMPTY[op.get_bind().dialect.name])
    op.add_column("instance", sa.Column("compact", sa.LargeBinary(), nullable=False, server_default=default))
    _compress()
    op.drop_column("instance", "header")
    op.alter_column("instance", "compact", new_column_name="header")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("instance", "header", server_default=None)
    op.create_table(
        "charset_count",
        sa.Column("device_id", _INTEGER, nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("repair", sa.String(), nullable=False),
        sa.Column("objects", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_charset_count_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "day", "repair", name=op.f("pk_charset_count")),
    )


def _compress() -> None:
    bind = op.get_bind()
    table = sa.table(
        "instance", sa.column("id"), sa.column("header", sa.JSON()), sa.column("compact", sa.LargeBinary())
    )
    following = sa.select(table.c.id, table.c.header).order_by(table.c.id).limit(_BATCH)
    store = sa.update(table).where(table.c.id == sa.bindparam("row")).values(compact=sa.bindparam("content"))
    rows = bind.execute(following).all()
    while rows:
        bind.execute(store, [{"row": row.id, "content": _compact(row.header)} for row in rows])
        rows = bind.execute(following.where(table.c.id > rows[-1].id)).all()


def _compact(header: dict[str, object]) -> bytes:
    return zlib.compress(json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 1)
