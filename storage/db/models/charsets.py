"""How often text had to be read otherwise than declared."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base


class CharsetCount(Base):
    """Objects of a device whose text was repaired, by day (UTC, YYYY-MM-DD) and by what was repaired.

    `repair` is the sentence of `Instance.charset_repair`. Counted once and for all, since there may be millions of them.
    """

    __tablename__ = "charset_count"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    repair: Mapped[str] = mapped_column(primary_key=True)
    objects: Mapped[int]
