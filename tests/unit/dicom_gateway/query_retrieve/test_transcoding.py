import io
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import Dataset
from pydicom.data import get_testdata_file
from pydicom.filereader import read_dataset
from pydicom.uid import (
    MPEG2MPML,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from dicom_gateway.query_retrieve.transcoding import TARGETS, CannotTranscode, transcode
from tests.unit.storage.ingest.samples import data_set


def image(**attributes: object) -> Dataset:
    made = data_set(**attributes)
    made.Rows, made.Columns, made.SamplesPerPixel = 6, 8, 1
    made.PhotometricInterpretation, made.PixelRepresentation = "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 12, 11
    made.PixelData = np.random.default_rng(1).integers(0, 4096, 48).astype("<u2").tobytes()
    return made


def colour(photometric: str) -> Dataset:
    made = image()
    made.SamplesPerPixel, made.PlanarConfiguration, made.PhotometricInterpretation = 3, 0, photometric
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit = 7
    made.PixelData = np.random.default_rng(2).integers(0, 256, 144).astype("u1").tobytes()
    return made


def file_of(made: Dataset, syntax: str) -> io.BytesIO:
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if UID(syntax).is_compressed and syntax != DeflatedExplicitVRLittleEndian:
        made.compress(syntax, generate_instance_uid=False)
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = made.SOPClassUID, "1.2.3"
    written = io.BytesIO()
    pydicom.dcmwrite(written, made, enforce_file_format=True)
    written.seek(0)
    return written


def read(encoded, target: str) -> Dataset:
    return read_dataset(encoded, target == ImplicitVRLittleEndian, is_little_endian=True)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "syntax",
    [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, JPEGLSLossless, RLELossless],
)
def test_the_samples_are_the_same(syntax: str, target: str) -> None:
    expected = image().PixelData
    sent = read(transcode(file_of(image(), syntax), target), target)
    assert sent.PixelData == expected
    assert (sent.BitsStored, sent.HighBit, sent.PhotometricInterpretation) == (12, 11, "MONOCHROME2")
    assert sent.PatientName == "ZHANG^SAN"


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_colours_are_not_rounded(photometric: str) -> None:
    expected = colour(photometric).PixelData
    sent = read(transcode(file_of(colour(photometric), RLELossless), ExplicitVRLittleEndian), ExplicitVRLittleEndian)
    assert (sent.PixelData, sent.PhotometricInterpretation) == (expected, photometric)
    assert sent.PlanarConfiguration == 0


@pytest.mark.parametrize("name", ["MR_small_bigendian.dcm", "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm"])
def test_real_files(name: str) -> None:
    expected = pydicom.dcmread(str(get_testdata_file("MR_small.dcm"))).PixelData
    with Path(str(get_testdata_file(name))).open("rb") as stream:
        sent = read(transcode(stream, ExplicitVRLittleEndian), ExplicitVRLittleEndian)
    assert sent.PixelData == expected


def test_several_frames() -> None:
    made = image()
    made.NumberOfFrames = 3
    made.PixelData = expected = made.PixelData * 3
    sent = read(transcode(file_of(made, RLELossless), ExplicitVRLittleEndian), ExplicitVRLittleEndian)
    assert sent.PixelData == expected


def test_a_video_stays_what_it_is() -> None:
    made = image()
    made.PixelData = pydicom.encaps.encapsulate([b"\x00\x00\x01\xb3" + bytes(60)])
    made["PixelData"].is_undefined_length = True
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = MPEG2MPML
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = made.SOPClassUID, "1.2.3"
    written = io.BytesIO()
    pydicom.dcmwrite(written, made, enforce_file_format=True)
    written.seek(0)
    with pytest.raises(CannotTranscode):
        transcode(written, ExplicitVRLittleEndian)


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", bytes(200)])
def test_damage_is_named(content: bytes) -> None:
    with pytest.raises(CannotTranscode):
        transcode(io.BytesIO(content), ExplicitVRLittleEndian)
