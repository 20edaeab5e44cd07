"""Screens on walls, what clinics and readers are owed each month, and names that people gave to nameless examinations."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.archive import Study
from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Institution, User


class WallLink(Base):
    """A link that shows the county's figures on a screen, without anybody's name, until it is revoked or has expired."""

    __tablename__ = "wall_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    last_seen_address: Mapped[str] = mapped_column(default="", server_default="")

    created_by: Mapped[User] = relationship(lazy="joined")


class SettlementMonth(Base):
    """A month (`2026-03`) that was closed: its lines never change, and `sha256` is over them and `previous_sha256`."""

    __tablename__ = "settlement_month"

    month: Mapped[str] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    lines: Mapped[int]
    fee: Mapped[int]
    sha256: Mapped[str]
    previous_sha256: Mapped[str]

    closed_by: Mapped[User] = relationship(lazy="joined")


class SettlementLine(InstitutionScoped, Base):
    """A line of a closed month, never changed. `institution_id` is the clinic that pays; amounts in hundredths (分).

    `kind` is a `reading_queue.settlement.lines.LineKind`; `edition` the price list's by which it was reckoned. `reader_id`
    is owed `read_pay` and `signer_id` `audit_pay`. `corrects_id` names the line that a correction is about.
    """

    __tablename__ = "settlement_line"
    __table_args__ = (
        UniqueConstraint("month", "number"),
        Index("ix_settlement_line_institution_id_month", "institution_id", "month"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    month: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), index=True)
    version: Mapped[int]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_line.id"))
    modality: Mapped[str]
    priority: Mapped[str]
    item: Mapped[str]
    edition: Mapped[int]
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    fee: Mapped[int]
    read_pay: Mapped[int]
    audit_pay: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="", server_default="")

    institution: Mapped[Institution] = relationship(lazy="joined")


class SettlementDispute(InstitutionScoped, Base):
    """What somebody says against a line of a closed month, and the centre's answer.

    Where it was granted the amounts are what the line is changed by: a line of its own in the month of `answered_at`.
    """

    __tablename__ = "settlement_dispute"
    __table_args__ = (Index("ix_settlement_dispute_answered_at", "answered_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("settlement_line.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    fee: Mapped[int] = mapped_column(default=0, server_default="0")
    read_pay: Mapped[int] = mapped_column(default=0, server_default="0")
    audit_pay: Mapped[int] = mapped_column(default=0, server_default="0")

    line: Mapped[SettlementLine] = relationship(lazy="joined")
    asked_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[asked_by_id])
    institution: Mapped[Institution] = relationship(lazy="joined")


class StudyNaming(InstitutionScoped, Base):
    """What a person wrote where the machine had named no examination, beside what the DICOM objects say (mostly nothing).

    The study's own columns show the person's words; the objects, and what is answered out of them, stay as they came.
    """

    __tablename__ = "study_naming"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True, autoincrement=False)
    description: Mapped[str]
    body_part: Mapped[str]
    original_description: Mapped[str]
    original_body_part: Mapped[str]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    named_at: Mapped[datetime]

    study: Mapped[Study] = relationship()
    named_by: Mapped[User] = relationship(lazy="joined")
