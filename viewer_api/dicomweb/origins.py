"""Viewers from other places: which web origins may use the DICOMweb services (the Fetch standard's CORS)."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_PATHS = ("/dicomweb/", "/wado")
_EXPOSED = ["Content-Location", "Content-Range", "ETag", "Warning", "Content-Disposition", "Retry-After"]
_MINUTES = 10


class DicomWebOrigins:
    """Lets pages of the named origins read answers of DICOMweb, with a token of their own; no cookie goes with them."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "OPTIONS"],
            allow_headers=["Authorization", "Content-Type", "Accept", "Range", "If-None-Match"],
            expose_headers=_EXPOSED,
            max_age=_MINUTES * 60,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = scope["type"] == "http" and scope["path"].startswith(_PATHS)
        await (self._shared if inside else self._app)(scope, receive, send)
