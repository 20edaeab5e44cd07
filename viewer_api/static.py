"""The web application's files, as the build leaves them in `web/dist`."""

import re
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from storage.domain.errors import NotFound

router = APIRouter(include_in_schema=False)

DIST = Path(__file__).parent / "web" / "dist"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
_TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_FOREVER = "public, max-age=31536000, immutable"
_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>County Reading</title>
<h1>网页程序尚未安装</h1><p>请在程序目录运行 <code>make install</code>，然后刷新本页。</p>
<h1>The web application is not built</h1><p>Run <code>make install</code> in the program's folder, then reload this page.</p>
</html>"""


@router.get("/{path:path}")
def file(path: str, request: Request) -> Response:
    """A file of the web application; the page itself under `/`."""
    name = path or "index.html"
    found = _find(name)
    if found is None:
        if name == "index.html":
            return HTMLResponse(_NOT_BUILT, 503, {"Cache-Control": "no-cache"})
        raise NotFound("There is nothing here.")
    return _answer(found, immutable=name.startswith("assets/"), accepted=request.headers.get("accept-encoding", ""))


def _find(name: str) -> Path | None:
    try:
        found = (DIST / name).resolve()
        is_ours = found.suffix in _TYPES and found.is_relative_to(DIST.resolve()) and found.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return None
    return found if is_ours else None


def _answer(found: Path, *, immutable: bool, accepted: str) -> Response:
    headers = {"Cache-Control": _FOREVER if immutable else "no-cache", "Vary": "Accept-Encoding"}
    wanted = {part.partition(";")[0].strip() for part in accepted.split(",") if not _REFUSED.search(part)}
    for encoding, suffix in _ENCODINGS:
        compressed = found.with_name(found.name + suffix)
        if encoding in wanted and compressed.is_file():
            headers["Content-Encoding"] = encoding
            return FileResponse(compressed, headers=headers, media_type=_TYPES[found.suffix])
    return FileResponse(found, headers=headers, media_type=_TYPES[found.suffix])
