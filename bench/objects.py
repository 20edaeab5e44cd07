"""Objects to push: CT slices of 0.5 MB, DR images of 10 MB and 12-lead ECGs, each of its own UID and with bytes of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

_SAMPLES = Path(pydicom.data.__file__).parent / "test_files"
KINDS = ("CT 0.5 MB", "DR 10 MB", "ECG")
_DEPTH, _DR_SHAPE = 4, (2560, 2048)
_MEMORY = Path("/dev/shm")


@contextmanager
def senders_folder() -> Iterator[Path]:
    """Where the senders' files lie: in memory, because a real sender reads and deletes nothing on the receiver's disk."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def write_objects(folder: Path, kind: str, count: int, seed: int) -> tuple[str, list[Path]]:
    """One study of `count` objects of `kind`; its UID, its files."""
    folder.mkdir(parents=True)
    noise = np.random.default_rng(seed)
    dataset = pydicom.dcmread(_SAMPLES / ("waveform_ecg.dcm" if kind == "ECG" else "CT_small.dcm"))
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    pixels = _pixels(dataset, kind)
    files = []
    for number in range(1, count + 1):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.InstanceNumber = number
        if pixels is not None:
            dataset.PixelData = (pixels + noise.integers(-2, 3, pixels.shape, dtype="i2")).astype("<i2").tobytes()
        files.append(folder / f"{number:05d}.dcm")
        dataset.save_as(files[-1])
    return str(dataset.StudyInstanceUID), files


def _pixels(dataset: Dataset, kind: str) -> np.ndarray | None:
    if kind == "ECG":
        return None
    pixels = dataset.pixel_array
    if kind == "DR 10 MB":
        dataset.Modality = "DX"
        pixels = np.tile(pixels, (20, 16))[: _DR_SHAPE[0], : _DR_SHAPE[1]]
    else:
        pixels = np.repeat(np.repeat(pixels, _DEPTH, axis=0), _DEPTH, axis=1)
    dataset.Rows, dataset.Columns = pixels.shape
    return pixels
