import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import JPEGBaseline8Bit

from storage.domain.errors import NotFound, UnreadableObject
from tests.functional.api.images import ct_image, made_image, pydicom_files, written
from viewer_api.dicomweb.pixel_index import EncapsulatedFrames, NativeFrames, index_frames


def test_a_native_frame_is_where_the_pixels_are() -> None:
    data = ct_image()
    index = index_frames(io.BytesIO(data))
    assert isinstance(index, NativeFrames)
    (start, stop), skip = index.locate(1)
    assert data[start:stop] == dcmread(io.BytesIO(data)).PixelData
    assert skip == 0
    with pytest.raises(NotFound):
        index.locate(2)


def _compressed(pixel_data: bytes, frames: int, **elements: object) -> bytes:
    ds = made_image(np.zeros((frames, 8, 8), np.uint8), syntax=JPEGBaseline8Bit, **elements)
    ds.PixelData = pixel_data
    ds["PixelData"].is_undefined_length = True
    return written(ds)


def _frames(data: bytes) -> list[bytes]:
    index = index_frames(io.BytesIO(data))
    assert isinstance(index, EncapsulatedFrames)
    return [b"".join(data[a:b] for a, b in index.locate(n)) for n in range(1, len(index.frames) + 1)]


_JPEGS = [b"\xff\xd8\xff\xe0" + bytes([n]) * 20 + b"\xff\xd9" for n in range(3)]


@pytest.mark.parametrize("fragments", [1, 2, 3])
@pytest.mark.parametrize("has_bot", [True, False])
def test_fragments_are_gathered_into_frames(fragments: int, *, has_bot: bool) -> None:
    assert _frames(_compressed(encapsulate(_JPEGS, fragments_per_frame=fragments, has_bot=has_bot), 3)) == _JPEGS


def test_an_extended_offset_table_does_no_harm() -> None:
    pixel_data, offsets, lengths = encapsulate_extended(_JPEGS)
    tables = {"ExtendedOffsetTable": offsets, "ExtendedOffsetTableLengths": lengths}
    assert _frames(_compressed(pixel_data, 3, **tables)) == _JPEGS


def test_an_offset_table_that_lies_is_passed_over() -> None:
    pixel_data = bytearray(encapsulate(_JPEGS, fragments_per_frame=2, has_bot=True))
    pixel_data[12:16] = b"\x99\x99\x00\x00"
    assert _frames(_compressed(bytes(pixel_data), 3)) == _JPEGS


def test_a_missing_end_of_the_sequence_is_forgiven() -> None:
    data = _compressed(encapsulate(_JPEGS), 3)
    assert _frames(data[:-8]) == _JPEGS


def test_frames_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(UnreadableObject):
        _frames(_compressed(encapsulate([b"\0\1" * 20, b"\2\3" * 20]), 5))


@pytest.mark.parametrize("data", [b"", b"DICM", bytes(128) + b"DICM", ct_image()[:600]])
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableObject):
        index_frames(io.BytesIO(data))


_SEEDS = [path.read_bytes() for path in pydicom_files() if path.stat().st_size < 60_000]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.integers(132, 60_000), st.binary(min_size=1, max_size=8)), max_size=6),
    st.integers(0, 60_000),
)
@pytest.mark.filterwarnings("ignore")
def test_damage_gives_an_index_or_a_refusal(seed: bytes, changes: list[tuple[int, bytes]], cut: int) -> None:
    damaged = bytearray(seed)
    for anywhere, noise in changes:
        place = anywhere % len(damaged)
        damaged[place : place + len(noise)] = noise
    data = bytes(damaged[: len(damaged) - cut % len(damaged)])
    try:
        index = index_frames(io.BytesIO(data))
        index.locate(1)
    except (UnreadableObject, NotFound):
        pass
