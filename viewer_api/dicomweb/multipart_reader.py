"""Multipart bodies read part by part as they come (RFC 2046 section 5.1, RFC 2387), in bounded memory.

A part's content is never held as a whole, and what a sender writes around the parts has limits.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from storage.domain.errors import BrokenMultipart
from storage.ingest.opening import Readable

_CHUNK = 64 << 10
_MAX_BOUNDARY = 200
_MAX_HEADERS = 16 << 10
_LONGEST_PADDING = 64
_AFTER = re.compile(rb"--|[ \t]{0,%d}\r\n" % _LONGEST_PADDING)


@dataclass(frozen=True)
class MediaType:
    """A `Content-Type`; names and the type itself in lower case."""

    type: str
    parameters: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> "MediaType":
        """Never fails: what makes no sense is a type that nobody asks for."""
        message = Message()
        message["Content-Type"] = "".join(letter for letter in text if letter.isprintable())
        given = message.get_params(failobj=[], unquote=True)
        pairs = [(str(name).lower(), str(value)) for name, value in given]
        return cls(pairs[0][0] if pairs else "", dict(pairs[1:]))


@dataclass(frozen=True)
class Part:
    """One part; its content has to be read, if at all, before the next part is asked for."""

    headers: Mapping[str, str]
    content: Readable

    @property
    def media_type(self) -> MediaType:
        return MediaType.parse(self.headers.get("content-type", "application/octet-stream"))


def read_parts(stream: Readable, boundary: str) -> Iterator[Part]:
    """The parts of a body. Raises `BrokenMultipart`, also out of a part's `content` when the body ends within it."""
    if not 1 <= len(boundary) <= _MAX_BOUNDARY or not boundary.isascii():
        raise BrokenMultipart("The Content-Type has no usable boundary.")
    body = _Body(stream, boundary.encode())
    while not body.next_delimiter():
        yield Part(_parse_headers(body.read_headers()), body)


class _Body:
    """What is buffered of the body; `read` gives the present part, empty at its end."""

    def __init__(self, stream: Readable, boundary: bytes) -> None:
        self._stream = stream
        self._delimiter = b"\r\n--" + boundary
        # The first delimiter need not follow an empty line.
        self._buffer = b"\r\n"
        self._place = 0
        self._is_over = False

    def next_delimiter(self) -> bool:
        """Pass over the rest of the present part, or what comes before the first; True at the closing delimiter."""
        while self.read():
            pass
        _, match = self._scan()
        assert match is not None, "the content ends at a delimiter"
        self._place = match.end()
        return match[0] == b"--"

    def read_headers(self) -> bytes:
        """The header lines of the part that begins here, and the empty line after them."""
        # The line of the delimiter has just ended; without headers an empty line follows at once.
        self._place -= 2
        while (end := self._buffer.find(b"\r\n\r\n", self._place)) < 0:
            self._check_headers(len(self._buffer))
            self._fill()
        self._check_headers(end)
        headers = self._buffer[self._place : end + 2]
        self._place = end + 2
        while len(self._buffer) - self._place < len(self._delimiter) and not self._is_over:
            self._fill()
        if not self._buffer.startswith(self._delimiter, self._place):
            self._place += 2
        return headers

    def _check_headers(self, end: int) -> None:
        if end - self._place > _MAX_HEADERS:
            raise BrokenMultipart("The headers of a part are too long.")

    def read(self, size: int = _CHUNK, /) -> bytes:
        """Bytes of the present part's content; empty at its end."""
        while True:
            ready, match = self._scan()
            if ready:
                start = self._place
                self._place += min(ready, size)
                return self._buffer[start : self._place]
            if match:
                return b""
            self._fill()

    def _scan(self) -> tuple[int, re.Match[bytes] | None]:
        """How many buffered bytes are content for certain, and what follows the delimiter if one comes after them."""
        start = self._place
        while (found := self._buffer.find(self._delimiter, start)) >= 0:
            after = found + len(self._delimiter)
            if len(self._buffer) - after < _LONGEST_PADDING + 2 and not self._is_over:
                return found - self._place, None
            if match := _AFTER.match(self._buffer, after):
                return found - self._place, match
            start = found + 1
        return max(0, len(self._buffer) - len(self._delimiter) + 1 - self._place), None

    def _fill(self) -> None:
        if self._is_over:
            raise BrokenMultipart("The body ends before its closing boundary.")
        chunk = self._stream.read(_CHUNK)
        self._is_over = not chunk
        self._buffer = self._buffer[self._place :] + chunk
        self._place = 0


def _parse_headers(block: bytes) -> dict[str, str]:
    """Names in lower case; the last of equal ones counts. Folded lines are joined (RFC 5322 2.2.3)."""
    text = block.decode("latin-1")
    lines = re.sub(r"\r\n[ \t]+", " ", text).split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
