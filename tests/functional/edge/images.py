"""Studies to push whose frames compress as real ones do."""

from pathlib import Path

import numpy as np
from pydicom.uid import TwelveLeadECGWaveformStorage, generate_uid

from tests.unit.storage.ingest.samples import data_set, save


def make_series(folder: Path, count: int, *, side: int = 128, **attributes: object) -> list[Path]:
    """`count` CT slices of one new series; two thirds of each slice are soft, the rest is noise."""
    folder.mkdir(parents=True, exist_ok=True)
    uids = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid(), **attributes}
    random = np.random.default_rng(3)
    return [_slice(folder / f"{number:04d}.dcm", number, side, random, uids) for number in range(1, count + 1)]


def _slice(path: Path, number: int, side: int, random: np.random.Generator, uids: dict[str, object]) -> Path:
    made = data_set(InstanceNumber=str(number), **uids)
    made.Rows = made.Columns = side
    made.BitsAllocated = made.BitsStored = 16
    made.HighBit, made.PixelRepresentation, made.SamplesPerPixel = 15, 1, 1
    made.PhotometricInterpretation = "MONOCHROME2"
    soft = np.add.outer(np.arange(side), np.arange(side)) * 4 - 1000 + number
    soft[side * 2 // 3 :] += random.integers(0, 2000, (side - side * 2 // 3, side))
    made.add_new(0x7FE00010, "OW", soft.astype("<i2").tobytes())
    return save(path, made)


def make_ecg(path: Path) -> Path:
    """A small object that nobody should wait for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(path, data_set(SOPClassUID=TwelveLeadECGWaveformStorage, Modality="ECG"))
