"""Answers that are sent piece by piece: multipart bodies, and values with a range of them (RFC 2046, RFC 9110 14)."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastapi import Response
from fastapi.responses import StreamingResponse

from storage.domain.canonical import sha256_hex
from viewer_api.dicomweb.media_types import RELATED

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PIECE = 4 << 20


@dataclass(frozen=True)
class StreamedPart:
    """One part of a multipart body."""

    content_type: str
    pieces: Iterator[bytes]
    location: str = ""


def multipart_stream(parts: Iterable[StreamedPart], etag: str, inner: str, headers: Mapping[str, str]) -> Response:
    """All parts, one after the other. The first piece is made at once, so that what fails early is answered as such."""
    boundary = sha256_hex(etag.encode())[:32]
    pieces = _pieces(parts, boundary)
    first = list(itertools.islice(pieces, 2))
    content_type = f'{RELATED}; type="{inner}"; boundary={boundary}'
    return StreamingResponse(itertools.chain(first, pieces), 200, dict(headers), content_type)


def _pieces(parts: Iterable[StreamedPart], boundary: str) -> Iterator[bytes]:
    for part in parts:
        location = f"Content-Location: {part.location}\r\n" if part.location else ""
        yield f"--{boundary}\r\nContent-Type: {part.content_type}\r\n{location}\r\n".encode()
        yield from part.pieces
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same, with its first piece made: an object that is not there is a 404, not an answer that breaks off."""
    first = list(itertools.islice(pieces, 1))
    return itertools.chain(first, pieces)


def ranged_stream(
    total: int, read: Callable[[int, int], bytes], content_type: str, headers: Mapping[str, str], wanted: str
) -> Response:
    """`total` bytes, or the one range of them that `wanted` names; several ranges and other units are passed over."""
    answer = {**headers, "Accept-Ranges": "bytes"}
    found = _RANGE.fullmatch(wanted.strip())
    start, stop, status = 0, total, 200
    if found is not None and (found[1] or found[2]):
        start = int(found[1]) if found[1] else max(0, total - int(found[2]))
        stop = min(int(found[2]) + 1, total) if found[1] and found[2] else total
        if start >= stop:
            return Response(status_code=416, headers={**answer, "Content-Range": f"bytes */{total}"})
        status, answer["Content-Range"] = 206, f"bytes {start}-{stop - 1}/{total}"
    answer["Content-Length"] = str(stop - start)
    pieces = (read(place, min(place + _PIECE, stop)) for place in range(start, stop, _PIECE))
    return StreamingResponse(begun(pieces), status, answer, content_type)
