"""`/api/v1/uploads`: files and ZIPs from a browser, or from any program that can PUT."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Header, Path, Query, Request

from storage.audit import AuditEntry, record
from storage.db.models import Upload
from storage.db.queries import uploads
from storage.db.queries.uploads import UploadLine
from storage.db.session import UnitOfWork
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.uploads.body import BodyStream, in_thread
from viewer_api.uploads.intake import origin_of
from viewer_api.uploads.receiving import SHOWN, receive_file
from viewer_api.uploads.schemas import CountsOut, EntryOut, FileOut, UploadIn, UploadOut

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"])

Key = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0" * 32])]
FileName = Annotated[str, Path(max_length=500, examples=["1"])]


@router.post("", status_code=201, responses=refusals(401, 403, 404))
def begin_upload(body: UploadIn, caller: CallerDep, services: ServicesDep) -> UploadOut:
    """Begin an upload; files follow, and `complete` ends it."""
    origin = origin_of(services.database, caller, body.institution, "upload_begun")
    with services.database.write(caller.scope) as work:
        now = services.intake.clock.now()
        upload = uploads.open_upload(work, origin.institution, origin.device, caller.user.id, now)
        upload.institution, upload.device = origin.institution, origin.device
        return _upload_out(work, upload, [])


@router.put(
    "/{upload_id}/files/{name}",
    responses=refusals(401, 403, 404, 409, 507),
    openapi_extra={"requestBody": {"content": {"application/octet-stream": {}}, "required": True}},
)
async def put_file(
    upload_id: Key,
    name: FileName,
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    x_file_name: Annotated[str, Header(max_length=2000)] = "",
) -> FileOut:
    """One file, or a ZIP of any number, as the body. The same name again replaces what was told about it before.

    Names of files may name patients, and addresses are kept in logs: put files under numbers, and say their own names,
    percent-encoded in UTF-8, in `X-File-Name`.
    """
    address = request.client.host if request.client else ""
    shown = unquote(x_file_name) or name
    received = await in_thread(
        services.intake.bodies,
        receive_file,
        services,
        caller.scope,
        upload_id,
        name,
        shown,
        address,
        BodyStream(request),
    )
    return FileOut(
        file=name,
        taken=received.taken,
        refused=received.refused,
        entries=[_entry_out(line) for line in received.first[:SHOWN]],
    )


@router.post("/{upload_id}/complete", responses=refusals(401, 403, 404))
def complete_upload(upload_id: Key, caller: CallerDep, services: ServicesDep) -> UploadOut:
    """Nothing more will come: what has come is opened for reading without waiting for more. Tells what was refused."""
    with services.database.write(caller.scope) as work:
        upload = uploads.upload_by_key(work, upload_id, lock=True)
        if upload.completed_at is None:
            subject = f"device:{upload.device_id}"
            detail = {"upload": upload.id}
            record(work.session, AuditEntry(work.now, f"user:{caller.user.id}", "upload_completed", subject, detail))
        uploads.complete_upload(work, upload)
        answer = _upload_out(work, upload, uploads.entries_of(work, upload, limit=SHOWN, aside=True))
    services.deliveries.end(upload_id)
    return answer


@router.get("/{upload_id}", responses=refusals(401, 403, 404))
def show_upload(
    upload_id: Key,
    caller: CallerDep,
    services: ServicesDep,
    cursor: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    aside: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
) -> UploadOut:
    """What became of the files so far; with `aside` only of those that were refused or kept aside."""
    with services.database.read(caller.scope) as work:
        upload = uploads.upload_by_key(work, upload_id)
        lines = uploads.entries_of(work, upload, after=cursor, limit=limit, aside=aside)
        return _upload_out(work, upload, lines, limit)


def _upload_out(work: UnitOfWork, upload: Upload, lines: list[UploadLine], limit: int = SHOWN) -> UploadOut:
    counts = uploads.count_fates(work, upload)
    return UploadOut(
        id=upload.key,
        institution=upload.institution.code,
        opened_at=upload.opened_at,
        completed_at=upload.completed_at,
        counts=CountsOut(**{fate.value: count for fate, count in counts.items()}),
        items=[_entry_out(line) for line in lines],
        next=str(lines[-1].entry.id) if len(lines) == limit else None,
    )


def _entry_out(line: UploadLine) -> EntryOut:
    entry = line.entry
    return EntryOut(
        file=entry.file,
        name=entry.name,
        fate=line.fate,
        code=line.reason or entry.code,
        detail=entry.detail,
        study_instance_uid=entry.study_instance_uid,
        size=entry.size,
    )
