"""Critical values: a record and a clock of their own, beside the reading task."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.archive import Study
from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Institution
from storage.domain.critical import ENDED

_IS_OPEN = text("state NOT IN ({})".format(", ".join(f"'{state.value}'" for state in ENDED)))


class CriticalCase(InstitutionScoped, Base):
    """A critical finding in a study, as it stands; what happened is in its events. Changed by `reading_queue.critical` alone.

    `code` is that of the list `list_key`, with the names that it had there then; `finding` says it in words. `basis_at` is
    where the national ten minutes start, null until that has come. `due_at` is when the present state ought to be left;
    `next_step_at` is when somebody must be told next, after `steps_told` steps of this state, as edition `rules_version`
    of the county's rules has it. `heard_at` is when the clinic itself wrote down that it had been told.
    """

    __tablename__ = "critical_case"
    __table_args__ = (
        Index(
            "uq_critical_case_open_study_code",
            "study_id",
            "code",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_critical_case_next_step_at", "next_step_at"),
        Index("ix_critical_case_state_due_at", "state", "due_at", "id"),
        Index("ix_critical_case_institution_id_id", "institution_id", "id"),
        Index("ix_critical_case_basis_at", "basis_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    modality: Mapped[str]
    priority: Mapped[str]
    code: Mapped[str]
    list_key: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    finding: Mapped[str] = mapped_column(Text)
    source: Mapped[str]
    source_detail: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    version: Mapped[int]
    rules_version: Mapped[int]
    basis: Mapped[str]
    basis_at: Mapped[datetime | None]

    suspected_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    acked_at: Mapped[datetime | None]
    treated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    state_since: Mapped[datetime]
    due_at: Mapped[datetime | None]
    steps_told: Mapped[int]
    next_step_at: Mapped[datetime | None]

    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    notifier: Mapped[str]
    receiver: Mapped[str]
    method: Mapped[str]
    heard_at: Mapped[datetime | None]

    study: Mapped[Study] = relationship()
    institution: Mapped[Institution] = relationship()


class CriticalEvent(InstitutionScoped, Base):
    """One step of a case: never changed, never deleted (database triggers refuse both).

    `content` is what was said, read back or done. `other_side` names who was told, or who told; `happened_at` is when, which
    for a phone call is before `at`, when it was written down. `sha256` is over all of it and the hash of the event before.
    """

    __tablename__ = "critical_event"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("critical_case.id"))
    seq: Mapped[int]
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    actor: Mapped[str]
    actor_name: Mapped[str]
    actor_title: Mapped[str]
    actor_is_clinic: Mapped[bool]
    at: Mapped[datetime]
    happened_at: Mapped[datetime]
    method: Mapped[str]
    other_side: Mapped[str]
    content: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]]
    previous_sha256: Mapped[str]
    sha256: Mapped[str]
