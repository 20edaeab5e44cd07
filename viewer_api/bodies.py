"""What a body may be: so large, so deep, and no slower than this."""

import asyncio
import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viewer_api.errors import problem

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 32
_BODY_SECONDS = 30.0
_PIECE_SECONDS = 60.0
_STREAMED = re.compile(r"POST /dicomweb/studies(/[0-9.]+)?|PUT /api/v1/uploads/\w+/files/[^/]+|PATCH /api/v1/edge/.+")
"""Routes that take bodies of any size, piece by piece."""

_TOO_LARGE = "The body is larger than 1 MiB."
_TOO_DEEP = f"The body's JSON is nested more than {MAX_DEPTH} deep."
_TOO_SLOW = "The body did not come in time."
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(rb"[][{}]")
_MOST_HEADERS = 100
_MOST_HEADER_BYTES = 32 * 1024


class BodyLimit:
    """Refuses bodies that no request of this interface needs: too large, nested too deep, or dripping in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["headers"]) > _MOST_HEADERS or _size_of(scope["headers"]) > _MOST_HEADER_BYTES:
            await problem(431, "headers_too_large", "The request's headers are too many or too large.")(
                scope, receive, send
            )
            return
        if _STREAMED.fullmatch(f"{scope['method']} {scope['path']}"):
            await self._app(scope, _no_slower(receive, _PIECE_SECONDS), send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
            await problem(413, "too_large", _TOO_LARGE)(scope, receive, send)
            return
        await self._app(scope, _whole(_no_slower(receive, _BODY_SECONDS), _is_json(scope)), send)


def depth_of(body: bytes) -> int:
    """How deep a JSON text is nested; what is no JSON has some depth too, and is refused by who reads it."""
    depth = deepest = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _size_of(headers: Iterable[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _is_json(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "application/json").partition(";")[0].strip()
    return kind in ("", "text/plain") or kind.endswith("json")


def _whole(receive: Receive, is_json: bool) -> Receive:  # noqa: FBT001 - one of two ways to look at a body
    """Messages of a body that is counted, and whose depth is known before anybody reads it."""
    kept = bytearray()

    async def checked() -> Message:
        message = await receive()
        kept.extend(message.get("body", b""))
        if len(kept) > MAX_BODY_BYTES:
            raise HTTPException(413, _TOO_LARGE)
        if is_json and not message.get("more_body") and depth_of(bytes(kept)) > MAX_DEPTH:
            raise HTTPException(422, _TOO_DEEP)
        return message

    return checked


def _no_slower(receive: Receive, seconds: float) -> Receive:
    """The same messages, as long as each part of the body comes in time; waiting for the end of a connection is free."""
    over = False

    async def timely() -> Message:
        nonlocal over
        if over:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), seconds)
        except TimeoutError:
            raise HTTPException(408, _TOO_SLOW) from None
        over = not message.get("more_body", False)
        return message

    return timely
