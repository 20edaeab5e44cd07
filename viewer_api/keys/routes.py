"""`/api/v1/admin/api-keys`."""

from typing import Annotated

from fastapi import APIRouter, Path

from storage.db.queries import access
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.keys import service
from viewer_api.keys.schemas import KeyLine, KeyList, NewKey, Rotation, ShownKey
from viewer_api.openapi import refusals

router = APIRouter(prefix="/api/v1/admin/api-keys", tags=["accounts"])

KeyId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", responses=refusals(401, 403))
def list_keys(caller: CallerDep, services: ServicesDep) -> KeyList:
    """Every API key: whose it is, what it opens, when it was used last."""
    with services.database.read(caller.scope) as work:
        return KeyList(items=[service.line_of(key, work.now) for key in access.api_keys(work)])


@router.post("", status_code=201, responses=refusals(401, 403, 404))
def create_key(asked: NewKey, caller: CallerDep, services: ServicesDep) -> ShownKey:
    """Make a key for a machine of one institution. The secret is shown this once."""
    with services.database.write() as work:
        key, secret = service.create(work, caller, asked)
        return ShownKey(key=service.line_of(key, work.now), secret=secret)


@router.post("/{key_id}/rotate", status_code=201, responses=refusals(401, 403, 404, 409))
def rotate_key(key_id: KeyId, asked: Rotation, caller: CallerDep, services: ServicesDep) -> ShownKey:
    """A new secret for the same machine; the old one works on for a while, so that nothing stands still."""
    with services.database.write() as work:
        key, secret = service.rotate(work, caller, key_id, asked.days)
        return ShownKey(key=service.line_of(key, work.now), secret=secret)


@router.post("/{key_id}/revoke", responses=refusals(401, 403, 404))
def revoke_key(key_id: KeyId, caller: CallerDep, services: ServicesDep) -> KeyLine:
    """End a key at once: it leaked, or its machine is gone."""
    with services.database.write() as work:
        return service.line_of(service.revoke(work, caller, key_id), work.now)
