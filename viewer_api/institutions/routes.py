"""`/api/v1/admin/institutions`: who takes part, whom to call there, and what hangs on it."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path

from reading_queue.rulebook import in_force
from reading_queue.settlement.chapter import SETTLEMENT
from storage.db.models import Institution
from storage.db.queries import institutions as rows
from storage.db.queries import people
from storage.db.session import UnitOfWork
from storage.domain.reading import InstitutionKind
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.institutions.schemas import InstitutionChange, InstitutionIn, InstitutionLine, InstitutionList
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1/admin/institutions", tags=["administration"], responses=refusals(401, 403))

Code = Annotated[str, Path(max_length=64)]
_SAME = ("code", "name", "name_en", "contact", "phone", "address", "active")


@router.get("")
def list_institutions(services: ServicesDep) -> InstitutionList:
    """Every institution with its contact, its devices and users, and its contract."""
    with services.database.read() as work:
        return InstitutionList(items=_lines(work, rows.all_institutions(work)))


@router.post("", status_code=201, responses=refusals(409))
def add_institution(body: InstitutionIn, caller: CallerDep, services: ServicesDep) -> InstitutionLine:
    """Let another institution take part."""
    with services.database.write() as work:
        made = rows.add(work, caller.actor.username, body.code, body.model_dump(mode="json", exclude={"code"}))
        return _lines(work, [made])[0]


@router.patch("/{code}", responses=refusals(404, 409))
def change_institution(
    code: Code, body: InstitutionChange, caller: CallerDep, services: ServicesDep
) -> InstitutionLine:
    """Change names and contact, or close it: 409 while it has devices or users that are switched on."""
    with services.database.write() as work:
        found = people.institution_by_code(work, code)
        rows.edit(work, caller.actor.username, found, body.model_dump(exclude_none=True))
        return _lines(work, [found])[0]


def _lines(work: UnitOfWork, found: Iterable[Institution]) -> list[InstitutionLine]:
    devices, users = rows.active_devices(work), rows.active_users(work)
    rules = in_force(work, SETTLEMENT).content
    lines = []
    for one in found:
        contract = rules.contract_of(one.code)
        lines.append(
            InstitutionLine(
                **{name: getattr(one, name) for name in _SAME},
                kind=InstitutionKind(one.kind),
                devices=devices.get(one.id, 0),
                users=users.get(one.id, 0),
                contract=contract.zh if contract else "",
                contract_en=contract.en if contract else "",
                contract_percent=float(contract.percent) if contract else None,
            )
        )
    return lines
