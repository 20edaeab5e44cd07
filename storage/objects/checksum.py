"""What an S3 server's ETag must be, worked out before the bytes are sent."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Digests:
    """Of one object: its SHA-256, and the ETags of an upload in one piece (MD5) and in parts (MD5 of MD5s, and number)."""

    size: int
    sha256: str
    single_etag: str
    multipart_etag: str


def digest_parts(stream: BinaryIO, part_size: int) -> Digests:
    """Read `stream` from where it stands to its end; parts are of `part_size` bytes, the last may be shorter."""
    size, sha256, whole = 0, hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    parts: list[bytes] = []
    while True:
        part = hashlib.md5(usedforsecurity=False)
        left = part_size
        while left and (chunk := stream.read(min(_CHUNK, left))):
            left -= len(chunk)
            for digest in (sha256, whole, part):
                digest.update(chunk)
        if left == part_size and parts:
            break
        size += part_size - left
        parts.append(part.digest())
        if left:
            break
    multipart = hashlib.md5(b"".join(parts), usedforsecurity=False).hexdigest()
    return Digests(size, sha256.hexdigest(), whole.hexdigest(), f"{multipart}-{len(parts)}")
