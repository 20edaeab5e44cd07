"""Orders, and the procedure steps that modalities report as performed.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables of orders, performed steps and answered HL7 messages."""
    op.create_table(
        "hl7_message",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("control_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hl7_message")),
        sa.UniqueConstraint("sender", "control_id", name=op.f("uq_hl7_message_sender_control_id")),
    )
    op.create_index(op.f("ix_hl7_message_answered_at"), "hl7_message", ["answered_at"], unique=False)
    op.create_table(
        "accession_counter",
        sa.Column("institution_id", _INTEGER, autoincrement=False, nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("last", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_accession_counter_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "day", name=op.f("pk_accession_counter")),
    )
    op.create_table(
        "performed_step",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("sop_instance_uid", sa.String(), nullable=False),
        sa.Column("device_id", _INTEGER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("patient_id", sa.String(), nullable=False),
        sa.Column("studies", sa.JSON(), nullable=False),
        sa.Column("accession_numbers", sa.JSON(), nullable=False),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_performed_step_device_id_device")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_performed_step_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performed_step")),
        sa.UniqueConstraint("sop_instance_uid", name=op.f("uq_performed_step_sop_instance_uid")),
    )
    op.create_index(op.f("ix_performed_step_institution_id"), "performed_step", ["institution_id"], unique=False)
    op.create_table(
        "exam_order",
        sa.Column("id", _INTEGER, nullable=False),
        sa.Column("accession_number", sa.String(), nullable=False),
        sa.Column("placer_order_number", sa.String(), nullable=False),
        sa.Column("filler_order_number", sa.String(), nullable=False),
        sa.Column("study_instance_uid", sa.String(), nullable=False),
        sa.Column("patient_id", sa.String(), nullable=False),
        sa.Column("patient_issuer", sa.String(), nullable=False),
        sa.Column("patient_name", sa.String(), nullable=False),
        sa.Column("romanised_name", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("birth_date", sa.String(), nullable=False),
        sa.Column("id_card_number", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("procedure_description", sa.String(), nullable=False),
        sa.Column("body_part", sa.String(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_device_id", _INTEGER, nullable=True),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("referring_doctor", sa.String(), nullable=False),
        sa.Column("referring_department", sa.String(), nullable=False),
        sa.Column("clinical_information", sa.String(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("study_id", _INTEGER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("institution_id", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_exam_order_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(
            ["scheduled_device_id"], ["device.id"], name=op.f("fk_exam_order_scheduled_device_id_device")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_exam_order_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_order")),
        sa.UniqueConstraint(
            "institution_id", "accession_number", name=op.f("uq_exam_order_institution_id_accession_number")
        ),
    )
    op.create_index(op.f("ix_exam_order_institution_id"), "exam_order", ["institution_id"], unique=False)
    op.create_index("ix_exam_order_institution_id_id", "exam_order", ["institution_id", "id"], unique=False)
    op.create_index(
        "ix_exam_order_institution_id_id_card_number", "exam_order", ["institution_id", "id_card_number"], unique=False
    )
    op.create_index(
        "ix_exam_order_institution_id_patient_id", "exam_order", ["institution_id", "patient_id"], unique=False
    )
    op.create_index(
        "ix_exam_order_institution_id_placer_order_number",
        "exam_order",
        ["institution_id", "placer_order_number"],
        unique=False,
    )
    op.create_index(
        "ix_exam_order_institution_id_state_scheduled_at",
        "exam_order",
        ["institution_id", "state", "scheduled_at"],
        unique=False,
    )
    op.create_index(
        "ix_exam_order_study_id",
        "exam_order",
        ["study_id"],
        unique=False,
        sqlite_where=sa.text("study_id IS NOT NULL"),
        postgresql_where=sa.text("study_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_exam_order_scheduled_at"), "exam_order", ["scheduled_at"], unique=False)
    op.create_index(op.f("ix_exam_order_study_instance_uid"), "exam_order", ["study_instance_uid"], unique=False)
