"""A made-up CT of a ball in a box, with a lateral view through its middle, to be looked at in several cells."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
import pydicom.data
from numpy.typing import NDArray
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

SLICES, SIZE = 40, 96
STEP_MM, PIXEL_MM = 3.0, 1.25
BALL = (30, 60, 12)
"""Column, row and slice of its centre; it is the only thing brighter than 500 HU."""


@dataclass(frozen=True)
class StageStudy:
    """Where its objects lie, and its UIDs: the axial stack first, then the lateral view."""

    uid: str
    series: tuple[str, ...]
    files: tuple[Path, ...]


def ball_study(folder: Path, *, date: str = "20260301", slices: int = SLICES, patient: str = "STAGE-1") -> StageStudy:
    """An axial stack, evenly spaced, and one sagittal image of the same frame of reference."""
    folder.mkdir(parents=True)
    dataset = pydicom.dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.StudyInstanceUID, dataset.FrameOfReferenceUID = generate_uid(), generate_uid()
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = date
    dataset.PatientID, dataset.PatientName, dataset.PatientBirthDate = patient, "Zhou^Mingyuan", "19610215"
    dataset.AccessionNumber, dataset.StudyDescription, dataset.BodyPartExamined = "", "CT CHEST", "CHEST"
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.PixelRepresentation = 1, 0, 1
    dataset.WindowCenter, dataset.WindowWidth = 400, 1000
    volume = _volume(slices)
    files: list[Path] = []
    axial = dataset.SeriesInstanceUID = generate_uid()
    dataset.SeriesNumber, dataset.SeriesDescription = 1, "Axial"
    dataset.PixelSpacing, dataset.ImageOrientationPatient = [PIXEL_MM, PIXEL_MM], [1, 0, 0, 0, 1, 0]
    for number, image in enumerate(volume):
        dataset.ImagePositionPatient, dataset.SliceLocation = [0, 0, number * STEP_MM], number * STEP_MM
        files.append(_save(dataset, folder, number + 1, image))
    lateral = dataset.SeriesInstanceUID = generate_uid()
    dataset.SeriesNumber, dataset.SeriesDescription = 2, "Lateral"
    dataset.PixelSpacing, dataset.ImageOrientationPatient = [STEP_MM, PIXEL_MM], [0, 1, 0, 0, 0, -1]
    dataset.ImagePositionPatient = [SIZE / 2 * PIXEL_MM, 0, (slices - 1) * STEP_MM]
    files.append(_save(dataset, folder, 1000, volume[::-1, :, SIZE // 2]))
    return StageStudy(str(dataset.StudyInstanceUID), (str(axial), str(lateral)), tuple(files))


def _volume(slices: int) -> NDArray[np.int16]:
    """Values in slices, rows and columns."""
    z, y, x = np.mgrid[0:slices, 0:SIZE, 0:SIZE]
    volume = np.full((slices, SIZE, SIZE), -50, dtype="<i2")
    volume[:, 10:-10, 10:-10] = 40
    column, row, layer = BALL
    apart = ((x - column) * PIXEL_MM) ** 2 + ((y - row) * PIXEL_MM) ** 2 + ((z - layer) * STEP_MM) ** 2
    volume[apart <= 10.0**2] = 900
    return volume


def _save(dataset: pydicom.Dataset, folder: Path, number: int, image: NDArray[np.int16]) -> Path:
    dataset.SOPInstanceUID = UID(generate_uid())
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.InstanceNumber = number
    dataset.Rows, dataset.Columns = image.shape
    dataset.PixelData = np.ascontiguousarray(image).tobytes()
    path = folder / f"{number:04d}.dcm"
    dataset.save_as(path)
    return path
