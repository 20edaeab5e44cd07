"""What the IT person looks at: the audit chain and the processes' signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, Key


class AuditEvent(Base):
    """One link of the audit chain (I7): `sha256` covers the content and the link before."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    previous_sha256: Mapped[str]
    sha256: Mapped[str]


class AuditHead(Base):
    """The last link's number and hash; a missing tail no longer matches it. One row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    seq: Mapped[int]
    sha256: Mapped[str]


class Heartbeat(Base):
    """A process's last sign of life, and what it has to say about itself (never patient data)."""

    __tablename__ = "heartbeat"

    process: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    report: Mapped[dict[str, Any]]
