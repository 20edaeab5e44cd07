"""What other systems leave here as Unified Procedure Steps: workitems, subscriptions, and requests to cancel (PS3.4 CC)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.orders import ExamOrder


class UpsRequest(InstitutionScoped, Base):
    """A workitem that came from outside, and the order that it became. `ended_at` is when it was cancelled as a workitem.

    Its UID stands for the reading of the order's study until that is given back for the first time.
    """

    __tablename__ = "ups_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    workitem_uid: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("exam_order.id"), unique=True)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    ended_at: Mapped[datetime | None]

    order: Mapped[ExamOrder] = relationship()


class UpsSubscription(Base):
    """What a person's or a machine's receiver, by its AE title, wants to hear of: one workitem, all, or those that fit.

    `target` is a workitem's UID, or a well-known one (PS3.4 CC.2.3). `filter` are the matching keys of a filtered one.
    `suspended` keeps it from growing to workitems that are yet to come: those after the event `until_event`.
    """

    __tablename__ = "ups_subscription"
    __table_args__ = (UniqueConstraint("user_id", "ae_title", "target"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    ae_title: Mapped[str]
    target: Mapped[str]
    filter: Mapped[dict[str, Any]]
    deletion_lock: Mapped[bool] = mapped_column(default=False, server_default=false())
    until_event: Mapped[int | None]
    created_at: Mapped[datetime]


class UpsCancelRequest(InstitutionScoped, Base):
    """Somebody would like a reading that is in hand to be given up; whoever reads decides (PS3.4 CC.2.2)."""

    __tablename__ = "ups_cancel_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("reading_task.id"), index=True)
    workitem_uid: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    contact: Mapped[str]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
