"""`/api/v1/preferences`: what the application remembers of a person, so that it follows him from PC to PC."""

import json
from typing import Annotated

from fastapi import APIRouter, Path

from storage.db.queries.preferences import preferences_of, set_preference
from storage.domain.errors import Invalid
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.preferences.schemas import PreferenceIn, PreferenceOut, preference_out
from viewer_api.schemas import Page

router = APIRouter(prefix="/api/v1/preferences", tags=["session"], responses=refusals(401))

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9.-]{0,63}$", examples=["viewer.layout"])]

_MOST_BYTES = 16 * 1024


@router.get("")
def list_preferences(caller: CallerDep, services: ServicesDep) -> Page[PreferenceOut]:
    """Everything that the caller has set for himself, by name."""
    with services.database.read() as work:
        return Page(items=[preference_out(one) for one in preferences_of(work, caller.user.id)])


@router.put("/{name}", responses=refusals(401, 409))
def keep_preference(name: Name, body: PreferenceIn, caller: CallerDep, services: ServicesDep) -> PreferenceOut:
    """Keep a value of up to 16 KiB of JSON. With `after`, only if nothing else was kept since that version."""
    if len(json.dumps(body.value)) > _MOST_BYTES:
        raise Invalid("A preference may take up to 16 KiB.")
    with services.database.write() as work:
        return preference_out(set_preference(work, caller.user.id, name, body.value, body.after))
