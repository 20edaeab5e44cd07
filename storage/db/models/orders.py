"""Orders for examinations, the steps that modalities report as performed, and the HL7 messages that were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Device, Institution


class ExamOrder(InstitutionScoped, Base):
    """An order; `storage.domain.orders.OrderContent` says what its values mean.

    `study_id` is the study that came for it: from then on it is not on the worklist. `scheduled_device_id` is null when
    any device of the institution may do it. `version` counts the changes.
    """

    __tablename__ = "exam_order"
    __table_args__ = (
        UniqueConstraint("institution_id", "accession_number"),
        Index("ix_exam_order_institution_id_state_scheduled_at", "institution_id", "state", "scheduled_at"),
        Index("ix_exam_order_institution_id_placer_order_number", "institution_id", "placer_order_number"),
        Index("ix_exam_order_institution_id_patient_id", "institution_id", "patient_id"),
        Index("ix_exam_order_institution_id_id_card_number", "institution_id", "id_card_number"),
        Index("ix_exam_order_institution_id_id", "institution_id", "id"),
        # Only of those that have one: to search the others by it would be to read them all.
        Index(
            "ix_exam_order_study_id",
            "study_id",
            sqlite_where=text("study_id IS NOT NULL"),
            postgresql_where=text("study_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    accession_number: Mapped[str]
    placer_order_number: Mapped[str]
    filler_order_number: Mapped[str]
    study_instance_uid: Mapped[str] = mapped_column(index=True)
    patient_id: Mapped[str]
    patient_issuer: Mapped[str]
    patient_name: Mapped[str]
    romanised_name: Mapped[str]
    sex: Mapped[str]
    birth_date: Mapped[str]
    id_card_number: Mapped[str]
    phone: Mapped[str]
    modality: Mapped[str]
    procedure_code: Mapped[str]
    procedure_description: Mapped[str]
    body_part: Mapped[str]
    scheduled_at: Mapped[datetime] = mapped_column(index=True)
    scheduled_device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    priority: Mapped[str]
    referring_doctor: Mapped[str]
    referring_department: Mapped[str]
    clinical_information: Mapped[str]
    diagnosis: Mapped[str]
    green_channel: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str]
    source: Mapped[str]
    study_id: Mapped[int | None] = mapped_column(ForeignKey("study.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    institution: Mapped[Institution] = relationship()
    scheduled_device: Mapped[Device | None] = relationship()


class AccessionCounter(Base):
    """The last number that was given to an order of an institution on a day (YYMMDD in the county's time)."""

    __tablename__ = "accession_counter"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class PerformedStep(InstitutionScoped, Base):
    """A modality performed procedure step (PS3.4 F.7). `attributes` is what it reported, as DICOM JSON (PS3.18 F).

    `studies` and `accession_numbers` are those of its scheduled steps, `objects` the SOP Instance UIDs that it names as
    its results, `faults` the attributes that the standard wants and the modality left out.
    """

    __tablename__ = "performed_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sop_instance_uid: Mapped[str] = mapped_column(unique=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    state: Mapped[str]
    step_id: Mapped[str]
    modality: Mapped[str]
    patient_id: Mapped[str]
    studies: Mapped[list[str]]
    accession_numbers: Mapped[list[str]]
    objects: Mapped[list[str]]
    faults: Mapped[list[str]]
    attributes: Mapped[dict[str, Any]]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Hl7Message(Base):
    """A message that was answered: the same one again gets the same answer, and does nothing (HL7 v2.5 2.9.2).

    `sender` is MSH-3 and MSH-4, `control_id` MSH-10; `sha256` tells a repetition from a counter that began anew.
    """

    __tablename__ = "hl7_message"
    __table_args__ = (UniqueConstraint("sender", "control_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sender: Mapped[str]
    control_id: Mapped[str]
    sha256: Mapped[str]
    code: Mapped[str]
    text: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(index=True)
