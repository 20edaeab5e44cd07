"""How results leave the house: key images, the documents written into the study, signed calls, and what was recognised."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Institution, User

_NOT_FILED = sql("filed_at IS NULL")


class KeyImage(InstitutionScoped, Base):
    """A frame that a reader marked as telling. What a signed version shows is kept in the version; these are the marks now.

    `frame` counts from 1, as Referenced Frame Number (0008,1160) does.
    """

    __tablename__ = "key_image"
    __table_args__ = (UniqueConstraint("task_id", "sop_instance_uid", "frame"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"))
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    sop_instance_uid: Mapped[str]
    frame: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    marked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    marked_at: Mapped[datetime]


class ReportFiling(InstitutionScoped, Base):
    """A signed version on its way into its study as DICOM objects. `filed_at` is when they were all there.

    `error` is the kind of the last failure; after `attempts` of them the next one waits until `next_try_at`.
    """

    __tablename__ = "report_filing"
    __table_args__ = (
        Index("ix_report_filing_next_try_at", "next_try_at", sqlite_where=_NOT_FILED, postgresql_where=_NOT_FILED),
    )

    report_version_id: Mapped[int] = mapped_column(
        ForeignKey("report_version.id"), primary_key=True, autoincrement=False
    )
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    next_try_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="", server_default="")


class ResultHook(InstitutionScoped, Base):
    """A system of an institution that is called with every result, one after the other in the order of their numbers.

    `wanted` names what the calls say beyond the number (`reading_queue.hooks.body`). A call is signed with `secret`, which
    is sealed (`storage.sealing`), under the name `key_id`, and while a rotation lasts with the older pair too.
    `delivered_seq` is the last result that was taken, or that a person has passed over. `claim_token` is that of the worker
    that sends until `claimed_until`. `failing_since` is when the next result was first refused; `paused` says that nothing
    is sent until a person says so, and `paused_because` why.
    """

    __tablename__ = "result_hook"
    __table_args__ = (
        UniqueConstraint("institution_id", "url"),
        Index("ix_result_hook_paused_next_try_at", "paused", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    wanted: Mapped[list[str]]
    key_id: Mapped[str]
    secret: Mapped[str]
    old_key_id: Mapped[str] = mapped_column(default="", server_default="")
    old_secret: Mapped[str] = mapped_column(default="", server_default="")
    paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    paused_because: Mapped[str] = mapped_column(default="", server_default="")
    delivered_seq: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    delivered_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    claim_token: Mapped[str] = mapped_column(default="", server_default="")
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    last_error: Mapped[str] = mapped_column(default="", server_default="")
    test_wanted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    version: Mapped[int] = mapped_column(default=1, server_default=sql("1"))

    institution: Mapped[Institution] = relationship()


class HookAttempt(InstitutionScoped, Base):
    """One call of a hook. `seq` is 0 for a test; `status` is the HTTP status, null where there was no answer."""

    __tablename__ = "hook_attempt"
    __table_args__ = (Index("ix_hook_attempt_hook_id_id", "hook_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("result_hook.id"))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str] = mapped_column(default="", server_default="")


class RecognitionChoice(InstitutionScoped, Base):
    """An earlier examination that could have stood for a new one, and what the clinic decided: recognised or repeated.

    `order_id` is the order that was placed all the same; `exam` the rule that made the earlier one recognisable, and
    `earlier_study_id` may belong to another institution. `detail` has what the rules said at that moment.
    """

    __tablename__ = "recognition_choice"
    __table_args__ = (Index("ix_recognition_choice_institution_id_at", "institution_id", "at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("exam_order.id"), index=True)
    earlier_study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    exam: Mapped[str]
    decision: Mapped[str]
    reason_code: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)

    decided_by: Mapped[User] = relationship()
