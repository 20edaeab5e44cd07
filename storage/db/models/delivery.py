"""What is made from stored images so that they reach their reader over a slow line. All of it can be made again."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, InstitutionScoped

_IS_PENDING = text("state = 'pending'")


class StudyDelivery(InstitutionScoped, Base):
    """How far the frames of a study are made; `instances` is how many it had when that was looked at last."""

    __tablename__ = "study_delivery"
    __table_args__ = (
        Index("ix_study_delivery_pending", "study_id", sqlite_where=_IS_PENDING, postgresql_where=_IS_PENDING),
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    state: Mapped[str]
    instances: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]


class FrameDelivery(InstitutionScoped, Base):
    """The frames of one instance as lossless HTJ2K codestreams, one after the other in one object.

    They hold for the original whose SHA-256 is `source_sha256` and for no other. `lengths` are the bytes of each frame, in
    order; with a `refusal` there are none, and the original is sent.
    """

    __tablename__ = "frame_delivery"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    source_sha256: Mapped[str]
    object_key: Mapped[str] = mapped_column(default="", server_default="")
    sha256: Mapped[str] = mapped_column(default="", server_default="")
    lengths: Mapped[list[int]] = mapped_column(JSON)
    refusal: Mapped[str] = mapped_column(default="", server_default="")
    made_at: Mapped[datetime]
