"""Small real servers that take what the product sends out: mail by SMTP, and web requests."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from tests.services.ports import HOST


@dataclass
class Mailbox:
    """A mail server on the loopback address. It answers RCPT or DATA with the next of `answers`, and takes when there is none."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    rcpt_answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"


class _SmtpSession(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as smtplib speaks without extensions."""

    def handle(self) -> None:
        box = cast("_SmtpServer", self.server).box
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"RCPT":
                answer = box.rcpt_answers.pop(0) if box.rcpt_answers else "250 ok"
                if answer.startswith("2"):
                    box.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                self._say(answer)
            elif verb == b"DATA":
                self._take(box)
            else:
                self._say("250 ok")

    def _take(self, box: Mailbox) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = box.data_answers.pop(0) if box.data_answers else "250 taken"
        if answer.startswith("2"):
            box.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say(answer)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _SmtpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Mailbox


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server for the time of the block."""
    with _SmtpServer((HOST, 0), _SmtpSession) as server:
        server.box = Mailbox(port=server.server_address[1])
        with _serving(server):
            yield server.box


@dataclass(frozen=True)
class Request:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebReceiver:
    """A web server that keeps every request, and answers with the next of `answers` (status, body), or else 200."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    before_answer: Callable[[], Any] = lambda: None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/take"


class _WebHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast("_WebServer", self.server).receiver
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        receiver.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        receiver.before_answer()
        status, text = receiver.answers.pop(0) if receiver.answers else (200, "ok")
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


class _WebServer(ThreadingHTTPServer):
    daemon_threads = True
    receiver: WebReceiver


@contextmanager
def web_receiver() -> Iterator[WebReceiver]:
    """A web server for the time of the block."""
    with _WebServer((HOST, 0), _WebHandler) as server:
        server.receiver = WebReceiver(port=server.server_address[1])
        with _serving(server):
            yield server.receiver


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
