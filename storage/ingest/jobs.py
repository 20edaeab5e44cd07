"""What is left to do for a file of the spool once the catalogue knows it."""

from dataclasses import dataclass
from enum import StrEnum

from storage.ingest.spool_entry import SpoolEntry

INSTANCE_KEY, QUARANTINE_KEY = "instances/{}/{}.dcm", "quarantine/{}/{}.dcm"


class JobKind(StrEnum):
    """UPLOAD: to the object store. CHECK: it is there already, make sure of that. DROP: nothing needs this file."""

    UPLOAD = "upload"
    CHECK = "check"
    DROP = "drop"


class RowKind(StrEnum):
    """Which table the row is in."""

    INSTANCE = "instance"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Job:
    """One file of the spool and its row. `sha256` and `size` are the file's own."""

    kind: JobKind
    row_kind: RowKind
    row_id: int
    entry: SpoolEntry
    object_key: str
    size: int
    sha256: str


def object_key(row_kind: RowKind, sha256: str) -> str:
    """Where an object's bytes live: by what they are, so that nothing overwrites anything else."""
    pattern = INSTANCE_KEY if row_kind is RowKind.INSTANCE else QUARANTINE_KEY
    return pattern.format(sha256[:2], sha256)
