"""DICOM unique identifiers (PS3.5 section 9 and annex B)."""

import re
import uuid

_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*")
_TOLERATED_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
MAX_UID_LENGTH = 64


def is_valid_uid(uid: str) -> bool:
    """Whether `uid` keeps the rules of PS3.5 section 9.1 (digits, dots, no leading zeros, at most 64 characters)."""
    return len(uid) <= MAX_UID_LENGTH and _UID.fullmatch(uid) is not None


def is_usable_uid(uid: str) -> bool:
    """Whether `uid` is safe to keep as it came: old equipment writes components with leading zeros, which harm nobody."""
    return len(uid) <= MAX_UID_LENGTH and _TOLERATED_UID.fullmatch(uid) is not None


def new_uid() -> str:
    """A fresh UID under the 2.25 root (PS3.5 section B.2)."""
    return f"2.25.{uuid.uuid4().int}"
