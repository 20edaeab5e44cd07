"""The line to the server: HTTPS requests that either succeed or say in one word why not."""

import base64
import hashlib
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from dicom_gateway.edge.throttle import Throttle
from storage.domain.clock import monotonic
from storage.domain.errors import ConfigurationError
from storage.edge.protocol import DIGEST, LENGTH, MAX_PIECE, OFFSET

_log = logging.getLogger(__name__)

_TIMES = httpx.Timeout(connect=15.0, read=90.0, write=30.0, pool=30.0)
"""Seconds. Reading waits for a server that takes a whole parcel in."""

_UNHEARD_MS = 25_000
"""How long sent bytes may stay unacknowledged before a connection counts as dead."""

_KEPT_OPEN = 4.0
"""Seconds of silence after which a connection is not used again; servers close theirs soon after."""

_SPOON = 4096
_SMALLEST_PIECE, _FIRST_PIECE = 8 << 10, 64 << 10
_QUICK, _SLOW = 2.0, 6.0
"""Seconds for a piece: below, the next ones may be larger; above, they had better be smaller."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class LineState(StrEnum):
    """What a technician is told about the line."""

    STARTING = "starting"
    ONLINE = "online"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    CERTIFICATE = "certificate"
    KEY_REFUSED = "key_refused"
    SERVER_FAULT = "server_fault"
    SERVER_FULL = "server_full"


class LineDown(Exception):
    """Nothing can be sent now, for this reason; later it may be possible."""

    def __init__(self, state: LineState, wait: float = 0.0) -> None:
        super().__init__(state)
        self.state = state
        self.wait = wait
        """Seconds that the server asks to be left alone."""


class Refused(Exception):
    """The server understood and said no: `status`, `code` and whatever else its problem document (RFC 9457) says."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code', '')}")
        self.status = status
        self.problem = problem


@dataclass(frozen=True)
class Server:
    """Where the server is, how the station logs in there, and a file with the county's own CA, empty for none."""

    url: str
    key: str
    ca_file: str = ""

    def check(self) -> None:
        """Raises `ConfigurationError`: a key and patients' images never travel in the open."""
        parts = urlsplit(self.url)
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise ConfigurationError("COUNTYREAD_EDGE_SERVER must be like https://reading.example.org.")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ConfigurationError("COUNTYREAD_EDGE_SERVER must start with https:// to protect patients' images.")
        if not self.key:
            raise ConfigurationError("COUNTYREAD_EDGE_KEY is missing; 'countyread admin station' prints it once.")
        if self.ca_file and not Path(self.ca_file).is_file():
            raise ConfigurationError(f"COUNTYREAD_EDGE_CA is {self.ca_file!r}; there is no such file.")


