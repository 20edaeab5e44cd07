"""Words for what arrives: states of studies and instances, reasons for quarantine."""

from enum import StrEnum


class StudyState(StrEnum):
    """RECEIVING until the study is whole, then READY; late images take a study back to RECEIVING."""

    RECEIVING = "receiving"
    READY = "ready"


class InstanceState(StrEnum):
    """SPOOLED: durable in a gateway's spool. STORED: in the object store, checksum verified."""

    SPOOLED = "spooled"
    STORED = "stored"


class QuarantineReason(StrEnum):
    """Why an object was kept aside for a person to look at."""

    NOT_DICOM = "not_dicom"
    NO_IDENTIFIERS = "no_identifiers"
    NO_PATIENT = "no_patient"
    OTHER_BYTES = "other_bytes"
    OTHER_ENCODING = "other_encoding"
    OTHER_PATIENT = "other_patient"
    OTHER_INSTITUTION = "other_institution"
    OTHER_SERIES = "other_series"
    UNKNOWN_DEVICE = "unknown_device"
    NOT_CATALOGUED = "not_catalogued"


class RenditionKind(StrEnum):
    """Pictures derived from an instance."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"


class RenditionState(StrEnum):
    """Whether a study's thumbnails are made."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Sex(StrEnum):
    """Patient's Sex (0010,0040)."""

    MALE = "M"
    FEMALE = "F"
    OTHER = "O"
    UNKNOWN = ""
