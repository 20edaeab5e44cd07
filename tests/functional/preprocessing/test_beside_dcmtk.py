"""Greys and colours beside DCMTK's own rendering."""

import imagecodecs
import numpy as np
import pytest

from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.overlays import overlay_planes, with_overlays
from reading_queue.preprocessing.windowing import to_display
from tests.functional.api.images import made_image, written
from tests.functional.api.planes import put_overlay
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


def overlaid(ds, frame):
    """As rendered pictures are drawn on; planes in the pixels have had their bits taken out before."""
    return with_overlays(to_display(ds, frame - 1), overlay_planes(ds), lambda group: ds[group, 0x3000].value, frame)


def with_planes():
    """Planes that begin before the image and end behind it, and one with bitmaps for some of the frames.

    None is without frames: DCMTK takes such a plane for one of the first frame alone.
    """
    noise = np.random.default_rng(5)
    ds = made_image(noise.integers(0, 256, (4, 41, 53), np.uint8), WindowCenter=128, WindowWidth=256)
    put_overlay(ds, 0x6000, noise.random((4, 21, 31)) < 0.3, origin=(-4, -6))
    put_overlay(ds, 0x6002, noise.random((2, 17, 19)) < 0.3, origin=(12, 31), first_frame=2)
    put_overlay(ds, 0x601E, np.repeat(noise.random((1, 31, 43)) < 0.1, 4, axis=0), origin=(33, 45))
    return ds


@pytest.mark.parametrize("frame", [1, 2, 3, 4])
def test_overlays(frame, tmp_path):
    (tmp_path / "made.dcm").write_bytes(written(ds := with_planes()))
    rendered = dcmtk.run("dcmj2pnm", "+F", str(frame), "+Wi", "1", "+on", tmp_path / "made.dcm", tmp_path / "dcmtk.png")
    assert rendered.ok, rendered.output
    theirs = imagecodecs.png_decode((tmp_path / "dcmtk.png").read_bytes())
    assert np.abs(overlaid(ds, frame).astype(int) - theirs).max() <= 1
    assert (np.abs(to_display(ds, frame - 1).astype(int) - theirs) > 1).any()


def test_overlays_of_a_device(tmp_path):
    path = own_file("examples_overlay.dcm")
    rendered = dcmtk.run("dcmj2pnm", "+Wi", "1", "+on", path, tmp_path / "dcmtk.png")
    assert rendered.ok, rendered.output
    theirs = imagecodecs.png_decode((tmp_path / "dcmtk.png").read_bytes())
    assert np.abs(overlaid(read_dataset(path.read_bytes()), 1).astype(int) - theirs).max() <= 1
