"""What devices asked us to answer for (storage commitment, PS3.4 annex J), and what they were told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, InstitutionScoped, Key
from storage.db.models.organisation import Device


class CommitmentRequest(InstitutionScoped, Base):
    """One transaction of a device. `state` is a `storage.domain.commitment.CommitmentState`.

    `items` are the objects it names: SOP Class UID by SOP Instance UID. `decisions` has what has been found of each so far: 0,
    or its Failure Reason (PS3.3 C.14.1.1); `objects` counts them all. `next_try_at` is when a gateway looks at the request
    again; `claimed_by` names the one that does now, and a claim that outlives `next_try_at` is void. `attempts` counts
    reports that were tried, and `last_error` says why the last one failed or what is waited for.
    """

    __tablename__ = "commitment_request"
    __table_args__ = (
        UniqueConstraint("device_id", "transaction_uid"),
        Index("ix_commitment_request_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    transaction_uid: Mapped[str]
    items: Mapped[dict[str, Any]]
    objects: Mapped[int]
    decisions: Mapped[dict[str, Any]]
    state: Mapped[str]
    requested_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(default="", server_default="")
    decided_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(default="", server_default="")

    device: Mapped[Device] = relationship()
