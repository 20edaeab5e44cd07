"""The line: which servers are trusted, what failures are called, how pieces grow and shrink."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dicom_gateway.edge.line import Line, LineDown, LineState, PieceSize, Refused, Server
from dicom_gateway.edge.throttle import Throttle
from storage.domain.errors import ConfigurationError
from storage.edge.protocol import MAX_PIECE
from tests.services.ports import free_port


class _Handler(BaseHTTPRequestHandler):
    answer = (200, "application/json", b"{}")
    extra: tuple[tuple[str, str], ...] = ()

    def do_GET(self) -> None:
        status, content_type, body = self.answer
        self.send_response(status)
        for name, value in (("Content-Type", content_type), ("Content-Length", str(len(body))), *self.extra):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def _answering(status: int, content_type: str, body: bytes, **extra: str) -> Iterator[Line]:
    handler = type("Handler", (_Handler,), {"answer": (status, content_type, body), "extra": tuple(extra.items())})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    line = _line(f"http://127.0.0.1:{server.server_address[1]}")
    try:
        yield line
    finally:
        line.close()
        server.shutdown()
        thread.join()
        server.server_close()


def _line(url: str, ca_file: str = "") -> Line:
    stopping = threading.Event()
    return Line(Server(url, "station_key", ca_file), Throttle(lambda: 0.0, stopping), stopping)


@pytest.mark.parametrize(
    "server",
    [
        Server("", "station_key"),
        Server("ftp://reading.example.org", "station_key"),
        Server("http://reading.example.org", "station_key"),
        Server("https://reading.example.org", ""),
        Server("https://reading.example.org", "station_key", "/nonexistent.pem"),
    ],
)
def test_a_server_that_makes_no_sense_or_is_not_safe_is_refused(server: Server) -> None:
    with pytest.raises(ConfigurationError, match="COUNTYREAD_EDGE"):
        server.check()


@pytest.mark.parametrize("url", ["https://reading.example.org", "http://127.0.0.1:8000", "http://localhost:8000"])
def test_https_and_this_machine_are_fine(url: str) -> None:
    Server(url, "station_key").check()


@pytest.mark.parametrize(
    "status, body, state",
    [
        (401, b'{"code": "not_authenticated"}', LineState.KEY_REFUSED),
        (403, b"", LineState.KEY_REFUSED),
        (507, b'{"code": "storage_full"}', LineState.SERVER_FULL),
        (500, b'{"code": "internal_error"}', LineState.SERVER_FAULT),
        (502, b"<html>proxy</html>", LineState.SERVER_FAULT),
        (302, b"", LineState.SERVER_FAULT),
        (200, b"<html>Welcome to the hotel</html>", LineState.SERVER_FAULT),
        (404, b"<html>proxy</html>", LineState.SERVER_FAULT),
    ],
)
def test_failures_have_names(status: int, body: bytes, state: LineState) -> None:
    with _answering(status, "application/json", body) as line, pytest.raises(LineDown) as down:
        line.state_of("0" * 64)
    assert down.value.state == state


def test_a_server_that_asks_for_time_gets_it() -> None:
    with _answering(503, "application/json", b"{}", **{"Retry-After": "7"}) as line, pytest.raises(LineDown) as down:
        line.state_of("0" * 64)
    assert down.value.wait == 7


def test_a_refusal_says_what_the_server_said() -> None:
    body = b'{"code": "wrong_offset", "status": 409}'
    with _answering(409, "application/problem+json", body) as line, pytest.raises(Refused) as refusal:
        line.state_of("0" * 64)
    assert (refusal.value.status, refusal.value.problem["code"]) == (409, "wrong_offset")


def test_nobody_there_is_unreachable() -> None:
    line = _line(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(LineDown) as down:
        line.state_of("0" * 64)
    line.close()
    assert down.value.state == LineState.UNREACHABLE


def test_a_piece_grows_while_the_line_is_quick_and_carefully_after_a_failure() -> None:
    pieces = PieceSize()
    for _ in range(10):
        pieces.took(pieces.bytes, 0.1)
    assert pieces.bytes == MAX_PIECE
    pieces.failed()
    assert pieces.bytes == MAX_PIECE // 2
    pieces.took(pieces.bytes, 0.1)
    assert MAX_PIECE // 2 < pieces.bytes < MAX_PIECE * 3 // 4


def test_a_piece_shrinks_on_a_slow_line_but_not_to_nothing() -> None:
    pieces = PieceSize()
    for _ in range(20):
        pieces.took(pieces.bytes, 9.0)
    assert pieces.bytes == 8 << 10


def test_what_a_proxy_refused_is_not_tried_again() -> None:
    pieces = PieceSize()
    pieces.refused(pieces.bytes)
    largest = pieces.bytes
    for _ in range(10):
        pieces.took(pieces.bytes, 0.1)
    assert pieces.bytes == largest
