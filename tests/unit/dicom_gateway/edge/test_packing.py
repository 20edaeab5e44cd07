"""Every layout of pixels goes into segments and comes back bit for bit; what compresses gets smaller."""

import io
from functools import cache
from pathlib import Path

import numpy as np
import pydicom.data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless

from dicom_gateway.edge.packing import digest, pack_data_set
from storage.domain.errors import DamagedTransfer
from storage.edge.segments import END, CheckedStream, unpack
from storage.ingest.part10 import read_start
from tests.unit.storage.ingest.samples import data_set, encode

_PYDICOM_FILES = Path(pydicom.data.__file__).parent / "test_files"
_DEFLATED, _JPEG_LS, _HTJ2K = 1, 3, 4


def _packed(encoded: bytes, syntax: str, *, plain: bool = False) -> list[bytes]:
    return list(pack_data_set(io.BytesIO(encoded), len(encoded), syntax, plain=plain))


def _unpacked(segments: list[bytes], size: int) -> bytes:
    return b"".join(unpack(io.BytesIO(b"".join(segments) + END), size))


def _image(shape: tuple[int, ...], dtype: str, **attributes: object) -> Dataset:
    """A soft picture with a little noise; `shape` is frames, rows, columns, samples."""
    frames, rows, columns, samples = shape
    random = np.random.default_rng(7)
    info = np.iinfo(dtype)
    slope = np.linspace(info.min // 2, info.max // 2, rows * columns * samples).reshape(rows, columns, samples)
    pixels = (slope[None] + random.integers(0, 4, (frames, rows, columns, samples))).astype(dtype)
    made = data_set(**attributes)
    made.Rows, made.Columns, made.SamplesPerPixel, made.NumberOfFrames = rows, columns, samples, frames
    made.BitsAllocated = made.BitsStored = 8 * pixels.dtype.itemsize
    made.HighBit, made.PixelRepresentation = made.BitsStored - 1, int(info.min < 0)
    made.PhotometricInterpretation = "MONOCHROME2" if samples == 1 else "RGB"
    made.add_new(0x7FE00010, "OW", _padded(pixels.tobytes()))
    return made


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (len(data) % 2)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("dtype", ["u1", "i1", "<u2", "<i2"])
@pytest.mark.parametrize("shape", [(1, 64, 48, 1), (3, 33, 41, 1), (1, 31, 37, 3), (5, 32, 40, 3)])
@pytest.mark.parametrize("planar", [0, 1])
def test_every_layout_comes_back_bit_for_bit(
    syntax: str, dtype: str, shape: tuple[int, int, int, int], planar: int
) -> None:
    made = _image(shape, dtype, PlanarConfiguration=planar if shape[3] > 1 else None)
    if syntax == ExplicitVRBigEndian and dtype.endswith("2"):
        made["PixelData"].value = np.frombuffer(made.PixelData, "<u2").astype(">u2").tobytes()
    encoded = encode(made, syntax)
    segments = _packed(encoded, syntax)
    assert _unpacked(segments, len(encoded)) == encoded
    assert sum(segment[0] in (_JPEG_LS, _HTJ2K) for segment in segments) == shape[0], "every frame is a codestream"
    assert sum(map(len, segments)) < 0.75 * len(encoded)


def test_overlays_in_unused_bits_and_trailing_elements_survive() -> None:
    made = _image((1, 40, 40, 1), "<u2")
    made.BitsStored, made.HighBit = 12, 11
    noisy = np.frombuffer(made.PixelData, "<u2") ^ np.uint16(0xF000)
    made["PixelData"].value = noisy.tobytes()
    made.add_new(0xFFFCFFFC, "OB", b"trailing padding")
    encoded = encode(made)
    assert _unpacked(_packed(encoded, ExplicitVRLittleEndian), len(encoded)) == encoded


@pytest.mark.parametrize(
    "broken",
    [
        {"Rows": 4000},
        {"Rows": 0},
        {"SamplesPerPixel": None},
        {"BitsAllocated": 32},
        {"BitsAllocated": 12},
        {"NumberOfFrames": "9"},
        {"NumberOfFrames": "-1"},
        {"SamplesPerPixel": 2},
    ],
)
def test_broken_pixel_data_travel_as_they_are(broken: dict[str, object]) -> None:
    made = _image((1, 40, 40, 1), "<u2")
    for keyword, value in broken.items():
        if value is None:
            delattr(made, keyword)
        else:
            setattr(made, keyword, value)
    encoded = encode(made)
    segments = _packed(encoded, ExplicitVRLittleEndian)
    assert _unpacked(segments, len(encoded)) == encoded
    assert not any(segment[0] in (_JPEG_LS, _HTJ2K) for segment in segments)


def test_random_pixels_are_stored_rather_than_made_larger() -> None:
    made = _image((1, 64, 64, 1), "<u2")
    made["PixelData"].value = np.random.default_rng(1).bytes(64 * 64 * 2)
    encoded = encode(made)
    segments = _packed(encoded, ExplicitVRLittleEndian)
    assert _unpacked(segments, len(encoded)) == encoded
    assert sum(map(len, segments)) < len(encoded) + 200


def test_what_is_compressed_already_is_not_touched() -> None:
    stream = io.BytesIO((_PYDICOM_FILES / "JPEG2000.dcm").read_bytes())
    meta = read_start(stream)
    assert meta.transfer_syntax_uid == JPEG2000Lossless or meta.transfer_syntax_uid.startswith("1.2.840.10008.1.2.4.9")
    encoded = stream.read()
    segments = _packed(encoded, meta.transfer_syntax_uid)
    assert _unpacked(segments, len(encoded)) == encoded
    assert sum(map(len, segments)) <= len(encoded) + 100


@pytest.mark.parametrize("name", ["CT_small.dcm", "waveform_ecg.dcm", "color-px.dcm", "SC_rgb.dcm", "liver.dcm"])
def test_real_files_come_back_and_get_smaller(name: str) -> None:
    path = _PYDICOM_FILES / name
    if not path.exists():
        path = _PYDICOM_FILES / "MR_small.dcm"
    stream = io.BytesIO(path.read_bytes())
    meta = read_start(stream)
    encoded = stream.read()
    segments = _packed(encoded, meta.transfer_syntax_uid)
    assert _unpacked(segments, len(encoded)) == encoded
    assert sum(map(len, segments)) < len(encoded)


def test_plain_leaves_the_codecs_out() -> None:
    encoded = encode(_image((1, 64, 48, 1), "<u2"))
    segments = _packed(encoded, ExplicitVRLittleEndian, plain=True)
    assert _unpacked(segments, len(encoded)) == encoded
    assert {segment[0] for segment in segments} <= {1, 2}


def test_the_stream_ends_only_with_the_promised_hash() -> None:
    encoded = encode(_image((1, 32, 32, 1), "u1"))
    size, sha256 = digest(io.BytesIO(encoded))
    segments = _packed(encoded, ExplicitVRLittleEndian)
    row = b"".join(segments) + END
    whole = io.BufferedReader(CheckedStream(unpack(io.BytesIO(row), size), sha256))
    assert whole.read() == encoded
    damaged = io.BufferedReader(CheckedStream(unpack(io.BytesIO(row), size), "0" * 64))
    with pytest.raises(DamagedTransfer):
        damaged.read()


@cache
def _sample() -> tuple[bytes, bytes]:
    encoded = encode(_image((2, 24, 20, 1), "<u2"))
    return encoded, b"".join(_packed(encoded, ExplicitVRLittleEndian)) + END


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_segments_are_refused_in_words(data: st.DataObject) -> None:
    encoded, whole = _sample()
    row = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(row)))
    try:
        restored = b"".join(unpack(io.BytesIO(bytes(row[:cut])), len(encoded)))
    except DamagedTransfer:
        return
    assert len(restored) == len(encoded)
