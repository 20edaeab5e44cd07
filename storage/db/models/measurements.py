"""What readers have measured in images: kept with the study, with every earlier state."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import User

_STANDS = sql("deleted_at IS NULL")


class Measurement(InstitutionScoped, Base):
    """A measurement or a mark as it is now (`storage.domain.measuring`). `frame` counts from 1.

    `points` are pairs of column and row, `figures` what the server made of them and `method` where the size of a pixel
    came from. `for_clinic` says that the clinic sees it with the signed report.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        Index("ix_measurement_study_id", "study_id", "id", sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    series_instance_uid: Mapped[str]
    sop_instance_uid: Mapped[str]
    frame: Mapped[int]
    kind: Mapped[str]
    points: Mapped[list[Any]] = mapped_column(JSON)
    label: Mapped[str] = mapped_column(Text, default="", server_default="")
    for_clinic: Mapped[bool] = mapped_column(default=False, server_default=false())
    figures: Mapped[list[Any]] = mapped_column(JSON)
    method: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default=sql("1"))
    deleted_at: Mapped[datetime | None]

    author: Mapped[User] = relationship()


class MeasurementVersion(InstitutionScoped, Base):
    """What a measurement was from `at` on, and who made it so. The last version of a deleted one says so in `action`."""

    __tablename__ = "measurement_version"
    __table_args__ = (UniqueConstraint("measurement_id", "version"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    measurement_id: Mapped[int] = mapped_column(ForeignKey("measurement.id"))
    version: Mapped[int]
    action: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
