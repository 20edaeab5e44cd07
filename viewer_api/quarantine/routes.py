"""`/api/v1/quarantine`: what was kept aside, and decisions that do something; and what clinics are asked to send anew."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from reading_queue import desk
from storage.db.queries import quarantine
from storage.db.queries.quarantine import Kept
from storage.objects import ObjectStore
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.quarantine.schemas import (
    BulkIn,
    BulkOut,
    QuarantineDetail,
    QuarantineOut,
    QuarantineQuery,
    ReopenIn,
    ResendOut,
    ResolveIn,
)
from viewer_api.quarantine.service import carry_out, carry_out_all, detail_out, line_out, resends_out
from viewer_api.schemas import Page
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1", tags=["quarantine"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_CHUNK = 1 << 20


@router.get("/quarantine")
def list_quarantine(asked: Annotated[QuarantineQuery, Query()], services: ServicesDep) -> Page[QuarantineOut]:
    """Objects kept aside for a person to decide on, the newest first."""
    wanted = Kept(asked.reason or "", asked.study_instance_uid, asked.ae_title, asked.resolved)
    with services.database.read() as work:
        lines = quarantine.list_quarantine(work, wanted, asked.limit + 1, asked.cursor)
        items = [line_out(row, institution) for row, institution in lines[: asked.limit]]
        return Page(items=items, next=str(items[-1].id) if len(lines) > asked.limit else None)


@router.post("/quarantine/resolve", responses=refusals(409))
def resolve_all(body: BulkIn, caller: CallerDep, services: ServicesDep) -> BulkOut:
    """One decision for everything that waits of a study or of a device. Each object is decided on for itself."""
    return carry_out_all(services, caller, body)


@router.get("/quarantine/{quarantine_id}", responses=refusals(404))
def show_quarantined(quarantine_id: RowId, caller: CallerDep, services: ServicesDep) -> QuarantineDetail:
    """One object beside what is in the archive in the place that it claims."""
    services.opened.note(caller, "quarantine_opened", f"quarantine:{quarantine_id}")
    return _detail(services, quarantine_id)


@router.get("/quarantine/{quarantine_id}/object", responses=refusals(404, 409), response_class=StreamingResponse)
def download_quarantined(quarantine_id: RowId, caller: CallerDep, services: ServicesDep) -> StreamingResponse:
    """The Part 10 file as it came; also of an object that was replaced after a report on it was signed."""
    services.opened.note(caller, "quarantine_downloaded", f"quarantine:{quarantine_id}")
    with services.database.read() as work:
        row, _ = quarantine.quarantined(work, quarantine_id)
        desk.require_bytes(row)
    headers = {
        "Content-Length": str(row.size),
        "Content-Disposition": f'attachment; filename="quarantine-{row.id}.dcm"',
        "Cache-Control": "private, no-store",
    }
    services.store.open_range(row.object_key, 0, 1)
    return StreamingResponse(_chunks(services.store, row.object_key), 200, headers, "application/dicom")


@router.post("/quarantine/{quarantine_id}/resolve", responses=refusals(404, 409))
def resolve_quarantined(
    quarantine_id: RowId, body: ResolveIn, caller: CallerDep, services: ServicesDep
) -> QuarantineDetail:
    """Decide what becomes of an object, and do it; who decided stands in the audit trail."""
    carry_out(services, caller, quarantine_id, body.wish())
    return _detail(services, quarantine_id)


@router.post("/quarantine/{quarantine_id}/reopen", responses=refusals(404, 409))
def reopen_quarantined(
    quarantine_id: RowId, body: ReopenIn, caller: CallerDep, services: ServicesDep
) -> QuarantineDetail:
    """Take a decision back, as long as the bytes are here."""
    with services.database.write() as work:
        desk.take_back(work, caller.actor, quarantine_id, body.note)
    return _detail(services, quarantine_id)


@router.get("/resend-requests")
def list_resend_requests(caller: CallerDep, services: ServicesDep) -> Page[ResendOut]:
    """Studies that clinics are asked to put right and send anew; a clinic sees its own alone."""
    with services.database.read(caller.scope) as work:
        return Page(items=resends_out(quarantine.resend_requests(work, caller.scope.institution_id)))


def _detail(services: Services, quarantine_id: int) -> QuarantineDetail:
    with services.database.read() as work:
        row, institution = quarantine.quarantined(work, quarantine_id)
        return detail_out(work, row, institution)


def _chunks(store: ObjectStore, key: str) -> Iterator[bytes]:
    with store.open(key) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
