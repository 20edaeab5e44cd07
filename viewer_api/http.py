"""Small things of HTTP that several routes need (RFC 9110)."""

from collections.abc import Mapping

from fastapi import Response

FOREVER = "private, max-age=31536000, immutable"
"""For what never changes under its URL and is for the caller's eyes only."""


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the client holds this version already (weak comparison)."""
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in known or etag.removeprefix("W/") in known


def not_modified(headers: Mapping[str, str]) -> Response:
    """304 with the headers that the 200 would have had."""
    return Response(status_code=304, headers=dict(headers))
