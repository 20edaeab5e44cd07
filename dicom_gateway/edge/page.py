"""The status page for the technician's browser: one page, no log-in, nothing to press, nothing of patients."""

import json
import logging
import threading
from collections.abc import Callable
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dicom_gateway.edge.status import Status, in_words
from storage.settings import Address

_log = logging.getLogger(__name__)

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>
body {{ font: 1.1rem/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100%; margin-bottom: 2rem }}
th, td {{ text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top }}
th {{ font-weight: normal; color: #555; width: 40% }}
</style></head><body>{tables}</body></html>
"""


class StatusPage:
    """Serves the page at `/` and the same as JSON at `/status.json`."""

    def __init__(self, address: Address, read: Callable[[], Status]) -> None:
        self._server = ThreadingHTTPServer((address.host, address.port), partial(_Handler, read))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="page", daemon=True)
        self.port = self._server.server_address[1]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def __init__(self, read: Callable[[], Status], *arguments: object) -> None:
        self._read = read
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The two addresses."""
        if self.path == "/":
            self._answer("text/html; charset=utf-8", page(self._read()))
        elif self.path == "/status.json":
            self._answer("application/json", json.dumps(self._read().as_json()))
        else:
            self.send_error(404)

    def log_message(self, *_arguments: object) -> None:
        """A page that refreshes itself would fill the log."""

    def _answer(self, content_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        for name, value in (
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def page(status: Status) -> str:
    """Both languages, Chinese first."""
    return _PAGE.format(
        title=escape(status.name), tables="".join(_table(status, language) for language in ("zh", "en"))
    )


def _table(status: Status, language: str) -> str:
    title, lines = in_words(status, language)
    rows = "".join(f"<tr><th>{escape(what)}</th><td>{escape(how)}</td></tr>" for what, how in lines)
    return f"<h2>{escape(title)}</h2><table>{rows}</table>"
