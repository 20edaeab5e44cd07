"""The county's rules, edition by edition."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, Key


class RuleEdition(Base):
    """One edition of a chapter (`storage.domain.rulebook.RuleKind`), in force from `effective_from` until a later one is.

    Never changed once published: what was decided under it names it by `version`, which counts from 1 in each chapter.
    """

    __tablename__ = "rule_edition"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]
    version: Mapped[int]
    effective_from: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    published_at: Mapped[datetime]
