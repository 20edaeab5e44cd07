"""The session's cookie: for pictures, event streams and PDFs, which browsers ask for without our headers."""

from fastapi import Request, Response

from viewer_api.auth.tokens import COOKIE


def set_cookie(response: Response, request: Request, token: str, hours: float, *, name: str = COOKIE) -> None:
    """Let the browser send `token`: no script sees it, no other site's request carries it, and under TLS no plain one."""
    response.set_cookie(
        name,
        token,
        max_age=int(hours * 3600),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def drop_cookie(response: Response, *, name: str = COOKIE) -> None:
    """Let the browser forget it."""
    response.delete_cookie(name, httponly=True, samesite="strict")
