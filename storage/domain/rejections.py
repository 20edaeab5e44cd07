"""Why images are rejected."""

from enum import StrEnum


class Title(StrEnum):
    """Document titles of rejection notes (PS3.16 CID 7010; IHE RAD IOCM)."""

    QUALITY = "113001"
    SAFETY = "113037"
    WORKLIST = "113038"