class PieceSize:
    """How many bytes to send in one request: few on a line that breaks, many on one that is quick. Thread-safe.

    Grows fast at first, and with care beyond half the size that failed last, as TCP's window does (RFC 5681 3.1).
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._size = _FIRST_PIECE
        self._largest = self._safe = MAX_PIECE

    @property
    def bytes(self) -> int:
        return self._size

    def took(self, size: int, seconds: float) -> None:
        """A piece of `size` got through in that time."""
        with self._guard:
            if seconds < _QUICK and size >= self._size:
                larger = self._size * 2 if self._size < self._safe else self._size + self._size // 8
                self._size = min(larger, self._largest)
            elif seconds > _SLOW:
                self._size = max(self._size // 2, _SMALLEST_PIECE)

    def failed(self) -> None:
        """A piece did not get through."""
        with self._guard:
            self._size = self._safe = max(self._size // 2, _SMALLEST_PIECE)

    def refused(self, size: int) -> None:
        """Something on the way does not take pieces of that size."""
        with self._guard:
            self._largest = self._size = max(size // 2, _SMALLEST_PIECE)


class Line:
    """Requests of one station. Thread-safe. Every call raises `LineDown` or `Refused`."""

    def __init__(self, server: Server, throttle: Throttle, stopping: threading.Event) -> None:
        server.check()
        self._throttle = throttle
        self._stopping = stopping
        self._http = httpx.Client(
            base_url=server.url.rstrip("/") + "/api/v1/edge/",
            headers={"Authorization": f"Bearer {server.key}"},
            timeout=_TIMES,
            transport=httpx.HTTPTransport(
                verify=_trust(server.ca_file),
                limits=httpx.Limits(keepalive_expiry=_KEPT_OPEN),
                socket_options=_socket_options(),
            ),
            follow_redirects=False,
        )
        self.piece_size = PieceSize()

    def close(self) -> None:
        self._http.close()

    def report(self, report: dict[str, Any]) -> dict[str, Any]:
        """Tell the server how things are, and hear what it knows."""
        return self._asked("POST", "report", json=report)

    def state_of(self, parcel_id: str) -> dict[str, Any]:
        """`offset`, and `outcomes` when it has been taken in."""
        return self._asked("GET", f"parcels/{parcel_id}")

    def send_piece(self, parcel_id: str, length: int, offset: int, piece: bytes) -> dict[str, Any]:
        """Append a piece to a parcel of `length` bytes; the answer is as of `state_of`."""
        headers = {
            OFFSET: str(offset),
            LENGTH: str(length),
            DIGEST: f"sha-256=:{base64.b64encode(hashlib.sha256(piece).digest()).decode()}:",
            "Content-Length": str(len(piece)),
            "Content-Type": "application/octet-stream",
        }
        started = monotonic()
        try:
            answer = self._asked("PATCH", f"parcels/{parcel_id}", headers=headers, content=self._spoons(piece))
        except LineDown:
            self.piece_size.failed()
            raise
        self.piece_size.took(len(piece), monotonic() - started)
        return answer

    def _spoons(self, piece: bytes) -> Iterator[bytes]:
        """The piece in small parts, no faster than the throttle lets them."""
        for start in range(0, len(piece), _SPOON):
            spoon = piece[start : start + _SPOON]
            self._throttle.wait(len(spoon))
            if self._stopping.is_set():
                raise LineDown(LineState.BROKEN)
            yield spoon

    def _asked(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **options)
        except httpx.ConnectError as error:
            raise LineDown(_why_no_connection(error)) from error
        except httpx.HTTPError as error:
            raise LineDown(LineState.BROKEN) from error
        content = _json_of(answer)
        if answer.is_success and content:
            return content
        raise _refusal(answer, content)


def _refusal(answer: httpx.Response, problem: dict[str, Any]) -> Exception:
    status = answer.status_code
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return LineDown(LineState.KEY_REFUSED, 30.0)
    if status == HTTPStatus.INSUFFICIENT_STORAGE:
        return LineDown(LineState.SERVER_FULL, 30.0)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS or not problem:
        wait = answer.headers.get("retry-after", "")
        return LineDown(LineState.SERVER_FAULT, float(wait) if wait.isdigit() else 0.0)
    return Refused(status, problem)


def _json_of(answer: httpx.Response) -> dict[str, Any]:
    """What it says; nothing when a proxy or a hotel's log-in page answered in the server's place."""
    try:
        content = answer.json()
    except ValueError:
        content = {}
    return content if isinstance(content, dict) else {}


def _why_no_connection(error: httpx.ConnectError) -> LineState:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            _log.error("The server's certificate is not trusted: %s. Nothing is sent.", cause.verify_message)
            return LineState.CERTIFICATE
        cause = cause.__cause__ or cause.__context__
    return LineState.UNREACHABLE


def _trust(ca_file: str) -> ssl.SSLContext:
    """The system's CAs, and the county's own."""
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(f"COUNTYREAD_EDGE_CA is {ca_file!r}; it is not a PEM file.") from error
    return context


def _socket_options() -> list[tuple[int, int, int]]:
    return [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD_MS),
    ]
