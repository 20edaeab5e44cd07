"""Image grades, retake orders, submitted words, signed exams as quality work counts them, and peer reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.archive import Study
from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Device, Institution, User
from storage.db.models.reading import ReadingTask

_IS_OPEN = text("state IN ('open', 'seen')")
_WAITS = text("state <> 'done'")


class ImageGrade(InstitutionScoped, Base):
    """How good the images are (`storage.domain.quality.Grade`), one row for each of the steps reading and audit.

    `reasons` are codes of the chapter QUALITY. It may be changed until the report is signed; the audit chain has the changes.
    """

    __tablename__ = "image_grade"
    __table_args__ = (UniqueConstraint("task_id", "step"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    step: Mapped[str]
    grade: Mapped[str]
    reasons: Mapped[list[str]]
    note: Mapped[str] = mapped_column(Text, default="")
    graded_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    graded_at: Mapped[datetime]

    graded_by: Mapped[User] = relationship()


class RetakeOrder(InstitutionScoped, Base):
    """The clinic is to take images again. It counts against the site, the device and the operator, never the reader.

    It follows the task: made with its RETURN (event `return_seq`), closed when the task leaves RETAKE_WAIT. `marked` says
    what is meant: series, SOP instance, frame, and a region as [left, top, right, bottom] in shares of the image (0 to 1).
    `reminded_at` is when people were told that nobody had looked by `see_by`.
    """

    __tablename__ = "retake_order"
    __table_args__ = (
        UniqueConstraint("task_id", "return_seq"),
        Index("ix_retake_order_open", "see_by", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_retake_order_ordered_at", "ordered_at"),
        Index("ix_retake_order_closed_at", "closed_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    return_seq: Mapped[int]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    modality: Mapped[str]
    operator: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    reason_code: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    guidance: Mapped[str] = mapped_column(Text, default="")
    marked: Mapped[dict[str, Any]]
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ordered_at: Mapped[datetime]
    see_by: Mapped[datetime]
    answer_by: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(default="")
    close_reason: Mapped[str] = mapped_column(Text, default="")

    study: Mapped[Study] = relationship()
    institution: Mapped[Institution] = relationship()
    device: Mapped[Device | None] = relationship()
    task: Mapped[ReadingTask] = relationship()
    ordered_by: Mapped[User | None] = relationship(foreign_keys=[ordered_by_id])
    seen_by: Mapped[User | None] = relationship(foreign_keys=[seen_by_id])


class SubmittedReport(InstitutionScoped, Base):
    """The words as their author submitted them, for each SUBMIT (event `seq`); never changed."""

    __tablename__ = "submitted_report"
    __table_args__ = (UniqueConstraint("task_id", "seq"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    seq: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    submitted_at: Mapped[datetime]
    findings: Mapped[str] = mapped_column(Text)
    impression: Mapped[str] = mapped_column(Text)
    positive: Mapped[bool | None]
    critical: Mapped[str] = mapped_column(Text, default="")


class SignedExam(InstitutionScoped, Base):
    """A signed exam as quality figures count it, one a task, written with its SIGN (event `seq`).

    `faults` are the codes that the writing rules found in what was signed, `blocking` those among them that were
    overridden with `override_reason`. `suggested` is the `Discrepancy` that the texts suggest; `judged` what the signer
    said, empty until he does. Both are empty where nobody else had submitted the report.
    """

    __tablename__ = "signed_exam"
    __table_args__ = (Index("ix_signed_exam_signed_at", "signed_at"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), primary_key=True)
    seq: Mapped[int]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    modality: Mapped[str]
    operator: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    signer_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime]
    edition: Mapped[int]
    faults: Mapped[list[str]]
    blocking: Mapped[list[str]]
    override_reason: Mapped[str] = mapped_column(Text, default="")
    suggested: Mapped[str] = mapped_column(default="")
    judged: Mapped[str] = mapped_column(default="")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    judged_at: Mapped[datetime | None]
    draw: Mapped[float]


class PeerReview(InstitutionScoped, Base):
    """A second look at a signed report by somebody who neither wrote nor signed it, and is told neither name.

    One a report version and kind of draw: `drawn_by` says why it came to be. A PRIOR is the quick score of an earlier
    report that a reader gives while he reads the next study (`while_task_id`).
    """

    __tablename__ = "peer_review"
    __table_args__ = (
        UniqueConstraint("task_id", "drawn_by"),
        Index("ix_peer_review_waiting", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_peer_review_drawn_at", "drawn_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    version: Mapped[int]
    modality: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    signer_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    drawn_by: Mapped[str]
    drawn_at: Mapped[datetime]
    state: Mapped[str]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    taken_at: Mapped[datetime | None]
    score: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    while_task_id: Mapped[int | None]

    study: Mapped[Study] = relationship()
    task: Mapped[ReadingTask] = relationship()
