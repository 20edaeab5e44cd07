"""Report templates in editions, phrases, and how often each reader uses them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, Key


class ReportTemplate(Base):
    """A template of the county, of a department, or of one reader (`storage.domain.templates.Level`).

    Of templates with the same `key` a reader gets the nearest. `owner_id` is set for a reader's own, `department` for a
    department's. `version` counts its editions from 1; one that is withdrawn stays, for the reports that name it.
    """

    __tablename__ = "report_template"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, Any]]
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    changed_at: Mapped[datetime]


class TemplateEdition(Base):
    """What a template said in one of its editions; never changed."""

    __tablename__ = "template_edition"
    __table_args__ = (UniqueConstraint("template_id", "version"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("report_template.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]


class Phrase(Base):
    """A short text that is found by a few letters: its `code`, or the pinyin or initials of its text.

    `section` is findings or impression, empty for both; `modalities` and `body_parts` are DICOM terms, empty for all.
    """

    __tablename__ = "phrase"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    level: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    code: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    zh: Mapped[str] = mapped_column(Text, default="")
    en: Mapped[str] = mapped_column(Text, default="")
    modalities: Mapped[list[str]]
    body_parts: Mapped[list[str]]
    pinyin: Mapped[str] = mapped_column(Text, default="")
    initials: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]


class PhraseUse(Base):
    """How often a reader has used a phrase; `phrase` is its number, or the name of a shipped one."""

    __tablename__ = "phrase_use"
    __table_args__ = (UniqueConstraint("user_id", "phrase"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    phrase: Mapped[str]
    uses: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime]
