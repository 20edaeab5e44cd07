"""The proxy as docs and compose set it up: nginx with TLS and HTTP/2 before the API."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.api.test_process import Served, served
from tests.services.ports import free_port
from tests.services.process import Program, find_program
from tests.services.tls import Authority
from tests.services.waiting import wait_until
from tests.worlds import World, make_world, open_database

_CONFIGURATION = Path(__file__).parents[3] / "deploy" / "nginx.conf"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Served]:
    world: World = make_world("embedded", tmp_path, lambda name: pytest.fail(f"{name} is not embedded"))
    world.settings.data.mkdir(parents=True, exist_ok=True)
    with open_database(world.settings.database_url), served(world, tmp_path) as running:
        yield running


def _configured(folder: Path, api: Served, port: int) -> Path:
    """The file of the product, with other addresses: everything else is as an administrator has it."""
    certificate, key = Authority(folder / "tls").sign("reading.example.org")
    text = _CONFIGURATION.read_text("utf-8")
    for before, after in (
        ("listen 443 ssl http2", f"listen 127.0.0.1:{port} ssl http2"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("http://127.0.0.1:8000", api.url),
        ("/etc/ssl/countyread/fullchain.pem", str(certificate)),
        ("/etc/ssl/countyread/privkey.pem", str(key)),
    ):
        assert before in text
        text = text.replace(before, after)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    main = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    return main


def _ask(port: int, path: str, *options: str) -> str:
    command = ["curl", "--silent", "--insecure", "--include", "--http2", "--max-time", "30", *options]
    address = f"https://127.0.0.1:{port}{path}"
    return subprocess.run([*command, address], capture_output=True, text=True, errors="replace", check=False).stdout


def test_pages_come_by_http_2_and_an_upgrade_reaches_the_api(api: Served, tmp_path: Path) -> None:
    port = free_port()
    main = _configured(tmp_path, api, port)
    command = [find_program("nginx", "nginx-light"), "-e", "stderr", "-p", str(tmp_path), "-c", str(main)]
    proxy = Program.start(command, log=tmp_path / "nginx.log")
    try:
        wait_until(lambda: proxy.ensure_running() or "200" in _ask(port, "/healthz"), 30, "the proxy to answer")
        assert _ask(port, "/healthz").startswith("HTTP/2 200")
        zipped = _ask(port, "/openapi.json", "--header", "Accept-Encoding: gzip", "--output", "-", "--dump-header", "-")
        assert "content-encoding: gzip" in zipped.lower()
        upgrade = ("--http1.1", "--header", "Upgrade: websocket", "--header", "Connection: Upgrade")
        refused = _ask(port, "/dicomweb/ws/subscribers/NOBODY", *upgrade)
        assert refused.startswith("HTTP/1.1 4"), refused
        assert _ask(port, "/metrics").startswith("HTTP/2 200"), "this machine may see the metrics"
    finally:
        proxy.kill()
