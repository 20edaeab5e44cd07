"""ECG files that are not DICOM: told apart by their content, read into one `Recording`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.recording import Recording


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: `recognises` looks at the first bytes only, `read` raises `UnreadableEcg` for what it cannot trust."""

    format: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Recording]


READERS: tuple[Reader, ...] = ()
"""In the order in which they are asked; the most telling signatures first."""

_TELLING = 4096


def read(file: Path | bytes) -> Recording:
    """The recording in a file of any known format but DICOM. Raises `UnreadableEcg`."""
    data = file if isinstance(file, bytes) else file.read_bytes()
    for reader in READERS:
        if reader.recognises(data[:_TELLING]):
            return reader.read(data)
    raise UnreadableEcg("The file is of no ECG format that is known here.")
