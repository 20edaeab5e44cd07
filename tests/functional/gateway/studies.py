"""Files to send."""

import os
from pathlib import Path

import pydicom
from pydicom import Dataset
from pydicom.uid import generate_uid

from tests.unit.storage.ingest.samples import data_set, save


def make_study(folder: Path, count: int, *, kilobytes: int = 20, **attributes: object) -> list[Path]:
    """`count` CT objects of one new study, with random pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    uids = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()}
    files = []
    for number in range(1, count + 1):
        made = data_set(**{**uids, "InstanceNumber": str(number), **attributes})
        with_pixels(made, kilobytes)
        files.append(save(folder / f"{number:04d}.dcm", made))
    return files


def with_pixels(made: Dataset, kilobytes: int) -> None:
    made.Rows, made.Columns = 512, kilobytes
    made.BitsAllocated = made.BitsStored = 16
    made.HighBit, made.PixelRepresentation, made.SamplesPerPixel = 15, 0, 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.add_new(0x7FE00010, "OW", os.urandom(kilobytes * 1024))


def data_set_bytes(file: Path | bytes) -> bytes:
    """The part after the file meta information."""
    content = file if isinstance(file, bytes) else file.read_bytes()
    return content[144 + int.from_bytes(content[140:144], "little") :]


def sop_uid(file: Path) -> str:
    return str(pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID)


def has_all_uids(file: Path) -> bool:
    made = pydicom.dcmread(file, stop_before_pixels=True)
    return all(made.get(f"{level}InstanceUID") for level in ("SOP", "Study", "Series")) and "SOPClassUID" in made
