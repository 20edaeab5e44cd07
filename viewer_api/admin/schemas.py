"""Bodies for those who run the service."""

from typing import Any, Literal

from viewer_api.schemas import Moment, Schema

Status = Literal["ok", "degraded", "down"]


class CheckOut(Schema):
    """One thing that must work."""

    name: str
    status: Status
    detail: str
    since: Moment | None


class ProcessOut(Schema):
    """A process by its last sign of life, and what it says about itself."""

    process: str
    kind: str
    started_at: Moment
    seen_at: Moment
    alive: bool
    report: dict[str, Any]


class CountsOut(Schema):
    """What waits, and what is stuck."""

    receiving: int
    waiting_upload: int
    quarantine: int
    unknown_callers: int
    renditions_pending: int
    renditions_failed: int
    open_tasks: int
    overdue_tasks: int
    commitments_waiting: int
    """Requests for storage commitment of more than 15 minutes ago that could not be answered."""
    deliveries_given_up: int
    """Messages that could not be delivered."""
    dead_letters: int
    """Tasks of the workers that failed for good."""


class HealthOut(Schema):
    status: Status
    checks: list[CheckOut]
    processes: list[ProcessOut]
    counts: CountsOut
