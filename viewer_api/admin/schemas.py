"""Bodies for those who run the service."""

from typing import Annotated, Any, Literal

from pydantic import Field

from viewer_api.schemas import Moment, RequestSchema, Schema

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


class HealthOut(Schema):
    status: Status
    checks: list[CheckOut]
    processes: list[ProcessOut]
    counts: CountsOut


class DeviceOut(Schema):
    """Equipment that may push studies."""

    id: int
    ae_title: str
    institution: str
    institution_name: str
    name: str
    modality: str
    charset: str
    active: bool
    last_seen_at: Moment | None


class UnknownCallerOut(Schema):
    """A calling AE title that was refused."""

    id: int
    ae_title: str
    address: str
    called_ae_title: str
    reason: str
    first_seen_at: Moment
    last_seen_at: Moment
    attempts: int


class AcceptIn(RequestSchema):
    """Whose equipment it is."""

    institution: Annotated[str, Field(min_length=1, max_length=64, examples=["t01"])]
    name: Annotated[str, Field(max_length=100)] = ""
    modality: Annotated[str, Field(max_length=16, examples=["CT"])] = ""
