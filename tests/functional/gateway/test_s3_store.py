"""The compliance suite on a real S3 server, and what only a server can do to us."""

import json
import threading
import urllib.request
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from storage.domain.errors import ChecksumMismatch, StoreUnavailable
from storage.objects import ObjectStore, exists, make_object_store
from tests.services.ports import free_port
from tests.services.s3 import S3Server
from tests.unit.storage.objects.compliance import KEY, ObjectStoreCompliance, put, read


@pytest.fixture
def store(s3_url: str) -> ObjectStore:
    return make_object_store(s3_url)


class TestS3Store(ObjectStoreCompliance):
    @pytest.fixture
    def store(self, s3_url: str) -> ObjectStore:
        return make_object_store(s3_url)


def test_a_missing_bucket_is_made(s3_server: S3Server, s3_url: str) -> None:
    store = make_object_store(s3_url + "-new")
    put(store, KEY, b"bytes")
    assert read(store, KEY) == b"bytes"


def test_an_outage_is_never_a_missing_object(s3_server: S3Server, store: ObjectStore) -> None:
    put(store, KEY, b"bytes")
    s3_server.kill()
    for attempt in (lambda: read(store, KEY), lambda: put(store, KEY, b"bytes"), lambda: exists(store, "no/none")):
        with pytest.raises(StoreUnavailable):
            attempt()
    s3_server.restart()
    assert read(store, KEY) == b"bytes"


def test_a_wrong_secret_is_no_missing_object(s3_url: str) -> None:
    stranger = make_object_store(s3_url.replace("readingsecret", "guess"))
    with pytest.raises(StoreUnavailable, match="SignatureDoesNotMatch"):
        read(stranger, KEY)


def test_a_missing_bucket_is_no_missing_object(s3_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
        read(make_object_store(s3_url + "-none"), KEY)


def test_a_presigned_url_gives_the_object_to_anybody(store: ObjectStore) -> None:
    put(store, KEY, b"bytes")
    url = store.presign(KEY, timedelta(minutes=1))
    assert url is not None
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"bytes"


class _OddServer(BaseHTTPRequestHandler):
    """An S3 server whose ETags are no digests, and that may damage what it keeps."""

    kept: bytes = b""
    damage = False

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).kept = body[:-1] + b"?" if self.damage else body
        self._answer(200, b"", {"ETag": '"opaque"'})

    def do_GET(self) -> None:
        self._answer(200, self.kept, {"ETag": '"opaque"'})

    def do_DELETE(self) -> None:
        type(self).kept = b"deleted"
        self._answer(204, b"", {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        json.dumps(None)


@pytest.fixture
def odd_store():
    handler = type("Handler", (_OddServer,), {})
    port = free_port()
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield handler, make_object_store(f"s3+http://key:secret@127.0.0.1:{port}/bucket")
        server.shutdown()
        thread.join()


def test_without_a_digest_for_an_etag_the_object_is_read_back(odd_store) -> None:
    handler, store = odd_store
    put(store, KEY, b"bytes")
    assert handler.kept == b"bytes"
    handler.damage = True
    with pytest.raises(ChecksumMismatch):
        put(store, KEY, b"bytes")
    assert handler.kept == b"deleted"
