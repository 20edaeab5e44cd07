"""OHIF's published viewer, fetched once, served from a port of its own: somebody else's program in somebody's browser."""

import functools
import gzip
import hashlib
import http.server
import json
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.ports import HOST, free_port

VERSION = "3.13.2"
SHA512 = "5997719a9986eeba85816f5924b71b82bdd70ad2e2d4a0cd3e831a798e4f3deea3e06e1f8c48e393271933a0ba664d85f3b04ac457e9abe8dde715d907d13c10"
_ROOT = Path(__file__).parents[2]
_TEXTS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
_LARGE = 100_000
_KEPT = Path.home() / ".cache" / "countyread-tests"

_CONFIG = """
window.config = ({ servicesManager }) => {
  let authentication;
  Object.defineProperty(servicesManager.services, 'userAuthenticationService', {
    enumerable: true,
    get: () => authentication,
    set: (registered) => {
      authentication = registered;
      registered.setServiceImplementation({
        getAuthorizationHeader: () => ({ Authorization: 'Bearer ' + %(token)s }),
      });
    },
  });
  return {
    name: 'county', routerBasename: null, extensions: [], modes: [], customizationService: {},
    showStudyList: true, maxNumberOfWebWorkers: 1, showWarningMessageForCrossOrigin: false,
    showCPUFallbackMessage: false, strictZSpacingForVolumeViewport: true, investigationalUseDialog: { option: 'never' },
    defaultDataSourceName: 'county',
    dataSources: [{
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'county',
      configuration: {
        friendlyName: 'County', name: 'county',
        wadoUriRoot: %(root)s + '/wado', qidoRoot: %(root)s + '/dicomweb', wadoRoot: %(root)s + '/dicomweb',
        qidoSupportsIncludeField: true, imageRendering: 'wadors', thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true, supportsFuzzyMatching: true, supportsWildcard: true,
        bulkDataURI: { enabled: true }, omitQuotationForMultipartRequest: true,
      },
    }],
  };
};
"""


def _fetched() -> Path:
    """The package, from the cache or from the registry that npm is set to. :raises subprocess.CalledProcessError:"""
    kept = _KEPT / f"ohif-app-{VERSION}.tgz"
    if not kept.exists() or _hash(kept) != SHA512:
        _KEPT.mkdir(parents=True, exist_ok=True)
        command = [str(_ROOT / "scripts" / "with-node"), "npm", "pack", "--silent", f"@ohif/app@{VERSION}"]
        subprocess.run(command, cwd=_KEPT, check=True, capture_output=True, timeout=240)
    assert _hash(kept) == SHA512, "the package is not the published one"
    return kept


@functools.cache
def _compressed(path: Path, _written: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()


class _Pages(http.server.SimpleHTTPRequestHandler):
    """Files of the viewer, compressed where they are text, over connections that stay open: as a good web server gives them.

    Every other address is the viewer's own, which it tells apart in the browser.
    """

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        found = Path(self.translate_path(self.path))
        if found.suffix in _TEXTS:
            self._send_compressed(found)
        else:
            super().do_GET()

    def _send_compressed(self, found: Path) -> None:
        body = _compressed(found, found.stat().st_mtime_ns)
        self.send_response(200)
        for name, value in (("Type", _TEXTS[found.suffix]), ("Encoding", "gzip"), ("Length", str(len(body)))):
            self.send_header(f"Content-{name}", value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class OhifViewer:
    """The viewer on a free port. ``point_at`` says whose images it shows, and with which token."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._server: http.server.ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    def point_at(self, root: str, token: str) -> None:
        config = _CONFIG % {"root": json.dumps(root), "token": json.dumps(token)}
        (self._folder / "app-config.js").write_text(config)

    def scripts(self) -> list[str]:
        """Paths of its larger text files."""
        found = (path for path in self._folder.glob("*") if path.suffix in _TEXTS and path.stat().st_size > _LARGE)
        return [f"/{path.name}" for path in found]

    def __enter__(self) -> Self:
        with tarfile.open(_fetched()) as archive:
            archive.extractall(self._folder, filter="data")
        shutil.copytree(self._folder / "package" / "dist", self._folder, dirs_exist_ok=True)

        def pages(*args: object) -> _Pages:
            return _Pages(*args, directory=str(self._folder))  # type: ignore[arg-type]

        self._server = http.server.ThreadingHTTPServer((HOST, self._port), pages)
        threading.Thread(target=self._server.serve_forever, name="ohif", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
