"""Studies to push: real ones where they are at hand, and as many copies as a test needs."""

from pathlib import Path

import pydicom
import pydicom.data
from pydicom.uid import generate_uid

_PYDICOM_FILES = Path(pydicom.data.__file__).parent / "test_files"


def head_ct(shared_data: Path | None) -> list[Path]:
    """A head CT: 28 slices of a GE scanner, or pydicom's own five-slice series."""
    folder = shared_data / "ct_head_ge" if shared_data else _PYDICOM_FILES / "dicomdirtests/98892001/CT5N"
    return sorted(file for file in folder.iterdir() if file.is_file())


def ecg() -> Path:
    """A 12-lead ECG."""
    return _PYDICOM_FILES / "waveform_ecg.dcm"


def earlier_ecg(path: Path) -> Path:
    """The same person's ECG of a year before."""
    dataset = pydicom.dcmread(ecg())
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.StudyDate = f"{int(dataset.StudyDate[:4]) - 1}{dataset.StudyDate[4:]}"
    dataset.AcquisitionDateTime = dataset.StudyDate + dataset.AcquisitionDateTime[8:]
    dataset.save_as(path)
    return path


def copies(folder: Path, count: int, *, template: str = "CT_small.dcm") -> list[Path]:
    """`count` objects of one new study: a real slice under new UIDs."""
    folder.mkdir(parents=True, exist_ok=True)
    dataset = pydicom.dcmread(_PYDICOM_FILES / template)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    files = []
    for number in range(1, count + 1):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.InstanceNumber = number
        path = folder / f"{number:04d}.dcm"
        dataset.save_as(path)
        files.append(path)
    return files


def study_uid(file: Path) -> str:
    return str(pydicom.dcmread(file, stop_before_pixels=True).StudyInstanceUID)


def sop_uid(file: Path) -> str:
    return str(pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID)
