"""Long ECG recordings: what was made of them so that a day can be looked at without reading all of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.db.models.base import Base, CompactJson, InstitutionScoped, Key


class Ambulatory(InstitutionScoped, Base):
    """One long recording as one version of the engine saw it, beside its `EcgMeasurement`.

    The object `object_key` (`sha256`, `size` bytes) has the beats as columns and the overview of each lead; `document` says
    where in it, where the samples lie in the recording itself (of `source_sha256`), and has rates, hours and events.
    """

    __tablename__ = "ambulatory"
    __table_args__ = (UniqueConstraint("instance_id", "engine"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    engine: Mapped[str]
    source_sha256: Mapped[str]
    object_key: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    seconds: Mapped[float]
    made_at: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(CompactJson)
