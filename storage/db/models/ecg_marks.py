"""Marks on median beats as physicians set them, and the intervals between."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import User
from storage.db.models.reading import ReadingTask


class EcgMarks(InstitutionScoped, Base):
    """One version of the marks that the readers of a task keep for one recording. Never changed: another version follows.

    Marks are samples of the median beat of `measurement_id`, measured of the bytes whose SHA-256 is `source_sha256`. A version
    without `qrs_on` says that what was measured holds again. Values in ms were computed here from the marks and `hr`, the
    measured rate per minute.
    """

    __tablename__ = "ecg_marks"
    __table_args__ = (UniqueConstraint("task_id", "instance_id", "version"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    measurement_id: Mapped[int] = mapped_column(ForeignKey("ecg_measurement.id"))
    source_sha256: Mapped[str]
    version: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    p_on: Mapped[int | None]
    p_off: Mapped[int | None]
    qrs_on: Mapped[int | None]
    qrs_off: Mapped[int | None]
    t_off: Mapped[int | None]
    hr: Mapped[float | None]
    p_ms: Mapped[float | None]
    pr_ms: Mapped[float | None]
    qrs_ms: Mapped[float | None]
    qt_ms: Mapped[float | None]
    qtc_bazett_ms: Mapped[float | None]
    qtc_fridericia_ms: Mapped[float | None]
    qtc_framingham_ms: Mapped[float | None]
    qtc_hodges_ms: Mapped[float | None]

    task: Mapped[ReadingTask] = relationship()
    made_by: Mapped[User] = relationship()
