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


class Decision(StrEnum):
    """What a person decides about an object in quarantine.

    TAKE_IN: put it through the intake again, under the present rules. REPLACE: let it become the instance, and keep the
    older object aside in its place. RESEND: the clinic puts it right and sends it anew. KEPT: it stays aside for good.
    DISCARDED: it is not wanted; its bytes are kept for `DAYS_KEPT` first.
    """

    TAKE_IN = "take_in"
    REPLACE = "replace"
    RESEND = "resend"
    KEPT = "kept"
    DISCARDED = "discarded"


DAYS_KEPT = 30
"""How long the bytes of what was discarded, or taken in, stay in quarantine: until then a decision can be taken back."""


class PixelFinding(StrEnum):
    """What comparing an object in another encoding with the one in the archive found; empty until it is done.

    WITHIN_LOSS: the pixels differ no more than lossy compression makes them. UNREADABLE: one of the two cannot be decoded.
    """

    IDENTICAL = "identical"
    WITHIN_LOSS = "within_loss"
    DIFFERENT = "different"
    UNREADABLE = "unreadable"


class RenditionKind(StrEnum):
    """Pictures derived from an instance."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"


class RenditionState(StrEnum):
    """Whether a study's thumbnails are made."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """Whether a study's frames are made ready for slow lines."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Sex(StrEnum):
    """Patient's Sex (0010,0040)."""

    MALE = "M"
    FEMALE = "F"
    OTHER = "O"
    UNKNOWN = ""
