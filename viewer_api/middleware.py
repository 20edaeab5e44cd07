"""What every request passes on its way in and out: safe errors, security headers, HEAD, and the access log."""

import logging
import math
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.domain.clock import monotonic
from viewer_api.errors import problem, unexpected
from viewer_api.metrics import RequestMetrics

access = logging.getLogger("viewer_api.access")

_UPLOADS = "/api/v1/uploads/"
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_EVENTS = "/api/v1/events"
_ANYTHING = frozenset({"none", "/{path:path}"})
_REFUSED = 400
_PAGE_POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'wasm-unsafe-eval'; "
    "worker-src 'self' blob:; "
    "connect-src 'self' blob: data:; "
    "img-src 'self' blob: data:; "
    "style-src-elem 'self'; "
    "style-src-attr 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'self'"
)
"""Codecs are WebAssembly in workers; charts and the viewer set style attributes, and lit adopts its sheets without any
element. `style-src` is for browsers that do not know its two parts."""

_PDF_POLICY = "frame-ancestors 'self'"
"""Browsers show a PDF by a page of their own, which a page's policy would break."""

_HSTS = "max-age=31536000"

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class SafeErrors:
    """Keeps the messages of unknown errors, which may quote a patient's row, out of answers and logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:  # noqa: BLE001 - the last place that can keep it private
            answer = unexpected(scope, error)
            if started:
                raise RuntimeError("The answer was cut off by the error logged above.") from None
            await answer(scope, receive, send)


class AddressLimit:
    """Answers 429 to an address that asks more often than any of ours would (`viewer_api.limits`)."""

    def __init__(self, app: ASGIApp, wait_of: Callable[[str], float]) -> None:
        self._app = app
        self._wait_of = wait_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client") if scope["type"] == "http" else None
        if client is not None and (seconds := self._wait_of(client[0])) > 0:
            headers = {"Retry-After": str(max(1, math.ceil(seconds)))}
            answer = problem(429, "too_many_attempts", "Too many requests at once; wait a moment.", headers=headers)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


class SecurityHeaders:
    """Adds what browsers need to know; an answer that says nothing about caching is not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_pdf = headers.get("content-type", "").startswith("application/pdf")
                headers["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _PAGE_POLICY
                headers.setdefault("Cache-Control", "no-store")
                headers.update(_SECURITY_HEADERS)
                if scope.get("scheme") == "https":
                    headers["Strict-Transport-Security"] = _HSTS
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class HeadAsGet:
    """Answers HEAD as GET without the body (RFC 9110 9.3.2), where the body has an end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] == _EVENTS:
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


class AccessLog:
    """One line and one count a request. Paths only: what people search for stands behind the question mark.

    Of uploads only the kind of path: files are often named after patients.
    """

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = monotonic(), 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            self._note(scope, status, monotonic() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.count(scope["method"], route, status, seconds)
        if scope["path"] not in _QUIET:
            # What nobody serves may be anything that somebody typed.
            is_free = scope["path"].startswith(_UPLOADS) or (route in _ANYTHING and status >= _REFUSED)
            shown = route if is_free else scope["path"]
            access.info("%s %s %d %.0f ms", scope["method"], shown, status, seconds * 1000)
