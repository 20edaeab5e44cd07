"""What the application remembers of each person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base


class Preference(Base):
    """One thing that a person set for himself; `value` is any JSON. `version` counts how often it was set."""

    __tablename__ = "preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON, nullable=False)
    version: Mapped[int]
    changed_at: Mapped[datetime]
