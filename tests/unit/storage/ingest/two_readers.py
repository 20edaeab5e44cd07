"""The scanner beside the tolerant reader: what the one reads, the other must read the same."""

import contextlib
import io
import json
import warnings
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from storage.domain.errors import UnreadableObject
from storage.ingest.header import ObjectHeader, ReadingRules
from storage.ingest.header.identifying import scan_identifiers
from storage.ingest.header.plans import Odd
from storage.ingest.header.reading import read_tolerantly_as_header, scan_as_header
from storage.ingest.header.tolerant import read_identifiers_tolerantly

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
RULES = ReadingRules(ZoneInfo("Asia/Shanghai"))
PLAIN_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)


def scanned(content: bytes, syntax: str, rules: ReadingRules = RULES) -> ObjectHeader | None:
    """What the scanner reads; None where it leaves the object to the tolerant reader."""
    try:
        return scan_as_header(io.BytesIO(content), syntax, NOW, rules)
    except Odd:
        return None


def tolerated(content: bytes, syntax: str, rules: ReadingRules = RULES) -> ObjectHeader | None:
    """What the tolerant reader reads; None where it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read_tolerantly_as_header(io.BytesIO(content), syntax, NOW, rules)
        except UnreadableObject:
            return None


def assert_same(content: bytes, syntax: str, rules: ReadingRules = RULES) -> bool:
    """Compare both, and say whether the scanner read it."""
    fast = scanned(content, syntax, rules)
    if fast is None:
        return False
    slow = tolerated(content, syntax, rules)
    assert slow is not None, "the scanner read what the tolerant reader refuses"
    assert _plainly(fast) == _plainly(slow)
    return True


def assert_same_identifiers(content: bytes, syntax: str) -> bool:
    """Compare the identifiers alone, and say whether the scanner found them; it does not look at what follows them."""
    try:
        fast = scan_identifiers(io.BytesIO(content), implicit=syntax == ImplicitVRLittleEndian)
    except Odd:
        return False
    with warnings.catch_warnings(), contextlib.suppress(UnreadableObject):
        warnings.simplefilter("ignore")
        assert fast == read_identifiers_tolerantly(io.BytesIO(content), syntax)
    return True


def _plainly(header: ObjectHeader) -> dict[str, Any]:
    """With the model as text, where 1 and 1.0 differ."""
    told = {name: value for name, value in vars(header).items() if name != "model"}
    return told | {"model": json.dumps(dict(header.model), sort_keys=True)}
