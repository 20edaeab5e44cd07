"""Image quality, retakes and peer review.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_OPEN = sa.text("state IN ('open', 'seen')")
_WAITS = sa.text("state <> 'done'")


def upgrade() -> None:
    """Make the tables of grades, retake orders, submitted and signed reports, and reviews."""
    _make_grades()
    _make_retakes()
    _make_submitted()
    _make_signed()
    _make_reviews()


def _make_grades() -> None:
    op.create_table(
        "image_grade",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("task_id", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("graded_by_id", _INTEGER, nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["graded_by_id"], ["app_user.id"], name=op.f("fk_image_grade_graded_by_id_app_user")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_image_grade_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_image_grade_study_id_study")),
        sa.ForeignKeyConstraint(["task_id"], ["reading_task.id"], name=op.f("fk_image_grade_task_id_reading_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_grade")),
        sa.UniqueConstraint("task_id", "step", name=op.f("uq_image_grade_task_id_step")),
    )
    op.create_index(op.f("ix_image_grade_institution_id"), "image_grade", ["institution_id"])
    op.create_index(op.f("ix_image_grade_study_id"), "image_grade", ["study_id"])


def _make_retakes() -> None:
    op.create_table(
        "retake_order",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("task_id", _INTEGER, nullable=False),
        sa.Column("return_seq", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("device_id", _INTEGER, nullable=True),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("marked", sa.JSON(), nullable=False),
        sa.Column("ordered_by_id", _INTEGER, nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("see_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", _INTEGER, nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_retake_order_device_id_device")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_retake_order_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["app_user.id"], name=op.f("fk_retake_order_ordered_by_id_app_user")
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["app_user.id"], name=op.f("fk_retake_order_seen_by_id_app_user")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_retake_order_study_id_study")),
        sa.ForeignKeyConstraint(["task_id"], ["reading_task.id"], name=op.f("fk_retake_order_task_id_reading_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retake_order")),
        sa.UniqueConstraint("task_id", "return_seq", name=op.f("uq_retake_order_task_id_return_seq")),
    )
    op.create_index(op.f("ix_retake_order_institution_id"), "retake_order", ["institution_id"])
    op.create_index(
        "ix_retake_order_open", "retake_order", ["see_by"], sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
    )
    op.create_index("ix_retake_order_ordered_at", "retake_order", ["ordered_at"])
    op.create_index(op.f("ix_retake_order_study_id"), "retake_order", ["study_id"])


def _make_submitted() -> None:
    op.create_table(
        "submitted_report",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("task_id", _INTEGER, nullable=False),
        sa.Column("seq", _INTEGER, nullable=False),
        sa.Column("author_id", _INTEGER, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("impression", sa.Text(), nullable=False),
        sa.Column("positive", sa.Boolean(), nullable=True),
        sa.Column("critical", sa.Text(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_submitted_report_author_id_app_user")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_submitted_report_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["reading_task.id"], name=op.f("fk_submitted_report_task_id_reading_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submitted_report")),
        sa.UniqueConstraint("task_id", "seq", name=op.f("uq_submitted_report_task_id_seq")),
    )
    op.create_index(op.f("ix_submitted_report_institution_id"), "submitted_report", ["institution_id"])


def _make_signed() -> None:
    op.create_table(
        "signed_exam",
        sa.Column("task_id", _INTEGER, nullable=False),
        sa.Column("seq", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("device_id", _INTEGER, nullable=True),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("author_id", _INTEGER, nullable=False),
        sa.Column("signer_id", _INTEGER, nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", _INTEGER, nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("blocking", sa.JSON(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("suggested", sa.String(), nullable=False),
        sa.Column("judged", sa.String(), nullable=False),
        sa.Column("judged_by_id", _INTEGER, nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draw", sa.Double(), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_signed_exam_author_id_app_user")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_signed_exam_device_id_device")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_signed_exam_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["app_user.id"], name=op.f("fk_signed_exam_judged_by_id_app_user")),
        sa.ForeignKeyConstraint(["signer_id"], ["app_user.id"], name=op.f("fk_signed_exam_signer_id_app_user")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_signed_exam_study_id_study")),
        sa.ForeignKeyConstraint(["task_id"], ["reading_task.id"], name=op.f("fk_signed_exam_task_id_reading_task")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_signed_exam")),
    )
    op.create_index(op.f("ix_signed_exam_author_id"), "signed_exam", ["author_id"])
    op.create_index(op.f("ix_signed_exam_institution_id"), "signed_exam", ["institution_id"])
    op.create_index("ix_signed_exam_signed_at", "signed_exam", ["signed_at"])
    op.create_index(op.f("ix_signed_exam_study_id"), "signed_exam", ["study_id"])


def _make_reviews() -> None:
    op.create_table(
        "peer_review",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("task_id", _INTEGER, nullable=False),
        sa.Column("study_id", _INTEGER, nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("author_id", _INTEGER, nullable=False),
        sa.Column("signer_id", _INTEGER, nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reviewer_id", _INTEGER, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("while_task_id", _INTEGER, nullable=True),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_peer_review_author_id_app_user")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_peer_review_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["app_user.id"], name=op.f("fk_peer_review_reviewer_id_app_user")),
        sa.ForeignKeyConstraint(["signer_id"], ["app_user.id"], name=op.f("fk_peer_review_signer_id_app_user")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_peer_review_study_id_study")),
        sa.ForeignKeyConstraint(["task_id"], ["reading_task.id"], name=op.f("fk_peer_review_task_id_reading_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review")),
        sa.UniqueConstraint("task_id", "drawn_by", name=op.f("uq_peer_review_task_id_drawn_by")),
    )
    op.create_index(op.f("ix_peer_review_author_id"), "peer_review", ["author_id"])
    op.create_index("ix_peer_review_drawn_at", "peer_review", ["drawn_at"])
    op.create_index(op.f("ix_peer_review_institution_id"), "peer_review", ["institution_id"])
    op.create_index("ix_peer_review_waiting", "peer_review", ["id"], sqlite_where=_WAITS, postgresql_where=_WAITS)
