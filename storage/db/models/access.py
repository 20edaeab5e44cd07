"""Exceptional ways to a study: the broken glass of an emergency, and links that end."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.archive import Study
from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import User


class BrokenGlass(Base):
    """One person's access to one study beyond what he may see or read, for a reason and a time, to be reviewed after.

    No mixin of scope: it is about another institution's study on purpose. `outcome` is empty until it was reviewed.
    """

    __tablename__ = "broken_glass"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    reason: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    outcome: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="joined", foreign_keys=[user_id])
    reviewed_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[reviewed_by_id])
    study: Mapped[Study] = relationship(lazy="joined")


class ShareLink(InstitutionScoped, Base):
    """A link that shows one study to whoever holds it, until `expires_at`; the token is kept as its SHA-256."""

    __tablename__ = "share_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    passcode_hash: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    created_by: Mapped[User] = relationship(lazy="joined")
    study: Mapped[Study] = relationship(lazy="joined")


class ShareVisit(Base):
    """A browser that has shown a link: its own token opens the study's pictures until `expires_at`."""

    __tablename__ = "share_visit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    share_link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    share_link: Mapped[ShareLink] = relationship(lazy="joined")
