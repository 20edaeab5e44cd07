"""A time-stamping authority (RFC 3161) over HTTP: OpenSSL's own responder, with a certificate of a CA that is made for it."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ts]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digest}
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Stamps hashes of the kind `digest`."""

    def __init__(self, folder: Path, digest: str = "sha256") -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        (folder / "ts.cnf").write_text(_CONFIG.format(folder=folder, digest=digest))
        self._certify("ca", "ca")
        self._certify("tsa", "tsa", "-CA", "ca.pem", "-CAkey", "ca.key")

    def _certify(self, name: str, extensions: str, *signed_by: str) -> None:
        made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key")
        self._openssl("req", "-x509", "-config", "ts.cnf", *made, "-subj", f"/CN={name}", "-days", "2", *signed_by,
                      "-extensions", extensions, "-out", f"{name}.pem")  # fmt: skip

    def reply(self, query: bytes) -> bytes:
        """A TimeStampResp to a TimeStampReq, both in DER."""
        (self._folder / "query.tsq").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-config", "ts.cnf", "-section", "authority", "-queryfile", "query.tsq", "-out", "reply.tsr"
        )
        return (self._folder / "reply.tsr").read_bytes()

    def verifies(self, stamp: Path, digest: str) -> bool:
        """Whether OpenSSL takes the stamp for one of this authority over that hash."""
        asked = ("ts", "-verify", "-digest", digest, "-in", str(stamp), "-CAfile", "ca.pem")
        return subprocess.run(("openssl", *asked), cwd=self._folder, capture_output=True, check=False).returncode == 0

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(("openssl", *arguments), cwd=self._folder, capture_output=True, check=True)


@contextmanager
def receiving(answer: Callable[[str, bytes], bytes | None]) -> Iterator[str]:
    """A server that answers POST with what `answer` makes of media type and body, 503 for None; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200 if body is not None else 503)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
