"""UIDs of what is written here: the same version gives the same ones, so that an object is made once however often it is tried."""

import uuid
from enum import StrEnum

_SPACE = uuid.UUID("5b0c5f1e-6b1d-4e0a-9d53-0c7b3f7f6a11")


class DocumentKind(StrEnum):
    """What a signed version becomes."""

    REPORT = "sr"
    PAPER = "pdf"
    KEY_IMAGES = "ko"
    MEASUREMENTS = "measurements"


def series_uid(study_instance_uid: str, report_id: int, kind: DocumentKind) -> str:
    """One series for each kind of document of a report: its versions stand in it one after the other."""
    return _derived(f"series {study_instance_uid} {report_id} {kind}")


def document_uid(version_sha256: str, kind: DocumentKind) -> str:
    """The SOP Instance UID of a document of the version with that hash."""
    return _derived(f"document {version_sha256} {kind}")


def tracking_uid(study_instance_uid: str, measurement_id: int) -> str:
    """What a measurement is followed by from version to version (PS3.16 TID 1501)."""
    return _derived(f"measurement {study_instance_uid} {measurement_id}")


def _derived(text: str) -> str:
    """Under the 2.25 root (PS3.5 section B.2), from a name-based UUID (RFC 9562 section 5.5)."""
    return f"2.25.{uuid.uuid5(_SPACE, text).int}"
