"""`/api/v1/events`: what changes while a screen is open. Identities only: the screen asks for what it shows."""

import json
import random
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from storage.domain.clock import monotonic
from viewer_api.auth.service import Caller
from viewer_api.changes import CRITICAL, NOTICES, RESULTS, STUDIES, TASKS, Change
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.services import Services

router = APIRouter(prefix="/api/v1/events", tags=["events"])

_HEARTBEAT_SECONDS = 15.0
_RECONNECT_MS = 2000
_random = random.SystemRandom()
_EXAMPLE = 'event: tasks\ndata: {"id": 17, "state": "drafted", "study_instance_uid": "1.2.3"}\n\n'


@router.get(
    "",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"example": _EXAMPLE}}, "description": "An endless stream."},
        **refusals(401, 403),
    },
)
async def listen_for_changes(caller: CallerDep, services: ServicesDep) -> StreamingResponse:
    """Server-sent events `tasks`, `results`, `studies` and `critical` of what the caller may see, `notices` for himself; a comment every 15 s keeps it open."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(_stream(services, caller), headers=headers, media_type="text/event-stream")


async def _stream(services: Services, caller: Caller) -> AsyncIterator[str]:
    async with services.hub.listen(caller.scope, TASKS, RESULTS, STUDIES, CRITICAL, NOTICES) as listener:
        yield f"retry: {_RECONNECT_MS}\n\n"
        # Screens that open together, after the server was away, do not beat together for ever.
        next_beat = monotonic() + _HEARTBEAT_SECONDS * _random.uniform(0.2, 1.0)
        while not services.hub.closing:
            changes = await listener.wait(next_beat - monotonic())
            own = [change for change in changes if change.user_id in (None, caller.user.id)]
            if own:
                yield "".join(_event(change) for change in own)
            if monotonic() >= next_beat:
                if not await services.open_sessions.is_open(caller):
                    return
                yield ": still here\n\n"
                next_beat = monotonic() + _HEARTBEAT_SECONDS


def _event(change: Change) -> str:
    return f"event: {change.kind}\ndata: {json.dumps(change.data)}\n\n"
