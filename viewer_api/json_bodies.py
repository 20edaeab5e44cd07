"""JSON bodies that no schema checks: what of them could never be stored is refused at the door."""

import json
from typing import Any

from storage.domain.errors import BadRequest

_NUL = "\\u0000"


def read_json(body: bytes) -> Any:
    """Raises `BadRequest` for what is no JSON, is nested without end, or has half a character or a NUL in it."""
    try:
        found = json.loads(body)
        written = json.dumps(found, ensure_ascii=False)
        written.encode()
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None
    if _NUL in written:
        raise BadRequest("No value has a character of number zero.")
    return found
