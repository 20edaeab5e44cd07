"""What people are told: the outbox. A notice is written in the transaction that made it true."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key


class Notice(Base):
    """Something that people must know. `key` makes it one, however often its cause is found again.

    `kind` names the sentence, `params` fills it and holds no patient data: who may see the task or study looks there.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    urgency: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("reading_task.id"), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("study.id"))
    critical_case_id: Mapped[int | None]
    params: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class NoticeRecipient(InstitutionScoped, Base):
    """One person who is told, and when he had seen it."""

    __tablename__ = "notice_recipient"
    __table_args__ = (
        UniqueConstraint("notice_id", "user_id"),
        Index("ix_notice_recipient_user_id_seen_at", "user_id", "seen_at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    seen_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship()
