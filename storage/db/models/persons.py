"""What people say about patient rows: which are one person, and which are not."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, Key

_STANDS = text("undone_at IS NULL")


class PatientMerge(Base):
    """A person's word that the row `merged_id` is the same person as the row `survivor_id`, until it is undone.

    The effective person of a row is found by following the merges that stand; a row is merged into one other at most.
    Patient rows and studies stay as they are, so that undoing restores exactly what was.
    """

    __tablename__ = "patient_merge"
    __table_args__ = (
        Index("uq_patient_merge_standing", "merged_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    undone_reason: Mapped[str] = mapped_column(default="", server_default="")


class PatientPair(Base):
    """Two rows that may be one person; `first_id` is the lower. `state` is a `storage.domain.patients.PairState`.

    `is_one_person` says that merges make them one now; they are not listed then. `by_id`, `at` and `note` are of whoever
    proposed or decided last; null where the machine did.
    """

    __tablename__ = "patient_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_patient_pair_list", "is_one_person", "state", "score", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    state: Mapped[str]
    is_one_person: Mapped[bool] = mapped_column(default=False, server_default=false())
    score: Mapped[int]
    reasons: Mapped[list[str]]
    found_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
