"""A station talks to a server whose certificate it can trust, or says that it cannot and sends nothing."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dicom_gateway.edge.line import Line, LineDown, LineState, Server
from dicom_gateway.edge.throttle import Throttle
from tests.services.process import find_program


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"offset": 5}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *arguments: object) -> None:
        """A client that does not trust us hangs up."""


@contextmanager
def _secure_server(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    """Its port, and the certificate that it signed for itself under `name`."""
    command = [find_program("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=centre", "-addext", f"subjectAltName={name}", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = _Quiet(("127.0.0.1", 0), _Server)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1], folder / "cert.pem"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _line(port: int, ca_file: str) -> Iterator[Line]:
    stopping = threading.Event()
    server = Server(f"https://127.0.0.1:{port}", "station_key", ca_file)
    line = Line(server, Throttle(lambda: 0.0, stopping), stopping)
    yield line
    line.close()


def test_the_county_ca_is_trusted_when_it_is_given(tmp_path: Path) -> None:
    with _secure_server(tmp_path, "IP:127.0.0.1") as (port, ca_file), _line(port, str(ca_file)) as line:
        assert line.state_of("0" * 64) == {"offset": 5}


def test_a_certificate_that_nobody_vouches_for_is_told_as_such(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with _secure_server(tmp_path, "IP:127.0.0.1") as (port, _), _line(port, "") as line:
        with pytest.raises(LineDown) as down:
            line.state_of("0" * 64)
        assert down.value.state == LineState.CERTIFICATE
    assert "not trusted" in caplog.text


def test_a_certificate_of_another_server_is_not_trusted(tmp_path: Path) -> None:
    with _secure_server(tmp_path, "DNS:elsewhere.example.org") as (port, ca_file), _line(port, str(ca_file)) as line:
        with pytest.raises(LineDown) as down:
            line.state_of("0" * 64)
        assert down.value.state == LineState.CERTIFICATE
