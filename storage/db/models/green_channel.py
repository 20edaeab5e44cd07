"""Green channel: a case of chest pain, stroke or trauma, and what happened when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, InstitutionScoped, Key


class GreenChannelCase(InstitutionScoped, Base):
    """A patient on the green channel, from `opened_at` until somebody closes it; `kind` is `storage.domain.green_channel.Kind`.

    His studies inherit P0 from it as long as it is open and not older than the county's window.
    """

    __tablename__ = "green_channel_case"
    __table_args__ = (Index("ix_green_channel_case_patient_id_opened_at", "patient_id", "opened_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(default="", server_default="")
    close_reason: Mapped[str] = mapped_column(default="", server_default="")


class GreenChannelMilestone(InstitutionScoped, Base):
    """A moment of a case, each told once; `name` is `storage.domain.green_channel.Milestone`."""

    __tablename__ = "green_channel_milestone"
    __table_args__ = (UniqueConstraint("case_id", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("green_channel_case.id"))
    name: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
