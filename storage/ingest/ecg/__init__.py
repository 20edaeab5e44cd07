"""ECG files that are not DICOM: told apart by their content, read into one `Recording`, written as DICOM objects."""

from pathlib import Path

from storage.ingest.ecg.reading import LARGEST, LOOK_AT, may_be_ecg, read_ecg
from storage.ingest.ecg.recording import Recording
from storage.ingest.ecg.writing import as_dicom

__all__ = ["LARGEST", "LOOK_AT", "as_dicom", "may_be_ecg", "read", "read_ecg"]


def read(file: Path | bytes) -> Recording:
    """The recording in a file of any known format but DICOM, limb leads added. Raises `UnreadableEcg`."""
    return read_ecg(file if isinstance(file, bytes) else file.read_bytes())
