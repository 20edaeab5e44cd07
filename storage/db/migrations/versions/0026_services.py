"""FHIR and unified worklist.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of workitems from outside, of subscriptions, and of requests to cancel."""
    _requests()
    _subscriptions()
    _cancel_requests()


def _requests() -> None:
    op.create_table(
        "ups_request",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("workitem_uid", sa.String(), nullable=False),
        sa.Column("order_id", _INTEGER, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_ups_request_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["exam_order.id"], name=op.f("fk_ups_request_order_id_exam_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ups_request")),
        sa.UniqueConstraint("order_id", name=op.f("uq_ups_request_order_id")),
        sa.UniqueConstraint("workitem_uid", name=op.f("uq_ups_request_workitem_uid")),
    )
    op.create_index(op.f("ix_ups_request_institution_id"), "ups_request", ["institution_id"])


def _subscriptions() -> None:
    op.create_table(
        "ups_subscription",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("user_id", _INTEGER, nullable=False),
        sa.Column("ae_title", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("deletion_lock", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("until_event", _INTEGER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_ups_subscription_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ups_subscription")),
        sa.UniqueConstraint("user_id", "ae_title", "target", name=op.f("uq_ups_subscription_user_id_ae_title_target")),
    )
    op.create_index(op.f("ix_ups_subscription_user_id"), "ups_subscription", ["user_id"])


def _cancel_requests() -> None:
    op.create_table(
        "ups_cancel_request",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("task_id", _INTEGER, nullable=False),
        sa.Column("workitem_uid", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_ups_cancel_request_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["reading_task.id"], name=op.f("fk_ups_cancel_request_task_id_reading_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ups_cancel_request")),
    )
    op.create_index(op.f("ix_ups_cancel_request_institution_id"), "ups_cancel_request", ["institution_id"])
    op.create_index(op.f("ix_ups_cancel_request_task_id"), "ups_cancel_request", ["task_id"])
