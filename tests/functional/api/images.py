"""Part 10 files for the tests: pydicom's own, those beside the repository, and some made here."""

import io
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

SHARED = Path(__file__).parents[4] / "shared" / "data"

PYDICOM_FILES = (
    "CT_small.dcm",
    "MR_small.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "JPEG2000.dcm",
    "JPEG-lossy.dcm",
    "JPEG-LL.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "SC_rgb_rle_2frame.dcm",
    "SC_rgb_rle.dcm",
    "SC_rgb_expb_2frame.dcm",
    "SC_rgb_2frame.dcm",
    "SC_rgb_16bit_2frame.dcm",
    "examples_palette.dcm",
    "examples_rgb_color.dcm",
    "examples_ybr_color.dcm",
    "examples_jpeg2k.dcm",
    "rtdose.dcm",
    "liver.dcm",
    "liver_1frame.dcm",
    "image_dfl.dcm",
    "emri_small.dcm",
    "emri_small_RLE.dcm",
    "emri_small_jpeg_2k_lossless.dcm",
    "emri_small_jpeg_ls_lossless.dcm",
    "JPGExtended.dcm",
    "J2K_pixelrep_mismatch.dcm",
)


def pydicom_files() -> list[Path]:
    """Those that are in pydicom's wheel; others would have to be fetched."""
    found = (get_testdata_file(name, download=False) for name in PYDICOM_FILES)
    return [Path(path) for path in found if path]


def shared_files() -> list[Path]:
    return sorted(path for folder in ("syntaxes", "cr", "us", "mr", "xa") for path in (SHARED / folder).glob("*.dcm"))


def grey_files_of_pydicoms_own_decoders() -> list[Path]:
    """Files that pydicom decodes by itself and without loss, for a second opinion."""
    exact = {
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
        RLELossless,
        JPEGLSLossless,
        JPEG2000Lossless,
    }

    def is_grey_and_exact(path: Path) -> bool:
        ds = dcmread(path, stop_before_pixels=True, specific_tags=["SamplesPerPixel"])
        return ds.SamplesPerPixel == 1 and ds.file_meta.TransferSyntaxUID in exact

    return [path for path in pydicom_files() + shared_files() if is_grey_and_exact(path)]


def ct_image(number: int = 1, z: float = 0.0, **elements: object) -> bytes:
    """A CT slice of its own study, unless the elements say otherwise."""
    ds = dcmread(get_testdata_file("CT_small.dcm", download=False))
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID = generate_uid(), generate_uid(), generate_uid()
    ds.InstanceNumber = number
    ds.ImagePositionPatient = [-158.1, -179.0, z]
    for name, value in elements.items():
        setattr(ds, name, value)
    return written(ds)


def written(ds: Dataset) -> bytes:
    """The Part 10 file of a data set."""
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    target = io.BytesIO()
    dcmwrite(target, ds, enforce_file_format=True)
    return target.getvalue()


def made_image(pixels: np.ndarray, *, syntax: str = ExplicitVRLittleEndian, **elements: object) -> Dataset:
    """A grey multi-frame image of (frames, rows, columns), uncompressed."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7.3"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID = generate_uid(), generate_uid(), generate_uid()
    ds.PatientID, ds.PatientName, ds.Modality = "P", "Made^Image", "OT"
    ds.NumberOfFrames, ds.Rows, ds.Columns = pixels.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = pixels.dtype.itemsize * 8
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, 0
    ds.PixelData = pixels.tobytes()
    for name, value in elements.items():
        setattr(ds, name, value)
    return ds
