"""Who works when, and who may read what."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, Key
from storage.db.models.organisation import User


class ShiftKind(Base):
    """A kind of shift: the work that it covers, and its local hours; one that ends no later than it starts ends the next day.

    Null means everything: `modalities` (or groups of `storage.domain.rosters.MODALITY_GROUPS`), `priorities`. `subspecialties`
    may be empty. `rvu_share` is the part of a full reader's work that is expected of whoever has it, from 0 to 1.
    """

    __tablename__ = "shift_kind"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(default="", server_default="")
    colour: Mapped[str] = mapped_column(default="", server_default="")
    modalities: Mapped[list[str] | None]
    subspecialties: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    priorities: Mapped[list[str] | None]
    starts: Mapped[time]
    ends: Mapped[time]
    night: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_call: Mapped[bool] = mapped_column(default=False, server_default=false())
    rvu_share: Mapped[float] = mapped_column(default=1.0, server_default=text("1.0"))
    phone: Mapped[str] = mapped_column(default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())


class DutySpan(Base):
    """Somebody's shift of one local day. `starts_at` and `ends_at` are what counts; `exact` where they differ from the kind's.

    `on_call` means reachable under `phone`, or the kind's, and not at the desk.
    """

    __tablename__ = "duty_span"
    __table_args__ = (
        UniqueConstraint("user_id", "shift_kind_id", "day"),
        Index("ix_duty_span_ends_at_starts_at", "ends_at", "starts_at"),
        Index("ix_duty_span_day", "day"),
        Index("ix_duty_span_user_id_ends_at", "user_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    shift_kind_id: Mapped[int] = mapped_column(ForeignKey("shift_kind.id"), index=True)
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    exact: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_call: Mapped[bool] = mapped_column(default=False, server_default=false())
    phone: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")

    user: Mapped[User] = relationship()
    kind: Mapped[ShiftKind] = relationship(lazy="joined")


class DutySwap(Base):
    """A shift that went from one person to another, and the one that was given for it, if any."""

    __tablename__ = "duty_swap"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shift_kind_id: Mapped[int] = mapped_column(ForeignKey("shift_kind.id"))
    day: Mapped[date] = mapped_column(index=True)
    from_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    to_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    for_shift_kind_id: Mapped[int | None] = mapped_column(ForeignKey("shift_kind.id"))
    for_day: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


class Absence(Base):
    """That somebody is away for a span, whatever the roster says. `kind` is a `storage.domain.rosters.AbsenceKind`."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_user_id_ends_at", "user_id", "ends_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="", server_default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class Qualification(Base):
    """What a person is licensed for, by local days, both inclusive; never deleted. See `storage.domain.rosters.Licence`.

    `ended_on` is set where it ends before its time: from that day on it counts no more.
    """

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    modality: Mapped[str]
    subspecialty: Mapped[str] = mapped_column(default="", server_default="")
    may_audit: Mapped[bool] = mapped_column(default=False, server_default=false())
    licence_number: Mapped[str] = mapped_column(default="", server_default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    ended_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
