"""What was said about which objects belong to a study."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, InstitutionScoped, Key


class ReadinessSignal(InstitutionScoped, Base):
    """One statement (`storage.domain.readiness.SignalKind`) about a study, which may not have arrived yet.

    `objects` are SOP Instance UIDs, sorted; `expected` is a number of objects where only that is known. `at` is when it was
    said, `recorded_at` when it came to us. `digest` is over what was said and by whom: said again, it is the same row.
    """

    __tablename__ = "readiness_signal"
    __table_args__ = (Index("ix_readiness_signal_study_instance_uid", "study_instance_uid", "institution_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_instance_uid: Mapped[str]
    kind: Mapped[str]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    objects: Mapped[list[str]]
    expected: Mapped[int | None]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(unique=True)
