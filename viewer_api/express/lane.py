"""The middleware: passes everything on, except what can be answered at once."""

import re
from collections.abc import Awaitable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from storage.domain.clock import monotonic
from storage.domain.errors import CountyReadError
from viewer_api.auth.caller import Caller
from viewer_api.auth.tokens import COOKIE
from viewer_api.express.answers import Overheard
from viewer_api.express.doors import Counter, Wish, doors
from viewer_api.express.grants import Door, Grants
from viewer_api.express.sights import Sights
from viewer_api.services import Services

_STARTS = ("/api/v1/results", "/api/v1/studies/", "/dicomweb/studies")


@dataclass(frozen=True)
class _Route:
    """What the access log reads of a route."""

    path: str


class ExpressLane:
    """Innermost of all: headers, limits, logs and safe errors are around it as they are around every route."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        self._sights = Sights(services.database)
        self._grants = Grants()
        self._doors = doors(services)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._door(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        door, wish, counter = found
        at = monotonic()
        sight = await self._sights.look(door.token)
        caller = self._grants.caller(door, sight) if sight is not None else None
        if sight is not None and caller is not None and self._is_within_limits(caller):
            answer = await _answered(counter.answer(wish, caller, sight))
            if answer is not None:
                scope["route"] = _Route(door.route.partition(" ")[2])
                await answer(scope, receive, send)
                return
        overheard = Overheard(send)
        scope.setdefault("state", {})
        await self._app(scope, receive, overheard.send)
        let_in = scope["state"].get("caller")
        if sight is not None and isinstance(let_in, Caller) and overheard.status < 400:  # noqa: PLR2004 - no refusal
            self._grants.let_in(door, sight, let_in, at)
            if (kept := overheard.answer()) is not None:
                counter.learn(wish, let_in, sight, kept)

    def _door(self, scope: Scope) -> tuple[Door, Wish, Counter] | None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_STARTS):
            return None
        for pattern, route, counter in self._doors:
            if (named := pattern.fullmatch(scope["path"])) is not None:
                headers = Headers(scope=scope)
                token = _token(headers)
                names = named.groupdict()
                wish = Wish(scope["path"], names, scope["query_string"].decode("latin-1"), headers, scope)
                door = Door(token, _address(scope), route, names.get("study", ""))
                return (door, wish, counter) if token else None
        return None

    def _is_within_limits(self, caller: Caller) -> bool:
        try:
            self._services.limits.take(caller.known_as)
        except CountyReadError:
            return False
        return True


async def _answered(answering: Awaitable[Response | None]) -> Response | None:
    """None when it cannot be answered here: the route says why."""
    try:
        return await answering
    except CountyReadError:
        return None


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


_COOKIE = re.compile(r"(?:^|;\s*)" + re.escape(COOKIE) + r"=([\w-]+)")


def _token(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    if headers.get("sec-fetch-site") == "cross-site":
        return ""
    found = _COOKIE.search(headers.get("cookie", ""))
    return found[1] if found else ""
