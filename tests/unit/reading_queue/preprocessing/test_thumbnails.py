"""Small pictures: right shape, right greys, honest kind."""

import imagecodecs
import numpy as np
import pytest
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import MPEG4HP41, EncapsulatedPDFStorage, KeyObjectSelectionDocumentStorage

from reading_queue.preprocessing.decoding import UndecodableImage, read_dataset
from reading_queue.preprocessing.documents import document_label, document_picture
from reading_queue.preprocessing.thumbnails import PictureKind, preview, thumbnail, thumbnail_for
from tests.unit.reading_queue.preprocessing.images import image, own_file, ramp

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def shape(jpeg):
    return imagecodecs.jpeg8_decode(jpeg).shape


@pytest.mark.parametrize(
    "attributes, expected",
    [
        ({}, (128, 256)),
        ({"PixelAspectRatio": [2, 1]}, (256, 256)),
        ({"PixelSpacing": [0.5, 0.25]}, (256, 256)),
        ({"PixelSpacing": [0.25, 0.5]}, (64, 256)),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, (256, 256)),
        ({"PixelAspectRatio": [0, 1]}, (128, 256)),
        ({"PixelAspectRatio": [1, 5000]}, (128, 256)),
    ],
)
def test_the_longer_side_fits_and_pixels_are_square(attributes, expected):
    assert shape(thumbnail(image(ramp(300, 600, "u1", 255), **attributes))) == expected


def test_spacing_of_the_functional_groups():
    measures = Dataset()
    measures.PixelSpacing = [1, 0.5]
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([measures])
    ds = image(ramp(300, 600, "u1", 255), SharedFunctionalGroupsSequence=Sequence([shared]))
    assert shape(thumbnail(ds)) == (256, 256)


def test_small_images_are_not_blown_up():
    assert shape(thumbnail(image(ramp(30, 20, "u1", 255)))) == (30, 20)
    assert shape(thumbnail(image(ramp(30, 20, "u1", 255), PixelAspectRatio=[1, 2]))) == (30, 40)


def test_a_single_row_survives():
    assert shape(thumbnail(image(ramp(1, 4000, "u1", 255)))) == (1, 256)


def test_stripes_finer_than_the_thumbnail_become_grey_not_moire():
    stripes = np.tile(np.array([0, 255], np.uint8), (1000, 500))
    small = imagecodecs.jpeg8_decode(thumbnail(image(stripes)))
    assert np.abs(small[8:-8, 8:-8].astype(int) - 128).max() < 12


def test_the_mean_grey_is_kept():
    picture = ramp(900, 1100, "u1", 255)
    small = imagecodecs.jpeg8_decode(thumbnail(image(picture)))
    assert abs(float(small.mean()) - float(picture.mean())) < 1


def test_a_preview_takes_the_frame_it_is_asked_for():
    frames = np.stack([np.full((40, 40), grey, np.uint8) for grey in (10, 120, 240)])
    ds = image(frames[0], NumberOfFrames=3, PixelData=frames.tobytes())
    means = [imagecodecs.jpeg8_decode(preview(ds, index)).mean() for index in range(3)]
    assert np.abs(np.array(means) - [10, 120, 240]).max() < 2
    assert imagecodecs.jpeg8_decode(thumbnail(ds)).mean() == pytest.approx(120, abs=2)
    with pytest.raises(UndecodableImage):
        preview(ds, 3)


def test_quality_costs_bytes():
    ds = image(np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8))
    assert len(preview(ds, quality=95)) > 1.5 * len(preview(ds, quality=50))


@pytest.mark.parametrize(
    "name, kind, media_type",
    [
        ("examples_rgb_color.dcm", PictureKind.IMAGE, "image/jpeg"),
        ("liver_1frame.dcm", PictureKind.IMAGE, "image/jpeg"),
        ("rtdose.dcm", PictureKind.IMAGE, "image/jpeg"),
        ("waveform_ecg.dcm", PictureKind.WAVEFORM, "image/png"),
        ("reportsi.dcm", PictureKind.DOCUMENT, "image/png"),
        ("rtplan.dcm", PictureKind.DOCUMENT, "image/png"),
        ("test-SR.dcm", PictureKind.DOCUMENT, "image/png"),
    ],
)
def test_every_kind_of_object_has_a_picture(name, kind, media_type):
    picture = thumbnail_for(read_dataset(own_file(name).read_bytes()))
    assert (picture.kind, picture.media_type) == (kind, media_type)
    decode = imagecodecs.jpeg8_decode if media_type == "image/jpeg" else imagecodecs.png_decode
    pixels = decode(picture.data)
    assert max(pixels.shape[:2]) <= 256
    assert pixels.std() > 1


def test_a_damaged_image_is_an_error_not_a_document():
    with pytest.raises(UndecodableImage):
        thumbnail_for(read_dataset(own_file("MR_truncated.dcm").read_bytes()))


def test_a_video_is_named_as_one():
    ds = image(np.zeros((2, 2), np.uint8))
    ds.file_meta.TransferSyntaxUID = MPEG4HP41
    picture = thumbnail_for(ds)
    assert picture.kind is PictureKind.DOCUMENT
    assert picture.data == document_picture("VIDEO")


def test_a_waveform_that_is_no_ecg_is_a_document():
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.9.2.1"
    ds.WaveformSequence = Sequence([Dataset()])
    picture = thumbnail_for(ds)
    assert (picture.kind, picture.data) == (PictureKind.DOCUMENT, document_picture("WAVE"))


@pytest.mark.parametrize(
    "attributes, label",
    [
        ({"SOPClassUID": EncapsulatedPDFStorage, "Modality": "ECG"}, "PDF"),
        ({"SOPClassUID": KeyObjectSelectionDocumentStorage, "Modality": "KO"}, "KO"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.33"}, "SR"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.1"}, "PR"),
        ({"Modality": "REG"}, "REG"),
        ({"Modality": "张三"}, "DICOM"),
        ({}, "DICOM"),
    ],
)
def test_documents_are_labelled_by_kind_and_nothing_else(attributes, label):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    for keyword, value in attributes.items():
        ds.add_new(keyword, "UI" if keyword == "SOPClassUID" else "LO", value)
    assert document_label(ds) == label
