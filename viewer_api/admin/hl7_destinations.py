"""`/api/v1/admin/hl7-destinations`: the clinics' own systems that take results as HL7 v2 messages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field

from storage.audit import AuditEntry, record
from storage.db.models import Hl7Destination
from storage.db.queries import hl7_destinations
from storage.db.queries.people import institution_by_code
from storage.db.queries.results import latest_seq
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, NotFound
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Moment, Page, RequestSchema, Schema

router = APIRouter(prefix="/api/v1/admin/hl7-destinations", tags=["admin"])

Code = Annotated[str, Path(max_length=64)]
_Name = Annotated[str, Field(max_length=180, pattern=r"^[^|^~\\&\x00-\x1f]*$")]


class DestinationIn(RequestSchema):
    """Where the results of an institution go. `from_seq` begins after that number: without it, with the next result."""

    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[^\s/\\@]+$")]
    port: Annotated[int, Field(ge=1, le=65535)]
    application: _Name = ""
    """MSH-5."""
    facility: _Name = ""
    """MSH-6; the institution's code when empty."""
    charset: Literal["UNICODE UTF-8", "GB 18030-2000", "GBK"] = "UNICODE UTF-8"
    active: bool = True
    from_seq: Annotated[int | None, Field(ge=0)] = None


class SkipIn(RequestSchema):
    """Pass over the next result, which the other system will not take."""

    seq: Annotated[int, Field(ge=1)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class DestinationOut(Schema):
    """A destination, and how far it is."""

    institution: str
    institution_name: str
    host: str
    port: int
    application: str
    facility: str
    charset: str
    active: bool
    delivered_seq: int
    latest_seq: int
    delivered_at: Moment | None
    next_try_at: Moment
    attempts: int
    last_error: str


@router.get("", responses=refusals(401, 403))
def list_destinations(caller: CallerDep, services: ServicesDep) -> Page[DestinationOut]:
    """All of them, with what keeps one waiting."""
    with services.database.read(caller.scope) as work:
        return Page(items=[_out(work, row) for row in hl7_destinations.list_destinations(work)], next=None)


@router.put("/{institution}", responses=refusals(401, 403, 404, 422))
def set_destination(institution: Code, body: DestinationIn, caller: CallerDep, services: ServicesDep) -> DestinationOut:
    """Name or change where an institution's results go; they are tried again at once."""
    with services.database.write(caller.scope) as work:
        found = institution_by_code(work, institution)
        latest = latest_seq(work, found.id)
        try:
            row = hl7_destinations.destination_of(work, found)
        except NotFound:
            row = Hl7Destination(institution_id=found.id, delivered_seq=latest, attempts=0, last_error="")
        values = body.model_dump(exclude={"from_seq"})
        for name, value in values.items():
            setattr(row, name, value)
        if body.from_seq is not None:
            row.delivered_seq = min(body.from_seq, latest)
        row.next_try_at, row.claimed_until = work.now, None
        work.session.add(row)
        _record(work, caller.actor.username, "set", institution, {**values, "from_seq": row.delivered_seq})
        work.session.flush()
        return _out(work, hl7_destinations.destination_of(work, found))


@router.post("/{institution}/skip", responses=refusals(401, 403, 404, 409, 422))
def skip_result(institution: Code, body: SkipIn, caller: CallerDep, services: ServicesDep) -> DestinationOut:
    """Pass over one result, so that those after it can go; it stays in the clinic's list here."""
    with services.database.write(caller.scope) as work:
        found = institution_by_code(work, institution)
        row = hl7_destinations.destination_of(work, found)
        if body.seq != row.delivered_seq + 1 or body.seq > latest_seq(work, found.id):
            raise Conflict(f"The next result is {row.delivered_seq + 1}; only that one can be passed over.")
        row.delivered_seq, row.attempts, row.last_error, row.next_try_at = body.seq, 0, "", work.now
        _record(work, caller.actor.username, "skip", institution, {"seq": body.seq, "reason": body.reason})
        work.session.flush()
        return _out(work, row)


def _record(work: UnitOfWork, username: str, action: str, institution: str, detail: dict[str, object]) -> None:
    entry = AuditEntry(work.now, username, f"hl7_destination.{action}", f"institution:{institution}", detail)
    record(work.session, entry)


def _out(work: UnitOfWork, row: Hl7Destination) -> DestinationOut:
    names = DestinationOut.model_fields.keys() - {"institution", "institution_name", "latest_seq"}
    return DestinationOut(
        institution=row.institution.code,
        institution_name=row.institution.name,
        latest_seq=latest_seq(work, row.institution_id),
        **{name: getattr(row, name) for name in names},
    )
