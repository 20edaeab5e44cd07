"""What each reader has done, day by day: what the choice of the next case balances."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base


class ReaderWork(Base):
    """The weighted work (RVU) that a reader took in hand on one local day of work, which begins when the rules say.

    `carried_rvu` is what he owed when the day began: positive when he had done less than his part, and
    `share` the part of a full reader's work that his shift expects of him. `seen_at` is when he asked for a case or took one
    last; `last_patient_id` and `last_taken_at` are of the case that he took last.
    """

    __tablename__ = "reader_work"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    cases: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    read_rvu: Mapped[float] = mapped_column(default=0.0, server_default=text("0.0"))
    audit_rvu: Mapped[float] = mapped_column(default=0.0, server_default=text("0.0"))
    carried_rvu: Mapped[float] = mapped_column(default=0.0, server_default=text("0.0"))
    share: Mapped[float] = mapped_column(default=1.0, server_default=text("1.0"))
    seen_at: Mapped[datetime]
    last_patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    last_taken_at: Mapped[datetime | None]
