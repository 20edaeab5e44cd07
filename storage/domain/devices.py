"""Equipment and the other doors through which studies come."""

from collections.abc import Iterator
from enum import StrEnum


class DeviceKind(StrEnum):
    """How a device reaches us: DICOM associations, uploads over HTTP, a watched folder, FTP, or an edge station's HTTPS."""

    DICOM = "dicom"
    UPLOAD = "upload"
    FOLDER = "folder"
    FTP = "ftp"
    EDGE = "edge"


class CharsetRule(StrEnum):
    """When a device's character set counts: where an object declares none or one that does not fit, or always."""

    UNDECLARED = "undeclared"
    ALWAYS = "always"


_MAX_AE_TITLE = 16


def door_titles(institution_code: str, kind: DeviceKind) -> Iterator[str]:
    """AE titles for a door beside DIMSE at an institution, the usual one first: T01_UPLOAD, T01_UPLOAD2 ..."""
    code = "".join(letter for letter in institution_code.upper() if letter.isascii() and letter.isalnum()) or "X"
    for number in range(1, 1000):
        ending = f"_{kind.upper()}{number if number > 1 else ''}"
        yield code[: _MAX_AE_TITLE - len(ending)] + ending
