"""What ECGs measure: the engine's own values, apart from those that the device wrote into the object."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, CompactJson, InstitutionScoped, Key


class EcgMeasurement(InstitutionScoped, Base):
    """One object measured by one version of the engine; a newer version adds a row, nothing is overwritten.

    It holds for the bytes whose SHA-256 is `source_sha256`. `state` is pending while the object could not be read, with
    `attempts` and `tried_at`; `refusal` says why an object is refused for good. `document` are the engine's measurements,
    suggestions and suspicions, `device` the values in the object itself; the numbers beside them (per minute, ms, degrees) are
    the engine's, for lists and figures.
    """

    __tablename__ = "ecg_measurement"
    __table_args__ = (UniqueConstraint("instance_id", "engine"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    engine: Mapped[str]
    source_sha256: Mapped[str]
    state: Mapped[str]
    refusal: Mapped[str] = mapped_column(default="", server_default="")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    tried_at: Mapped[datetime]
    measured_at: Mapped[datetime | None]
    hr: Mapped[float | None]
    p_ms: Mapped[float | None]
    pr_ms: Mapped[float | None]
    qrs_ms: Mapped[float | None]
    qt_ms: Mapped[float | None]
    qtc_bazett_ms: Mapped[float | None]
    qtc_fridericia_ms: Mapped[float | None]
    qrs_axis_deg: Mapped[float | None]
    document: Mapped[dict[str, Any]] = mapped_column(CompactJson)
    device: Mapped[dict[str, Any]] = mapped_column(CompactJson)
