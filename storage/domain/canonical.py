"""One way to turn a value into bytes and a hash, for reports and the audit chain."""

import hashlib
import json
from collections.abc import Mapping


def canonical_json(content: Mapping[str, object]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: equal content gives equal bytes on every machine."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 digest of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
