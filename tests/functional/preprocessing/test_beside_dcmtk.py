"""Greys and colours beside DCMTK's own rendering."""

import imagecodecs
import numpy as np
import pytest

from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.windowing import to_display
from tests.services import dcmtk
from tests.unit.reading_queue.preprocessing.images import own_file

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

OWN = [
    "ExplVR_BigEnd.dcm",
    "SC_jpeg_no_color_transform.dcm",
    "SC_jpeg_no_color_transform_2.dcm",
    "SC_rgb_dcmtk_+eb+cy+s4.dcm",
    "SC_rgb_jpeg_app14_dcmd.dcm",
    "SC_ybr_full_422_uncompressed.dcm",
    "examples_overlay.dcm",
    "examples_palette.dcm",
    "examples_ybr_color.dcm",
]
SHARED = [
    "cr/RG3.dcm",
    "ct_head_ge/14.dcm",
    "ct_head_philips/I140.dcm",
    "mr/MR2.dcm",
    "syntaxes/CT2_RLE.dcm",
    "syntaxes/OBXXXX1A_2frame.dcm",
    "syntaxes/RG2_JPLY.dcm",
    "us/US1.dcm",
]


def assert_as_dcmtk_renders(path, tmp_path):
    ds = read_dataset(path.read_bytes())
    window = ["+Wi", "1"] if "WindowCenter" in ds else []
    picture = tmp_path / "dcmtk.png"
    rendered = dcmtk.run("dcmj2pnm", "+F", "1", *window, "-O", "+on", path, picture)
    assert rendered.ok, rendered.output
    theirs = imagecodecs.png_decode(picture.read_bytes())
    ours = to_display(ds)
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).max() <= 1


@pytest.mark.parametrize("name", OWN)
def test_own_files(name, tmp_path):
    assert_as_dcmtk_renders(own_file(name), tmp_path)


@pytest.mark.parametrize("name", SHARED)
def test_shared_files(name, shared_data, tmp_path):
    if shared_data is None:
        pytest.skip("needs the real studies beside the repository")
    assert_as_dcmtk_renders(shared_data / name, tmp_path)
