"""The HTTP parser under clients that mean no good."""

import socket

from tests.functional.api.township import Township
from viewer_api.bounded_http import MAX_HEAD_BYTES


def _connect(township: Township) -> socket.socket:
    host, port = township.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), 30)


def _all(connection: socket.socket) -> bytes:
    answer = b""
    try:
        while data := connection.recv(65536):
            answer += data
    except ConnectionResetError:
        pass
    return answer


def test_headers_without_end_are_refused(archive: Township) -> None:
    with _connect(archive) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        sent = 0
        try:
            while sent < 64 * MAX_HEAD_BYTES:
                connection.sendall(b"X-More: " + b"a" * 4000 + b"\r\n")
                sent += 4010
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 64 * MAX_HEAD_BYTES or _all(connection).startswith(b"HTTP/1.1 400 ")


def test_requests_on_one_connection_are_counted_each(archive: Township) -> None:
    """As many headers as are allowed, in several requests and small pieces."""
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-More: " + b"a" * (MAX_HEAD_BYTES // 2) + b"\r\n"
    with _connect(archive) as connection:
        reader = connection.makefile("rb")
        for _ in range(4):
            connection.sendall(request)
            connection.sendall(b"\r\n")
            assert reader.readline().startswith(b"HTTP/1.1 200 ")
            length = 0
            while (line := reader.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            reader.read(length)


def test_what_is_not_http_is_refused(archive: Township) -> None:
    with _connect(archive) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert _all(connection).startswith(b"HTTP/1.1 400 ")
