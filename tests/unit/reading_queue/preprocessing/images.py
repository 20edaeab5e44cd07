"""Image objects made for one question each, and the real ones that tests lean on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

OWN_FILES = Path(pydicom.__file__).parent / "data" / "test_files"
"""pydicom's wheel carries these; more would be downloaded, which tests must not do."""


def own_file(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


def image(pixels: NDArray[Any], **attributes: Any) -> Dataset:
    """An uncompressed, little endian image of (rows, columns) or (rows, columns, 3) `pixels`; keywords override what these imply."""
    rows, columns = pixels.shape[:2]
    bits = 8 * pixels.dtype.itemsize
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = attributes.pop("syntax", ExplicitVRLittleEndian)
    colour = pixels.ndim == 3
    implied = {
        "Rows": rows,
        "Columns": columns,
        "SamplesPerPixel": 3 if colour else 1,
        "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
        "BitsAllocated": bits,
        "BitsStored": bits,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
        **({"PlanarConfiguration": 0} if colour else {}),
        "PixelData": pixels.tobytes(),
    }
    for keyword, value in {**implied, **attributes}.items():
        setattr(ds, keyword, value)
    ds["PixelData"].VR = "OB" if ds.BitsAllocated <= 8 else "OW"
    ds.HighBit = attributes.get("HighBit", ds.BitsStored - 1)
    return ds


def compressed(pixels: NDArray[Any], frames: Sequence[bytes], syntax: UID, **attributes: Any) -> Dataset:
    """An image like `image`, its frames replaced by compressed ones."""
    frames_keyword = {"NumberOfFrames": len(frames)} if len(frames) > 1 else {}
    ds = image(pixels, syntax=syntax, **{**frames_keyword, **attributes})
    ds.PixelData = encapsulate(list(frames))
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


def ramp(rows: int, columns: int, dtype: str, high: int) -> NDArray[Any]:
    """A smooth picture with structure in both directions, from 0 to `high`."""
    y, x = np.mgrid[0:rows, 0:columns]
    wave = (np.sin(x / 5.0) + np.cos(y / 7.0) + 2) / 4
    return np.rint(wave * high).astype(dtype)
