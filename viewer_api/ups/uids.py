"""UIDs of workitems: each says which task and which of its events it began with, so that none has to be kept.

A UID of the 2.25 root holds a UUID (PS3.5 B.2); that of RFC 9562 version 8 leaves 122 bits to us: 48 for the task, 16 for
the event, and 58 of a hash with the study's UID, which keeps apart the same numbers of two installations.
"""

import hashlib
from dataclasses import dataclass

_TASK_BITS, _SEQ_BITS, _HIGH_BITS, _LOW_BITS = 48, 16, 12, 46
_ROOT = "2.25."
_VERSION, _VERSION_AT = 8, 76
_VARIANT, _VARIANT_AT = 2, 62
_MAX = 1 << 128


@dataclass(frozen=True)
class Named:
    """What a workitem UID says: the task, the number of the event that it began with, and what must fit the study."""

    task_id: int
    seq: int
    check: int

    def fits(self, study_instance_uid: str) -> bool:
        """Whether the UID was made for a task of this study."""
        return self.check == _check(study_instance_uid, self.task_id, self.seq)


def workitem_uid(study_instance_uid: str, task_id: int, seq: int) -> str:
    """The UID of the workitem of a task that began with its event `seq`."""
    check = _check(study_instance_uid, task_id, seq)
    high, low = check >> _LOW_BITS, check & ((1 << _LOW_BITS) - 1)
    number = task_id
    for value, bits in ((_VERSION, 4), (high, _HIGH_BITS), (_VARIANT, 2), (seq, _SEQ_BITS), (low, _LOW_BITS)):
        number = number << bits | value
    return f"{_ROOT}{number}"


def read_uid(uid: str) -> Named | None:
    """None for a UID that is not of this making."""
    digits = uid.removeprefix(_ROOT)
    if digits == uid or not digits.isascii() or not digits.isdigit() or len(digits) > len(str(_MAX)):
        return None
    number = int(digits)
    if number >= _MAX:
        return None
    if number >> _VERSION_AT & 0xF != _VERSION or number >> _VARIANT_AT & 0b11 != _VARIANT:
        return None
    low = number & ((1 << _LOW_BITS) - 1)
    seq = number >> _LOW_BITS & ((1 << _SEQ_BITS) - 1)
    high = number >> (_LOW_BITS + _SEQ_BITS + 2) & ((1 << _HIGH_BITS) - 1)
    return Named(number >> (128 - _TASK_BITS), seq, high << _LOW_BITS | low)


def _check(study_instance_uid: str, task_id: int, seq: int) -> int:
    digest = hashlib.sha256(f"{study_instance_uid}/{task_id}/{seq}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - _HIGH_BITS - _LOW_BITS)
