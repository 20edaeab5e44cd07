"""`/api/v1/health`, devices, and callers that nobody knows yet."""

from typing import Annotated

from fastapi import APIRouter, Path

from storage.audit import AuditEntry, record
from storage.db.models import Device, UnknownCaller
from storage.db.queries import operations, people
from viewer_api.admin import health as checks
from viewer_api.admin.schemas import (
    AcceptIn,
    DeviceOut,
    HealthOut,
    UnknownCallerOut,
)
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1", tags=["admin"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/health")
def show_health(services: ServicesDep) -> HealthOut:
    """Whether everything works, who is alive, and how much waits."""
    fault = checks.store_fault(services.store)
    with services.database.read() as work:
        return checks.health(work, fault)


@router.get("/devices")
def list_devices(services: ServicesDep) -> Page[DeviceOut]:
    """Equipment that may push studies."""
    with services.database.read() as work:
        return Page(items=[_device_out(device) for device in operations.list_devices(work)])


@router.get("/unknown-callers")
def list_unknown_callers(services: ServicesDep) -> Page[UnknownCallerOut]:
    """Calling AE titles that were refused, the last to call first."""
    with services.database.read() as work:
        return Page(items=[_caller_out(row) for row in operations.list_unknown_callers(work)])


@router.post("/unknown-callers/{caller_id}/accept", status_code=201, responses=refusals(404))
def accept_caller(caller_id: RowId, body: AcceptIn, caller: CallerDep, services: ServicesDep) -> DeviceOut:
    """Let a caller push from its next association on, without a restart."""
    with services.database.write() as work:
        unknown = operations.unknown_caller(work, caller_id)
        institution = people.institution_by_code(work, body.institution)
        device = people.ensure_device(work, unknown.ae_title, institution, modality=body.modality, name=body.name)
        operations.forget_caller(work, unknown.ae_title)
        subject, detail = f"device:{device.id}", {"ae_title": device.ae_title, "institution": institution.code}
        record(work.session, AuditEntry(work.now, f"user:{caller.user.id}", "device_accepted", subject, detail))
        return _device_out(device)


def _device_out(device: Device) -> DeviceOut:
    names = ("id", "ae_title", "name", "modality", "charset", "active", "last_seen_at")
    return DeviceOut(
        **{name: getattr(device, name) for name in names},
        institution=device.institution.code,
        institution_name=device.institution.name,
    )


def _caller_out(row: UnknownCaller) -> UnknownCallerOut:
    return UnknownCallerOut.model_validate(row, from_attributes=True)
