"""Images that were rejected: the note that says so, on its way into the study."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.quality import RetakeOrder

_NOT_FILED = sql("filed_at IS NULL")


class RejectionNote(InstitutionScoped, Base):
    """The images that a retake replaces (`Instance.rejection_id`) are rejected: a Key Object Selection in the study tells it.

    `title` is its document title (PS3.16 CID 7010), `series_instance_uid` and `sop_instance_uid` are the object's own.
    `filed_at` is when it was in the study; `error` is the kind of the last failure, after `attempts` of which the next one
    waits until `next_try_at`. `revoked_at`: the clinic said that there will be no other images, so they are read after all.
    """

    __tablename__ = "rejection_note"
    __table_args__ = (
        Index("ix_rejection_note_next_try_at", "next_try_at", sqlite_where=_NOT_FILED, postgresql_where=_NOT_FILED),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    retake_order_id: Mapped[int] = mapped_column(ForeignKey("retake_order.id"), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    title: Mapped[str]
    series_instance_uid: Mapped[str]
    sop_instance_uid: Mapped[str] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    next_try_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="", server_default="")
    revoked_at: Mapped[datetime | None]

    order: Mapped[RetakeOrder] = relationship()
