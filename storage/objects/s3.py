"""An object store in a bucket of any S3 server, through the minio client."""

import contextlib
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, cast

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from storage.domain.errors import ChecksumMismatch, ObjectNotFound, StorageFull, StoreUnavailable
from storage.objects.checksum import digest_parts
from storage.objects.contract import checked_key

PART_SIZE = 16 << 20
"""Larger objects go up in parts of this size, so that their ETag can be foretold."""

_IN_MEMORY = 8 << 20
_CHUNK = 1 << 20
_FULL_CODES = ("XMinioStorageFull", "QuotaExceeded", "EntityTooLarge")
_CONNECT_SECONDS, _READ_SECONDS, _RETRIES, _CONNECTIONS = 3.0, 20.0, 2, 32


@dataclass(frozen=True)
class S3Address:
    """Where the bucket is. `endpoint` is HOST:PORT."""

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    bucket: str
    secure: bool
    region: str


class S3Store:
    """One bucket, made when it is missing. Thread-safe; connections are pooled."""

    def __init__(self, address: S3Address) -> None:
        self._bucket = address.bucket
        self._client = Minio(
            address.endpoint,
            access_key=address.access_key,
            secret_key=address.secret_key,
            secure=address.secure,
            region=address.region,
            http_client=_http_client(),
        )

    def adopt(self, files: Mapping[str, Path]) -> Collection[str]:  # noqa: ARG002 - bytes go over the network
        return ()

    def put(self, key: str, stream: BinaryIO, *, size: int, sha256: str) -> None:
        start = stream.tell()
        digests = digest_parts(stream, PART_SIZE)
        if (digests.size, digests.sha256) != (size, sha256):
            raise ChecksumMismatch(f"The bytes read for {key} are not those that were announced.")
        stream.seek(start)
        with _store_errors(key):
            etag = self._send_into_bucket(key, stream, size)
        if etag not in (digests.single_etag, digests.multipart_etag) and self._read_back(key) != sha256:
            self.delete(key)
            raise ChecksumMismatch(f"The store holds other bytes for {key} than were sent.")

    def _send_into_bucket(self, key: str, stream: BinaryIO, size: int) -> str:
        start = stream.tell()
        try:
            return self._send(key, stream, size)
        except S3Error as error:
            if error.code != "NoSuchBucket":
                raise
        self._make_bucket()
        stream.seek(start)
        return self._send(key, stream, size)

    def _send(self, key: str, stream: BinaryIO, size: int) -> str:
        result = self._client.put_object(self._bucket, checked_key(key), stream, size, part_size=PART_SIZE)
        return (result.etag or "").strip('"').lower()

    def _read_back(self, key: str) -> str:
        with self.open(key) as stream:
            return digest_parts(stream, PART_SIZE).sha256

    def _make_bucket(self) -> None:
        try:
            self._client.make_bucket(self._bucket)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            with self._response(key) as response:
                for chunk in response.stream(_CHUNK):
                    copy.write(chunk)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return cast(AbstractContextManager[BinaryIO], copy)

    def open_range(self, key: str, start: int, stop: int) -> bytes:
        if stop <= start:
            return b""
        try:
            with self._response(key, start, stop - start) as response:
                return response.read()
        except _RangePastTheEnd:
            return b""

    @contextlib.contextmanager
    def _response(self, key: str, offset: int = 0, length: int = 0) -> Iterator[urllib3.BaseHTTPResponse]:
        with _store_errors(key):
            response = self._client.get_object(self._bucket, checked_key(key), offset, length)
            try:
                yield response
            finally:
                response.close()
                response.release_conn()

    def delete(self, key: str) -> None:
        with _store_errors(key), contextlib.suppress(ObjectNotFound):
            self._client.remove_object(self._bucket, checked_key(key))

    def presign(self, key: str, ttl: timedelta) -> str | None:
        return self._client.presigned_get_object(self._bucket, checked_key(key), expires=ttl)


class _RangePastTheEnd(Exception):
    """The object ends before the range starts (HTTP 416)."""


@contextlib.contextmanager
def _store_errors(key: str) -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code == "NoSuchKey":
            raise ObjectNotFound(key) from error
        if error.code == "InvalidRange":
            raise _RangePastTheEnd from error
        if error.code in _FULL_CODES:
            raise StorageFull(f"The object store has no room ({error.code}).") from error
        raise StoreUnavailable(f"The object store refused ({error.code}).") from error
    except (MinioException, InvalidResponseError, ServerError, urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreUnavailable(f"The object store did not answer ({type(error).__name__}).") from error


def _http_client() -> urllib3.PoolManager:
    retries = urllib3.Retry(
        total=_RETRIES, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504), raise_on_status=False
    )
    timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
    return urllib3.PoolManager(maxsize=_CONNECTIONS, timeout=timeout, retries=retries)
