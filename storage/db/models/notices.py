"""What people are told: the outbox. A notice is written in the transaction that made it true; what carries it comes after."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import User

_UNPLANNED = sql("planned_at IS NULL")
_WAITS = sql("next_attempt_at IS NOT NULL")


class Notice(Base):
    """Something that people must know. `key` makes it one, however often its cause is found again.

    `kind` names the sentence, `params` fills it and holds no patient data: who may see the task or study looks there.
    `planned_at` is when it was decided by which channels it leaves the house.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unplanned", "id", sqlite_where=_UNPLANNED, postgresql_where=_UNPLANNED),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    urgency: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("reading_task.id"), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("study.id"))
    critical_case_id: Mapped[int | None]
    params: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]


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


class Webhook(Base):
    """Another system that is told: its address, the sealed secret that signs what it gets, and which kinds it wants.

    `kinds` are patterns such as "critical.*"; null means every kind. `institution_id` keeps it to notices for people of
    one institution. `last_seq` is the last number given in its gap-free sequence.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    secret: Mapped[str]
    kinds: Mapped[list[str] | None]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    last_seq: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    created_at: Mapped[datetime]


class NoticeDelivery(Base):
    """One notice by one channel to one person or one webhook. `key` makes it one, here and where it arrives.

    `next_attempt_at` is null once it needs none any more; while a worker sends it, it is when that worker counts as lost,
    and `claim_token` is that worker's. `address` is where it goes when it is for no user: a duty telephone. `seq` is its
    number in the sequence of its webhook.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "seq"),
        Index("ix_notice_delivery_next_attempt_at", "next_attempt_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_notice_delivery_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    channel: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhook.id"))
    address: Mapped[str] = mapped_column(default="", server_default="")
    key: Mapped[str] = mapped_column(unique=True)
    seq: Mapped[int | None]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    next_attempt_at: Mapped[datetime | None]
    claim_token: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="", server_default="")
    last_error_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship()
    user: Mapped[User | None] = relationship()
    webhook: Mapped[Webhook | None] = relationship()


class StudyNote(InstitutionScoped, Base):
    """What clinic and centre write to each other about a study. Kept as written: a correction is a new note."""

    __tablename__ = "study_note"
    __table_args__ = (Index("ix_study_note_study_id_id", "study_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    author: Mapped[User] = relationship()


class StudyNoteSeen(InstitutionScoped, Base):
    """Somebody has had a note before his eyes, and when first."""

    __tablename__ = "study_note_seen"
    __table_args__ = (UniqueConstraint("note_id", "user_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("study_note.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()


class DeadLetter(Base):
    """A task of the workers that failed for good, or that killed those who took it. One row for a task with its arguments.

    `args` are identities only, `args_key` is their canonical JSON. `error` is the kind of failure and no text of it.
    `attempts` counts runs that failed, `deaths` processes that were lost, both since it last succeeded.
    """

    __tablename__ = "dead_letter"
    __table_args__ = (UniqueConstraint("task", "args_key"), Index("ix_dead_letter_state_id", "state", "id"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task: Mapped[str]
    args_key: Mapped[str]
    args: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str]
    error: Mapped[str] = mapped_column(default="", server_default="")
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    deaths: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]


class BeatLease(Base):
    """Which scheduler schedules: it alone, for as long as it renews. `ran` says when each sweep was last asked for."""

    __tablename__ = "beat_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    expires_at: Mapped[datetime]
    ran: Mapped[dict[str, Any]]
