"""Referrals: a patient sent on, who takes him, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, InstitutionScoped, Key


class Referral(InstitutionScoped, Base):
    """One patient of one study, sent on by his clinic; `state` is `storage.domain.referrals.ReferralState`.

    `answer_due_at` is when somebody must have accepted him, `end_due_at` when the clinic must know what came of it;
    `unanswered_at` and `overdue_at` are when those passed in vain. `version` counts its steps.
    """

    __tablename__ = "referral"
    __table_args__ = (Index("ix_referral_state_end_due_at", "state", "end_due_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    state: Mapped[str]
    version: Mapped[int]
    reason: Mapped[str]
    destination: Mapped[str]
    opened_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    end_due_at: Mapped[datetime]
    unanswered_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]


class ReferralEvent(InstitutionScoped, Base):
    """A step of a referral: who did it, when, and with what words. Never changed."""

    __tablename__ = "referral_event"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    action: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    actor_name: Mapped[str]
    words: Mapped[str]
