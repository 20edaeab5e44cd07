"""`/api/v1/admin/devices`, and callers that nobody knows yet."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Path

from storage.db.models import Device, UnknownCaller
from storage.db.queries import devices, operations, people
from storage.db.queries.charsets import charset_findings, propose_charset
from storage.db.session import UnitOfWork
from storage.domain.guesses import Neighbour, guess_institution, guess_modality
from storage.ingest.times import time_zone
from viewer_api.admin.device_schemas import (
    AcceptIn,
    DeviceIn,
    DeviceOut,
    DevicePage,
    DevicePatch,
    InstitutionOut,
    UnknownCallerOut,
)
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.schemas import Page
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1", tags=["admin"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_NOTHING = devices.Traffic(0, 0)


@router.get("/devices")
@router.get("/admin/devices")
def list_devices(services: ServicesDep) -> DevicePage:
    """Everything that may bring studies, with its rules."""
    settings = services.settings
    with services.database.read() as work:
        traffic = devices.traffic_since(work, _midnight(work, services))
        text = _text_findings(work)
        items = [
            _device_out(device, traffic.get(device.id, _NOTHING), text.get(device.id, _NO_FINDING))
            for device in operations.list_devices(work)
        ]
        institutions = [
            InstitutionOut.model_validate(place, from_attributes=True) for place in devices.institutions(work)
        ]
    return DevicePage(
        items=items,
        ae_title=settings.ae_title,
        address=str(settings.dicom),
        tls_address=settings.dicom_tls,
        institutions=institutions,
    )


@router.post("/admin/devices", status_code=201, responses=refusals(404, 409))
def add_device(body: DeviceIn, caller: CallerDep, services: ServicesDep) -> DeviceOut:
    """Let a device in; it may associate within seconds, without a restart."""
    with services.database.write() as work:
        institution = people.active_institution(work, body.institution)
        made = devices.add(work, f"user:{caller.user.id}", body.ae_title, institution, body.values())
        return _device_out(made, _NOTHING)


@router.patch("/admin/devices/{device_id}", responses=refusals(404))
def change_device(device_id: RowId, body: DevicePatch, caller: CallerDep, services: ServicesDep) -> DeviceOut:
    """Change some rules of a device; they count from its next association on, quotas and classes at once."""
    with services.database.write() as work:
        found = devices.device(work, device_id)
        institution = people.active_institution(work, body.institution) if body.institution else None
        devices.edit(work, f"user:{caller.user.id}", found, institution, body.values())
        traffic = devices.traffic_since(work, _midnight(work, services))
        return _device_out(found, traffic.get(found.id, _NOTHING))


@router.get("/unknown-callers")
def list_unknown_callers(services: ServicesDep) -> Page[UnknownCallerOut]:
    """Callers that were refused, the last to call first, each with a guess whose equipment it is."""
    with services.database.read() as work:
        rows = devices.refused_callers(work)
        guesses = _Guesses(work) if rows else None
        return Page(items=[_caller_out(row, guesses) for row in rows if guesses is not None])


@router.post("/unknown-callers/{caller_id}/accept", status_code=201, responses=refusals(404, 409))
def accept_caller(caller_id: RowId, body: AcceptIn, caller: CallerDep, services: ServicesDep) -> DeviceOut:
    """Let a caller in from its next association on. An empty body agrees with the guess."""
    with services.database.write() as work:
        unknown = operations.unknown_caller(work, caller_id)
        values = body.values()
        code = body.institution
        if devices.device_by_title(work, unknown.ae_title) is None:
            guesses = _Guesses(work)
            code = code or guesses.institution(unknown)
            values = {"modality": guesses.modality(unknown), **values}
        institution = people.active_institution(work, code) if code else None
        accepted = devices.accept(work, f"user:{caller.user.id}", unknown, institution, values)
        return _device_out(accepted, _NOTHING)


class _Guesses:
    """What is known of devices, read once for a whole list."""

    def __init__(self, work: UnitOfWork) -> None:
        addresses = devices.last_addresses(work)
        known = operations.list_devices(work)
        self._known = {device.ae_title: device for device in known}
        self._neighbours = [
            Neighbour(device.ae_title, device.institution.code, addresses.get(device.id, "")) for device in known
        ]
        self._codes = [place.code for place in devices.institutions(work)]

    def device(self, caller: UnknownCaller) -> Device | None:
        return self._known.get(caller.ae_title)

    def institution(self, caller: UnknownCaller) -> str:
        return guess_institution(caller.ae_title, caller.address, self._neighbours, self._codes)

    def modality(self, caller: UnknownCaller) -> str:
        return guess_modality(caller.ae_title, caller.sop_classes or ())


def _midnight(work: UnitOfWork, services: Services) -> datetime:
    zone = time_zone(services.settings.time_zone)
    return datetime.combine(work.now.astimezone(zone).date(), time(), zone)


@dataclass(frozen=True)
class _TextFinding:
    repairs: int = 0
    proposal: str = ""


_NO_FINDING = _TextFinding()


def _text_findings(work: UnitOfWork) -> dict[int, _TextFinding]:
    """By device: whose text had to be repaired, and what should be set for it."""
    findings = charset_findings(work)
    proposals = {one.device_id: one.charset for one in propose_charset(findings)}
    repairs: Counter[int] = Counter()
    for one in findings:
        repairs[one.device_id] += one.objects
    return {number: _TextFinding(count, proposals.get(number, "")) for number, count in repairs.items()}


def _device_out(device: Device, today: devices.Traffic, text: _TextFinding = _NO_FINDING) -> DeviceOut:
    place = device.institution
    shown = {
        "institution": place.code,
        "institution_name": place.name,
        "institution_name_en": place.name_en,
        "received_today": today.received,
        "refused_today": today.refused,
        "charset_repairs": text.repairs,
        "charset_proposal": text.proposal,
    }
    own = {name: getattr(device, name) for name in DeviceOut.model_fields if name not in shown}
    return DeviceOut.model_validate(own | shown)


def _caller_out(row: UnknownCaller, guesses: _Guesses) -> UnknownCallerOut:
    present = guesses.device(row)
    guessed = {
        "is_known": present is not None,
        "institution": present.institution.code if present else guesses.institution(row),
        "modality": present.modality if present else guesses.modality(row),
    }
    own = {name: getattr(row, name) for name in UnknownCallerOut.model_fields if name not in guessed}
    return UnknownCallerOut.model_validate(own | guessed)
