"""`/api/v1/edge/...`: what edge stations ask and send, and the list of stations for those who run the service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from storage.db.queries import edge
from storage.edge.protocol import DIGEST, LENGTH, OFFSET
from viewer_api.dependencies import ServicesDep
from viewer_api.edge import service
from viewer_api.edge.schemas import ParcelOut, ReportIn, ReportOut, StationOut
from viewer_api.edge.stations import Station
from viewer_api.edge.uploads import Piece, Progress
from viewer_api.openapi import refusals
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1/edge", tags=["edge"], responses=refusals(401, 403))


def _station(request: Request) -> Station:
    found: Station = request.state.station
    return found


StationDep = Annotated[Station, Depends(_station)]
ParcelId = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the whole parcel.")]
Position = Annotated[int, Header(ge=0, le=2**53)]


@router.post("/report")
def report(body: ReportIn, station: StationDep, services: ServicesDep) -> ReportOut:
    """A station says how it is, what associations brought, and which are over; it hears whose objects are expected."""
    return service.take_report(services.database, services.stations, station, body)


@router.get("/parcels/{parcel_id}")
def show_parcel(parcel_id: ParcelId, station: StationDep, services: ServicesDep) -> ParcelOut:
    """How much of a parcel has come, or what became of its objects."""
    return _parcel_out(services.stations.uploads(station).progress(parcel_id))


@router.patch("/parcels/{parcel_id}", responses=refusals(409, 507))
async def append_to_parcel(
    parcel_id: ParcelId,
    request: Request,
    station: StationDep,
    services: ServicesDep,
    offset: Annotated[Position, Header(alias=OFFSET)],
    length: Annotated[Position, Header(alias=LENGTH)],
    digest: Annotated[str, Header(alias=DIGEST, max_length=100)],
) -> ParcelOut:
    """Append a piece. The answer to the last one says what became of each object; `durable` survives a power cut here.

    409 when the piece does not start where the parcel ends (ask where that is), or came damaged; 422 when the whole
    parcel is, and has to be sent anew.
    """
    try:
        content = await request.body()
    except ClientDisconnect as error:
        raise HTTPException(400, "The line was cut in the middle of a piece.") from error
    piece = Piece(offset, length, digest, content)
    uploads = services.stations.uploads(station)
    progress = await run_in_threadpool(
        uploads.append, parcel_id, piece, lambda stream: services.stations.take_in(station, stream)
    )
    return _parcel_out(progress)


@router.get("/stations")
def list_stations(services: ServicesDep) -> Page[StationOut]:
    """Every station with its last contact and what waits there."""
    with services.database.read() as work:
        return Page(items=[service.station_out(state) for state in edge.list_stations(work)])


def _parcel_out(progress: Progress) -> ParcelOut:
    return ParcelOut(offset=progress.offset, outcomes=progress.outcomes)
