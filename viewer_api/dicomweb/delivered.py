"""Frames on the wire as they were made for slow lines: bodies of known length, read from the store as they are sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response
from fastapi.responses import StreamingResponse

from reading_queue.delivery import DeliveredFrames
from storage.domain.canonical import sha256_hex
from storage.objects import ObjectStore
from viewer_api.dicomweb.located import LocatedFrames
from viewer_api.dicomweb.multipart import single_type, wanted_encodings
from viewer_api.http import FOREVER, ByteRange, matches, not_modified, wanted_range
from viewer_api.recent import Recent

_OCTETS = "application/octet-stream"
_AT_ONCE = 1 << 20
"""Smaller bodies are sent in one piece; larger ones in pieces of this size, so that decoding starts with the first."""

_SMALL, _KEPT_BYTES = 1 << 20, 96 << 20
Span = tuple[int, int]


class DeliveryReader:
    """Ranges of objects of frames; small objects are kept in memory for a while. Thread-safe."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._kept: Recent[str, bytes] = Recent(_KEPT_BYTES, len)

    def kept(self, frames: DeliveredFrames) -> bytes | None:
        """The whole object, when it is in memory."""
        return self._kept.get(frames.object_key)

    def read(self, frames: DeliveredFrames, start: int, stop: int) -> bytes:
        """Raises `ObjectNotFound` or `StoreUnavailable`."""
        if frames.size > _SMALL:
            return self._store.open_range(frames.object_key, start, stop)
        whole = self._kept.get(frames.object_key)
        if whole is None:
            whole = self._store.open_range(frames.object_key, 0, frames.size)
            self._kept.put(frames.object_key, whole)
        return whole if stop - start == len(whole) else whole[start:stop]


@dataclass(frozen=True)
class DeliveredBody:
    """Some frames of one object as one body: `parts` are bytes as they are, or spans of the object."""

    frames: DeliveredFrames
    parts: tuple[bytes | Span, ...]
    content_type: str
    etag: str

    @property
    def length(self) -> int:
        """Bytes."""
        return sum(_length(part) for part in self.parts)

    def pieces(self, reader: DeliveryReader, wanted: ByteRange) -> Iterator[bytes]:
        """The bytes of this range."""
        at = 0
        for part in self.parts:
            size = _length(part)
            first, last = max(wanted.start - at, 0), min(wanted.stop - at, size)
            at += size
            if first >= last:
                continue
            if isinstance(part, bytes):
                yield part[first:last]
            else:
                yield from self._read(reader, part[0] + first, part[0] + last)

    def _read(self, reader: DeliveryReader, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            upto = min(start + _AT_ONCE, stop)
            yield reader.read(self.frames, start, upto)
            start = upto


def _length(part: bytes | Span) -> int:
    return len(part) if isinstance(part, bytes) else part[1] - part[0]


def choose_delivered(accept: str, image: LocatedFrames, numbers: Sequence[int]) -> bool | None:
    """Whether as multipart, when frames made for slow lines are what the client likes best; None when they are not.

    Whoever names another transfer syntax first gets that.
    """
    wanted = next(iter(wanted_encodings(accept)), None)
    if image.delivered is None or wanted is None or wanted.media_type != _OCTETS:
        return None
    fits = wanted.syntax in ("*", image.delivered.transfer_syntax_uid) and (wanted.multipart or len(numbers) == 1)
    return wanted.multipart if fits else None


def delivered_body(frames: DeliveredFrames, numbers: Sequence[int], *, multipart: bool) -> DeliveredBody:
    """The same frames give the same bytes, so that ranges of the body fit together. Raises `NotFound`."""
    spans = [frames.locate(number) for number in numbers]
    etag = f'"{sha256_hex(f"{frames.sha256}/{list(numbers)}/{multipart}".encode())[:32]}"'
    if not multipart:
        return DeliveredBody(frames, tuple(spans), single_type(frames.transfer_syntax_uid), etag)
    boundary = f"frame-{etag[1:-1]}"
    # Cornerstone3D wants the header spelled like this.
    head = f"--{boundary}\r\nContent-Type: {_OCTETS}; transfer-syntax={frames.transfer_syntax_uid}\r\n\r\n".encode()
    parts: list[bytes | Span] = []
    for number, span in enumerate(spans):
        parts += [b"\r\n" + head if number else head, span]
    parts.append(f"\r\n--{boundary}--\r\n".encode())
    return DeliveredBody(frames, tuple(parts), f'multipart/related; type="{_OCTETS}"; boundary={boundary}', etag)


def respond(body: DeliveredBody, reader: DeliveryReader, conditions: Mapping[str, str]) -> Response:
    """200, 206, 304 or 416, always with a length. `conditions` are the request's If-None-Match and Range."""
    headers = {"ETag": body.etag, "Cache-Control": FOREVER, "Vary": "Accept"}
    if matches(conditions.get("if-none-match", ""), body.etag):
        return not_modified(headers)
    headers["Accept-Ranges"] = "bytes"
    total = body.length
    part = wanted_range(conditions.get("range", ""), total)
    if part is None:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{total}"})
    if part.is_partial:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{total}"
    status = 206 if part.is_partial else 200
    pieces = body.pieces(reader, part)
    if part.stop - part.start <= _AT_ONCE:
        return Response(b"".join(pieces), status, headers, body.content_type)
    headers["Content-Length"] = str(part.stop - part.start)
    return StreamingResponse(_begun(pieces), status, headers, body.content_type)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same, its first bytes fetched now: an object that is not there is an answer of its own."""
    first = [next(pieces), next(pieces, b"")]

    def rest() -> Iterator[bytes]:
        yield from filter(None, first)
        yield from pieces

    return rest()
