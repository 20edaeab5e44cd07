"""The reading workflow's rows: tasks, their events, drafts, reports and versions, results and receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.archive import Study
from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Institution, User
from storage.domain.reading import CLOSED_STATES

_IS_OPEN = text("state NOT IN ({})".format(", ".join(f"'{state.value}'" for state in CLOSED_STATES)))
_GOES_FIRST = text("goes_first")
_IN_HAND = text("reader_id IS NOT NULL")
_KEPT = text("state IN ('assigned', 'info_wait')")
_REWORK = text("state = 'rework'")
_GIVEN_BACK = text("action = 'release'")


class ReadingTask(InstitutionScoped, Base):
    """The one thing that has an owner. All changes go through `reading_queue.service`, as conditional updates.

    Clock A (regulatory): `exam_started_at` to the final report, never paused; `regulatory_due_at` is its outer bound.
    Clock B (contract): `ready_at` to the final report, `paused_seconds` not counted; `due_at` is its target and
    `limit_at` its maximum. `clock_started_at` is where it counts from: `ready_at`, moved forward by pauses and by a
    raised priority. `next_escalation_at` is when somebody must look at it next
    (`reading_queue.attention`): `escalation` and `regulatory_level` are what has been told of the two clocks, and
    `unclaimed_told_at` when the duty phone was called. `unmanned_since` is since when nobody is on duty for it, and
    `roster_look_at` when to look again; from `open_to_all_at` on every qualified reader may take it, on duty or not. `goes_first` puts a retaken study before its class.
    `step` is a `storage.domain.reading.ReadingStep`. `mismatch` says in words how the study contradicts its order, empty when
    it does not. `independent` is one of two readings that know nothing of each other. From `preliminary_at` on the clinic has
    a preliminary report.
    """

    __tablename__ = "reading_task"
    __table_args__ = (
        Index(
            "uq_reading_task_open_study_step",
            "study_id",
            "step",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_reading_task_state_due_at", "state", "due_at", "id"),
        Index("ix_reading_task_next_escalation_at", "next_escalation_at"),
        Index("ix_reading_task_lease_expires_at", "lease_expires_at"),
        Index("ix_reading_task_institution_id_id", "institution_id", "id"),
        Index(
            "ix_reading_task_independent",
            "study_id",
            sqlite_where=text("independent = 1"),
            postgresql_where=text("independent"),
        ),
        Index("ix_reading_task_queue", "state", "priority", "due_at", "id"),
        Index("ix_reading_task_queue_of_modality", "state", "modality", "priority", "due_at", "id"),
        Index("ix_reading_task_queue_of_institution", "institution_id", "state", "due_at", "id"),
        Index(
            "ix_reading_task_goes_first", "state", "ready_at", sqlite_where=_GOES_FIRST, postgresql_where=_GOES_FIRST
        ),
        Index("ix_reading_task_reader_id", "reader_id", sqlite_where=_IN_HAND, postgresql_where=_IN_HAND),
        Index("ix_reading_task_kept_for", "preferred_reader_id", sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("ix_reading_task_rework_of", "author_id", sqlite_where=_REWORK, postgresql_where=_REWORK),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    step: Mapped[str]
    state: Mapped[str]
    priority: Mapped[str]
    modality: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    goes_first: Mapped[bool] = mapped_column(default=False)
    mismatch: Mapped[str] = mapped_column(default="", server_default="")
    independent: Mapped[bool] = mapped_column(default=False, server_default=false())
    previous_task_id: Mapped[int | None] = mapped_column(ForeignKey("reading_task.id"))

    reader_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lease_token: Mapped[str | None]
    lease_expires_at: Mapped[datetime | None]
    preferred_reader_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    created_at: Mapped[datetime]
    state_since: Mapped[datetime]
    exam_started_at: Mapped[datetime | None]
    ready_at: Mapped[datetime]
    clock_started_at: Mapped[datetime]
    paused_since: Mapped[datetime | None]
    paused_seconds: Mapped[float] = mapped_column(default=0.0)
    due_at: Mapped[datetime]
    limit_at: Mapped[datetime]
    regulatory_due_at: Mapped[datetime | None]
    sla_policy: Mapped[str]
    escalation: Mapped[int] = mapped_column(default=0)
    next_escalation_at: Mapped[datetime | None]
    regulatory_level: Mapped[int] = mapped_column(default=0, server_default="0")
    unclaimed_told_at: Mapped[datetime | None]
    unmanned_since: Mapped[datetime | None]
    roster_look_at: Mapped[datetime | None]
    open_to_all_at: Mapped[datetime | None]
    green_channel_case_id: Mapped[int | None]
    drafted_at: Mapped[datetime | None]
    preliminary_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]

    study: Mapped[Study] = relationship()
    institution: Mapped[Institution] = relationship()
    preferred_reader: Mapped[User | None] = relationship(foreign_keys=[preferred_reader_id])
    reader: Mapped[User | None] = relationship(foreign_keys=[reader_id])
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    signer: Mapped[User | None] = relationship(foreign_keys=[signer_id])


class TaskEvent(Base):
    """One step of a task, written in the transaction that made it (I4). Clocks, fees and indicators derive from these alone."""

    __tablename__ = "task_event"
    __table_args__ = (
        UniqueConstraint("task_id", "seq"),
        Index("ix_task_event_given_back", "actor_id", "at", sqlite_where=_GIVEN_BACK, postgresql_where=_GIVEN_BACK),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    seq: Mapped[int]
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    actor: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Draft(Base):
    """What a reader has written so far; it outlives the lease. `structure` has the values of the template it was made from."""

    __tablename__ = "draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), primary_key=True)
    findings: Mapped[str] = mapped_column(Text, default="")
    impression: Mapped[str] = mapped_column(Text, default="")
    positive: Mapped[bool | None]
    critical: Mapped[str] = mapped_column(Text, default="")
    structure: Mapped[dict[str, Any] | None]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    saved_at: Mapped[datetime]


class DraftVersion(Base):
    """Words of a draft that others have taken the place of, and whose they are. The last ones of each task are kept."""

    __tablename__ = "draft_version"
    __table_args__ = (Index("ix_draft_version_task_id_id", "task_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    findings: Mapped[str] = mapped_column(Text)
    impression: Mapped[str] = mapped_column(Text)
    positive: Mapped[bool | None]
    critical: Mapped[str] = mapped_column(Text)
    structure: Mapped[dict[str, Any] | None]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    saved_at: Mapped[datetime]

    saved_by: Mapped[User] = relationship()


class Consultation(InstitutionScoped, Base):
    """An upper-level hospital is asked about a case; `institution_id` is the clinic whose study it is.

    While it is open (`storage.domain.reading.OPEN_CONSULTATIONS`) the users of `hospital_id` see that study, and no other.
    `from_state` is where the task goes back to, into the hand of the one who asked. `remind_at` is when the hospital is told
    again, `expires_at` when the case goes back without an opinion.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix_consultation_hospital_id_state", "hospital_id", "state", "id"),
        Index("ix_consultation_state_remind_at", "state", "remind_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    state: Mapped[str]
    from_state: Mapped[str]
    question: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    consultant_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    accepted_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    remind_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    task: Mapped[ReadingTask] = relationship()
    study: Mapped[Study] = relationship()
    hospital: Mapped[Institution] = relationship(foreign_keys=[hospital_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    consultant: Mapped[User | None] = relationship(foreign_keys=[consultant_id])


class Report(InstitutionScoped, Base):
    """The report of a task; its content is in its versions."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    last_version: Mapped[int]
    created_at: Mapped[datetime]

    study: Mapped[Study] = relationship()
    institution: Mapped[Institution] = relationship()


class ReportVersion(InstitutionScoped, Base):
    """A signed version: never changed, never deleted (I5; database triggers refuse both).

    `content` is everything the report says, names and titles included; `sha256` is over its canonical JSON, and
    `previous_sha256` ties it to the version it follows.
    """

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("report_id", "version"), Index("ix_report_version_signed_at", "signed_at"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    version: Mapped[int]
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    previous_sha256: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    signer_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime]

    report: Mapped[Report] = relationship()


class Result(InstitutionScoped, Base):
    """A line in a clinic's gap-free sequence (I6): this version of this report is yours to fetch."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("institution_id", "seq"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    seq: Mapped[int]
    kind: Mapped[str]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), index=True)
    report_version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id"), unique=True)
    created_at: Mapped[datetime]

    study: Mapped[Study] = relationship()
    report_version: Mapped[ReportVersion] = relationship()
    receipt: Mapped["Receipt | None"] = relationship(back_populates="result")
    printing: Mapped["ResultPrinting | None"] = relationship(viewonly=True)


class Receipt(InstitutionScoped, Base):
    """The clinic's word that it holds a result: who, and when."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    received_by: Mapped[str]
    at: Mapped[datetime]

    result: Mapped[Result] = relationship(back_populates="receipt")


class ResultPrinting(InstitutionScoped, Base):
    """The clinic's word that it put a result on paper: who, and when first."""

    __tablename__ = "result_printing"

    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    printed_by: Mapped[str]
    at: Mapped[datetime]
