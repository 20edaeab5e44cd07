from pathlib import Path

import pytest

from tests.functional.api.township import Township


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built web application, and a file beside it that is nobody's business."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>page")
    script = folder / "assets" / "app-1a2b3c.js"
    script.write_text("plain")
    script.with_name(f"{script.name}.br").write_bytes(b"brotli")
    script.with_name(f"{script.name}.gz").write_bytes(b"gzip")
    (folder / "assets" / "codec-4d5e.wasm").write_bytes(b"\0asm")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr("viewer_api.static.DIST", folder)
    return folder


def test_the_page_is_always_fresh_and_its_parts_are_kept_for_good(township: Township, dist: Path) -> None:
    client = township.anonymous()
    page = client.get("/")
    assert (page.status_code, page.text, page.headers["cache-control"]) == (200, "<!doctype html>page", "no-cache")
    assert page.headers["content-type"].startswith("text/html")
    script = client.get("/assets/app-1a2b3c.js", headers={"Accept-Encoding": "identity"})
    assert (script.text, script.headers["content-type"].split(";")[0]) == ("plain", "text/javascript")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/codec-4d5e.wasm").headers["content-type"] == "application/wasm"


@pytest.mark.parametrize(
    "accepted, encoding, body",
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", b"gzip"),
        ("identity", None, b"plain"),
    ],
)
def test_compressed_copies_are_sent_as_they_are(
    township: Township, dist: Path, accepted: str, encoding: str | None, body: bytes
) -> None:
    headers = {"Accept-Encoding": accepted}
    with township.anonymous().stream("GET", "/assets/app-1a2b3c.js", headers=headers) as answer:
        assert b"".join(answer.iter_raw()) == body
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets", "/%00", "/a" * 3000, "/x.py"],
)
def test_nothing_outside_the_application_is_served(township: Township, dist: Path, path: str) -> None:
    answer = township.anonymous().get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_missing_build_says_what_to_do(township: Township, dist: Path) -> None:
    (dist / "index.html").unlink()
    answer = township.anonymous().get("/")
    assert answer.status_code == 503
    assert "make install" in answer.text
