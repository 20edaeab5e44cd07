"""Words for when a study is whole: what tells it, why it was opened for reading, and what it still waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class SignalKind(StrEnum):
    """What was said about the objects of a study, apart from the objects themselves.

    PERFORMED: a Modality Performed Procedure Step was completed and lists its objects (PS3.4 F.7.2.2).
    DISCONTINUED: such a step was broken off; what it lists is all that there will be.
    COMMITMENT: storage commitment was requested for these objects (PS3.4 J.3.2).
    ANNOUNCED: an edge station or an upload says which objects, or how many, it is going to bring.
    RELEASED: a sender says that it has nothing more for this study.
    """

    PERFORMED = "performed"
    DISCONTINUED = "discontinued"
    COMMITMENT = "commitment"
    ANNOUNCED = "announced"
    RELEASED = "released"


class ReadyReason(StrEnum):
    """Why a study was opened for reading; `reading_queue.readiness` has the rules."""

    LISTED = "listed"
    COUNTED = "counted"
    RELEASED = "released"
    IDLE = "idle"
    MISSING = "missing"
    LIMIT = "limit"
    LIMIT_UNSTORED = "limit_unstored"


WHOLE_SERIES = "series"
"""The key under which `Series.stated_counts` has the number for the whole series."""

INCOMPLETE_REASONS = (ReadyReason.MISSING, ReadyReason.LIMIT)
"""The study was opened although it may lack images; whoever reads it must be told."""


class WaitingFor(StrEnum):
    """What keeps a study from being read."""

    IMAGES = "images"
    ASSOCIATION = "association"
    MISSING = "missing"
    STORE = "store"
    IDLE = "idle"


@dataclass(frozen=True)
class ReadyTimes:
    """How long a study is waited for, all in seconds.

    `idle` without a new object makes a study whole that nothing stronger speaks for; `idle_by_modality` replaces it for
    some modalities, a device's own value replaces both. `missing` is the same where objects are known to be missing.
    `limit` after the first object it is read in any case, `limit_urgent` for green channel and emergencies.
    """

    idle: float = 10.0
    idle_by_modality: Mapping[str, float] = field(default_factory=dict)
    missing: float = 300.0
    limit: float = 1800.0
    limit_urgent: float = 300.0
