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
    actor: Mapped[str] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
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


class AuditArchive(Base):
    """Links that have left the table for a file: what the chain goes on from. Rows come in order, without gaps.

    `last_sha256` is the hash of the last link in the file, `file_sha256` that of the file's bytes.
    """

    __tablename__ = "audit_archive"

    last_seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    first_seq: Mapped[int]
    last_sha256: Mapped[str]
    file: Mapped[str]
    file_sha256: Mapped[str]
    archived_at: Mapped[datetime]


class Heartbeat(Base):
    """A process's last sign of life, and what it has to say about itself (never patient data)."""

    __tablename__ = "heartbeat"

    process: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    report: Mapped[dict[str, Any]]
