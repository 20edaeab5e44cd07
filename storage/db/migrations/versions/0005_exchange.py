"""Storage commitment: what devices asked us to answer for, and what they were told; and what studies are searched by.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from storage.ingest.study_keys import study_keys

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEYS = (
    "study_date",
    "study_time",
    "dicom_study_id",
    "referring_physician",
    "patient_name",
    "name_alphabetic",
    "name_ideographic",
)
_PREFIX = "text_pattern_ops"
_STUDY = sa.table("study", sa.column("id", _INTEGER), *(sa.column(name, sa.String()) for name in _KEYS))
_INSTANCE = sa.table(
    "instance", sa.column("id", _INTEGER), sa.column("study_id", _INTEGER), sa.column("header", sa.JSON())
)
_BATCH = 500


def upgrade() -> None:
    """Add the requests, and the keys of studies with what their first objects say."""
    op.create_table(
        "commitment_request",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("device_id", _INTEGER, nullable=False),
        sa.Column("transaction_uid", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("objects", _INTEGER, nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False, server_default=""),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", _INTEGER, nullable=False, server_default="0"),
        sa.Column("last_error", sa.String(), nullable=False, server_default=""),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_commitment_request_device_id_device")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_commitment_request_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_request")),
        sa.UniqueConstraint(
            "device_id", "transaction_uid", name=op.f("uq_commitment_request_device_id_transaction_uid")
        ),
    )
    op.create_index(op.f("ix_commitment_request_institution_id"), "commitment_request", ["institution_id"])
    op.create_index("ix_commitment_request_state_next_try_at", "commitment_request", ["state", "next_try_at"])
    for name in _KEYS:
        op.add_column("study", sa.Column(name, sa.String(), nullable=False, server_default=""))
    _fill_in_keys()
    op.create_index("ix_study_study_date", "study", ["study_date", "id"])
    for name in ("accession_number", "name_alphabetic", "name_ideographic"):
        op.create_index(f"ix_study_{name}", "study", [name], postgresql_ops={name: _PREFIX})


def _fill_in_keys() -> None:
    connection = op.get_bind()
    first = sa.select(sa.func.min(_INSTANCE.c.id)).group_by(_INSTANCE.c.study_id)
    last = 0
    while True:
        query = sa.select(_INSTANCE).where(_INSTANCE.c.id.in_(first), _INSTANCE.c.id > last)
        rows = connection.execute(query.order_by(_INSTANCE.c.id).limit(_BATCH)).all()
        for row in rows:
            values = {name: value for name, value in study_keys(row.header or {}).items() if name in _KEYS}
            connection.execute(sa.update(_STUDY).where(_STUDY.c.id == row.study_id).values(values))
        if len(rows) < _BATCH:
            return
        last = rows[-1].id
