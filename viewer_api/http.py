"""Small things of HTTP that several routes need (RFC 9110)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Response

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")

FOREVER = "private, max-age=31536000, immutable"
"""For what never changes under its URL and is for the caller's eyes only."""


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the client holds this version already (weak comparison)."""
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in known or etag.removeprefix("W/") in known


def not_modified(headers: Mapping[str, str]) -> Response:
    """304 with the headers that the 200 would have had."""
    return Response(status_code=304, headers=dict(headers))


@dataclass(frozen=True)
class ByteRange:
    """Bytes `start` to `stop`, the latter excluded, of a body; `is_partial` when the client asked for a range."""

    start: int
    stop: int
    is_partial: bool


def wanted_range(wanted: str, total: int) -> ByteRange | None:
    """The one range that a Range header names, or all; None when it begins past the end (RFC 9110 14.2).

    Other units and several ranges are passed over.
    """
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or not (found[1] or found[2]):
        return ByteRange(0, total, is_partial=False)
    start = int(found[1]) if found[1] else max(0, total - int(found[2]))
    stop = min(int(found[2]) + 1, total) if found[1] and found[2] else total
    return ByteRange(start, stop, is_partial=True) if start < stop else None


def partial(body: bytes, content_type: str, headers: Mapping[str, str], wanted: str) -> Response:
    """The body, or the one range of it that `wanted` names (RFC 9110 14.2); other ranges are passed over."""
    answer = {**headers, "Accept-Ranges": "bytes"}
    part = wanted_range(wanted, len(body))
    if part is None:
        return Response(status_code=416, headers={**answer, "Content-Range": f"bytes */{len(body)}"})
    if not part.is_partial:
        return Response(body, 200, answer, content_type)
    answer["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(body)}"
    return Response(body[part.start : part.stop], 206, answer, content_type)
