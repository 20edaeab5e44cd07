"""Damaged bytes are refused by name, or decode; nothing else ever comes out, and never late."""

import copy
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset

from reading_queue.preprocessing.decoding import UndecodableImage, decode_frame, frame_count, read_dataset
from reading_queue.preprocessing.thumbnails import thumbnail_for
from tests.unit.reading_queue.preprocessing.images import own_file

pytestmark = pytest.mark.filterwarnings("ignore")

FILES = (
    "ExplVR_BigEnd.dcm",
    "JPGExtended.dcm",
    "MR_small_RLE.dcm",
    "MR_small_implicit.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_jls_lossy_line.dcm",
    "SC_rgb_jpeg.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "rtdose_1frame.dcm",
    "waveform_ecg.dcm",
)
COMPRESSED = tuple(name for name in FILES if name not in {"ExplVR_BigEnd.dcm", "MR_small_implicit.dcm"})[:-2]

WHOLE = {name: own_file(name).read_bytes() for name in FILES}
patient = settings(deadline=3000, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
damages = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=20)


def damaged(data: bytes, places: list[tuple[float, int]], within: int) -> bytes:
    changed = bytearray(data)
    for place, byte in places:
        changed[int(place * min(within, len(changed)))] = byte
    return bytes(changed)


def only_refuses(data: bytes) -> None:
    with suppress(UndecodableImage):
        ds = read_dataset(data)
        frame_count(ds)
        assert thumbnail_for(ds).data


@patient
@given(name=st.sampled_from(FILES), kept=st.floats(0, 1))
def test_truncated_files(name, kept):
    only_refuses(WHOLE[name][: int(kept * len(WHOLE[name]))])


@patient
@given(name=st.sampled_from(FILES), places=damages, within=st.sampled_from([1000, 4000, 10**9]))
def test_changed_bytes(name, places, within):
    only_refuses(damaged(WHOLE[name], places, within))


@patient
@given(name=st.sampled_from(COMPRESSED), places=damages, within=st.sampled_from([40, 200, 10**9]))
def test_changed_codestreams(name, places, within):
    ds = copy.deepcopy(read_dataset(WHOLE[name]))
    start = 16
    ds["PixelData"]._value = ds.PixelData[:start] + damaged(ds.PixelData[start:], places, within)
    assert_decodes_or_refuses(ds)


@patient
@given(data=st.binary(max_size=3000))
def test_noise(data):
    only_refuses(data)
    only_refuses(bytes(128) + b"DICM" + data)


@pytest.mark.parametrize("name", COMPRESSED)
@pytest.mark.parametrize("kept", [0.3, 0.9, 0.995])
def test_a_frame_that_ends_early_is_never_shown(name, kept):
    ds = read_dataset(WHOLE[name])
    ds["PixelData"]._value = ds.PixelData[: int(kept * len(ds.PixelData))]
    with pytest.raises(UndecodableImage):
        decode_frame(ds, 0)


@patient
@given(
    name=st.sampled_from(FILES[:-1]),
    keyword=st.sampled_from(["Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "SamplesPerPixel"]),
    value=st.one_of(st.integers(0, 65535), st.integers(0, 33)),
)
def test_attributes_that_contradict_the_pixels(name, keyword, value):
    ds = read_dataset(WHOLE[name])
    setattr(ds, keyword, value)
    assert_decodes_or_refuses(ds)


def assert_decodes_or_refuses(ds: Dataset) -> None:
    with suppress(UndecodableImage):
        pixels = decode_frame(ds, 0)
        assert isinstance(pixels, np.ndarray)
        assert pixels.shape[:2] == (ds.Rows, ds.Columns)
