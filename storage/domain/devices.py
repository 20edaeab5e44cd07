"""Equipment and the other doors through which studies come."""

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
