"""Documents that are made and compressed once, and sent many times: the metadata of a series."""

import json
import zlib
from collections.abc import Callable
from typing import Any

import imagecodecs

from viewer_api.recent import Recent

_KEPT_BYTES = 64 << 20
_BROTLI_QUALITY, _ZSTD_LEVEL, _GZIP_LEVEL = 5, 5, 6
_GZIP = 16 + zlib.MAX_WBITS
_BEST_FIRST = ("br", "zstd", "gzip", "identity")


def best_coding(accept_encoding: str) -> str:
    """The content coding that makes the least of a document, of those that the client takes (RFC 9110 12.5.3)."""
    taken = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        taken[name.strip()] = parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((coding for coding in _BEST_FIRST if taken.get(coding, False)), "identity")


def compressed(body: bytes, coding: str) -> bytes:
    """`body` in a content coding of `best_coding`."""
    match coding:
        case "br":
            return bytes(imagecodecs.brotli_encode(body, level=_BROTLI_QUALITY))
        case "zstd":
            return bytes(imagecodecs.zstd_encode(body, level=_ZSTD_LEVEL))
        case "gzip":
            packer = zlib.compressobj(level=_GZIP_LEVEL, wbits=_GZIP)
            return packer.compress(body) + packer.flush()
    return body


class SeriesDocuments:
    """Metadata documents by their version, which changes when an instance arrives or is replaced. Thread-safe."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[str, str], bytes] = Recent(_KEPT_BYTES, len)

    def body(self, version: str, coding: str, make: Callable[[], list[dict[str, Any]]]) -> bytes:
        """The document of this version in this content coding."""
        found = self._kept.get((version, coding))
        if found is None:
            plain = self._kept.get((version, "identity"))
            if plain is None:
                plain = json.dumps(make(), ensure_ascii=False, separators=(",", ":")).encode()
            found = compressed(plain, coding)
            self._kept.put((version, coding), found)
        return found
