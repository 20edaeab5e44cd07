"""How readers want the images of exams to be laid out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, Key


class OwnHanging(Base):
    """A reader's layout for a modality and a body part (empty where exams name none); DICOM terms in capitals.

    `content` is a step of a hanging protocol (`reading_queue.hanging.chapter.HangingStep`).
    """

    __tablename__ = "own_hanging"
    __table_args__ = (UniqueConstraint("user_id", "modality", "body_part"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    modality: Mapped[str]
    body_part: Mapped[str]
    content: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
