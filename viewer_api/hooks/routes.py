"""`/api/v1/result-hooks`: a clinic's own systems that are called with its results; for the centre those of all."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from reading_queue.hooks import managing
from reading_queue.hooks.addresses import Network, test_networks
from reading_queue.partner_secrets import secret_of
from storage.db.models import ResultHook
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.hooks.schemas import (
    AttemptPage,
    HookChange,
    HookIn,
    HookList,
    HookOut,
    NewKeyOut,
    ReplayIn,
    ReplayOut,
    attempt_out,
    hook_values,
)
from viewer_api.openapi import refusals
from viewer_api.orders.service import institution_of
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/result-hooks", tags=["results"], responses=refusals(401, 403, 404))

HookId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def list_hooks(caller: CallerDep, services: ServicesDep) -> HookList:
    """The systems that are called, and how far each is."""
    with services.database.read(caller.scope) as work:
        return HookList(items=[HookOut.model_validate(hook_values(hook)) for hook in managing.list_hooks(work)])


@router.post("", status_code=201, responses=refusals(409, 422))
def make_hook(body: HookIn, caller: CallerDep, services: ServicesDep) -> NewKeyOut:
    """Call a system from now on. Its secret is shown this once."""
    with services.database.write(caller.scope) as work:
        hook = managing.make_hook(
            work,
            caller.actor,
            managing.Means(services.seals, _test(services)),
            institution_of(work, caller, body.institution),
            **body.model_dump(exclude={"institution"}),
        )
        return _with_key(services, hook)


@router.patch("/{hook_id}", responses=refusals(409, 422))
def change_hook(hook_id: HookId, body: HookChange, caller: CallerDep, services: ServicesDep) -> HookOut:
    """Another address or name, other wishes; pause, or go on where it was left."""
    changes = body.model_dump(exclude_none=True, exclude={"version"})
    with services.database.write(caller.scope) as work:
        hook = managing.hook_by_id(work, hook_id, lock=True)
        managing.change_hook(work, caller.actor, hook, changes, body.version, _test(services))
        return HookOut.model_validate(hook_values(hook))


@router.delete("/{hook_id}", status_code=204)
def remove_hook(hook_id: HookId, caller: CallerDep, services: ServicesDep) -> None:
    """Call it no more."""
    with services.database.write(caller.scope) as work:
        managing.remove_hook(work, caller.actor, managing.hook_by_id(work, hook_id, lock=True))


@router.post("/{hook_id}/test", status_code=202)
def test_hook(hook_id: HookId, caller: CallerDep, services: ServicesDep) -> HookOut:
    """Have a call made that tells nothing; a line of the log says how it went."""
    with services.database.write(caller.scope) as work:
        hook = managing.hook_by_id(work, hook_id, lock=True)
        managing.want_test(work, caller.actor, hook)
        return HookOut.model_validate(hook_values(hook))


@router.post("/{hook_id}/replay", responses=refusals(422))
def replay_results(hook_id: HookId, body: ReplayIn, caller: CallerDep, services: ServicesDep) -> ReplayOut:
    """Send everything after a number, again or at last."""
    with services.database.write(caller.scope) as work:
        hook = managing.hook_by_id(work, hook_id, lock=True)
        return ReplayOut(results=managing.replay(work, caller.actor, hook, body.after))


@router.post("/{hook_id}/keys", responses=refusals(409))
def change_keys(hook_id: HookId, caller: CallerDep, services: ServicesDep) -> NewKeyOut:
    """A new key, shown this once; the old one signs too until it is retired."""
    with services.database.write(caller.scope) as work:
        hook = managing.hook_by_id(work, hook_id, lock=True)
        managing.change_keys(work, caller.actor, services.seals, hook)
        return _with_key(services, hook)


@router.delete("/{hook_id}/keys/old")
def retire_key(hook_id: HookId, caller: CallerDep, services: ServicesDep) -> HookOut:
    """The old key signs no more."""
    with services.database.write(caller.scope) as work:
        hook = managing.hook_by_id(work, hook_id, lock=True)
        managing.retire_key(work, caller.actor, hook)
        return HookOut.model_validate(hook_values(hook))


@router.get("/{hook_id}/attempts")
def list_attempts(
    hook_id: HookId,
    caller: CallerDep,
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> AttemptPage:
    """What was sent and how it went, the last first."""
    with services.database.read(caller.scope) as work:
        managing.hook_by_id(work, hook_id)
        found = managing.attempts_of(work, hook_id, before=cursor, limit=limit + 1)
        items = [attempt_out(one) for one in found[:limit]]
        return AttemptPage(items=items, next=str(items[-1].id) if len(found) > limit else None)


def _with_key(services: Services, hook: ResultHook) -> NewKeyOut:
    return NewKeyOut.model_validate({**hook_values(hook), "secret": secret_of(hook).opened(services.seals)})


def _test(services: Services) -> list[Network]:
    return test_networks(services.settings.hook_test_networks)
