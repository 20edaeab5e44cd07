"""How readers want the images of exams to be laid out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, Key


class OwnHanging(Base):
    """A reader's own rules for hanging, all of them at once: their order counts.

    `content` is what `reading_queue.hanging.vocabulary.Protocols` says; `version` counts how often they were saved.
    """

    __tablename__ = "own_hanging"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), unique=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
