"""Where results go as HL7 v2 messages."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Institution


class Hl7Destination(InstitutionScoped, Base):
    """The system of an institution that takes its results, one after the other in the order of their numbers.

    `delivered_seq` is the last result that it has accepted (MSA-1 AA), or that a person has passed over. `application` and
    `facility` are MSH-5 and MSH-6, `charset` is the name of MSH-18. `claimed_until` keeps
    other gateways away while one sends; `last_error` says why the next one has not gone yet.
    """

    __tablename__ = "hl7_destination"
    __table_args__ = (UniqueConstraint("institution_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    host: Mapped[str]
    port: Mapped[int]
    application: Mapped[str] = mapped_column(default="")
    facility: Mapped[str] = mapped_column(default="")
    charset: Mapped[str] = mapped_column(default="UNICODE UTF-8")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    delivered_seq: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")

    institution: Mapped[Institution] = relationship()
