"""What a C-STORE is answered with (PS3.4 table B.2-1, PS3.7 annex C), and how an association is refused (PS3.8 9.3.4)."""

from enum import Enum
from typing import NamedTuple, Self

from storage.domain.admission import RefusalReason


class StoreStatus(int, Enum):
    """The statuses that this gateway gives, each with its Error Comment (0000,0902) of at most 64 characters."""

    comment: str

    def __new__(cls, code: int, comment: str) -> Self:
        status = int.__new__(cls, code)
        status._value_ = (code, comment)
        status.comment = comment
        return status

    SUCCESS = 0x0000, ""
    SOP_CLASS_NOT_SUPPORTED = 0x0122, "This SOP class is not stored here."
    OUT_OF_RESOURCES = 0xA700, "No disk space or no disk; try again later."
    QUOTA_EXCEEDED = 0xA700, "The quota of this device for today is used up."
    DATA_SET_MISMATCH = 0xA900, "SOP UIDs of command and data set differ."
    CANNOT_UNDERSTAND = 0xC000, "Not a data set with the four UIDs."


class Rejection(NamedTuple):
    """Result, source and reason of an A-ASSOCIATE-RJ (PS3.8 table 9-21)."""

    result: int
    source: int
    reason: int


_PERMANENT, _TRANSIENT = 1, 2
_SERVICE_USER, _PRESENTATION = 1, 3
APPLICATION_CONTEXT_NOT_SUPPORTED = Rejection(_PERMANENT, _SERVICE_USER, 2)
CALLING_AE_NOT_RECOGNIZED = Rejection(_PERMANENT, _SERVICE_USER, 3)
CALLED_AE_NOT_RECOGNIZED = Rejection(_PERMANENT, _SERVICE_USER, 7)
LOCAL_LIMIT_EXCEEDED = Rejection(_TRANSIENT, _PRESENTATION, 2)

REJECTIONS = dict.fromkeys(RefusalReason, CALLING_AE_NOT_RECOGNIZED) | {
    RefusalReason.CALLED_AE_TITLE: CALLED_AE_NOT_RECOGNIZED,
    RefusalReason.TOO_MANY: LOCAL_LIMIT_EXCEEDED,
}
"""Who comes from elsewhere, or with another certificate, is not the device whose calling AE title it uses."""
