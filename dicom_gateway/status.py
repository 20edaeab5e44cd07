"""What a C-STORE is answered with (PS3.4 table B.2-1, PS3.7 annex C)."""

from enum import IntEnum


class StoreStatus(IntEnum):
    """The statuses that this gateway gives."""

    SUCCESS = 0x0000
    SOP_CLASS_NOT_SUPPORTED = 0x0122
    OUT_OF_RESOURCES = 0xA700
    DATA_SET_MISMATCH = 0xA900
    CANNOT_UNDERSTAND = 0xC000


COMMENTS = {
    StoreStatus.SOP_CLASS_NOT_SUPPORTED: "This SOP class is not stored here.",
    StoreStatus.OUT_OF_RESOURCES: "No disk space or no disk; try again later.",
    StoreStatus.DATA_SET_MISMATCH: "SOP UIDs of command and data set differ.",
    StoreStatus.CANNOT_UNDERSTAND: "Not a data set with the four UIDs.",
}
"""Error Comment (0000,0902): at most 64 characters."""

REJECTED_PERMANENT, SERVICE_USER = 1, 1
CALLING_AE_NOT_RECOGNIZED, CALLED_AE_NOT_RECOGNIZED = 3, 7
"""Result, source and reason of an A-ASSOCIATE-RJ (PS3.8 9.3.4)."""
