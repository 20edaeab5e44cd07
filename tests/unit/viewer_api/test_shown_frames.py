"""Frames shown from a few elements of their header: the same picture, to the last bit, as from all of it."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import FileDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from reading_queue.preprocessing import attributes
from reading_queue.preprocessing.decoding import decode_frame, has_pixels
from reading_queue.preprocessing.representative import representative_index
from reading_queue.preprocessing.resizing import pixel_aspect
from reading_queue.preprocessing.voi import Window, computed_window
from reading_queue.preprocessing.windowing import to_display
from storage.domain.errors import UnreadableObject
from tests.functional.api.images import ct_image, made_image, pydicom_files, shared_files
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.heads import SHOWN_BY, read_head
from viewer_api.dicomweb.objects import ObjectReader, ObjectRef
from viewer_api.dicomweb.rendering import frame_rate
from viewer_api.dicomweb.single_frames import FrameReader, ShownFrames

pytestmark = pytest.mark.thorough


FILES = pydicom_files() + shared_files()
WINDOW = Window(300, 500)
_LARGEST = 4 << 20


class Stored:
    """One object, as a store gives it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def open_range(self, _key: str, start: int, stop: int) -> bytes:
        return self.data[start:stop]

    def open(self, _key: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def both(data: bytes) -> tuple[ShownFrames, FrameReader]:
    ds = dcmread(io.BytesIO(data), stop_before_pixels=True)
    reader = ObjectReader(Stored(data), Path("nowhere"))  # type: ignore[arg-type]
    frames = attributes.integer(ds, "NumberOfFrames") or 1
    image = StoredImage(ObjectRef("key", len(data), "0", None), str(ds.file_meta.TransferSyntaxUID), frames)
    source = FrameSource(reader)
    return ShownFrames(reader, source, image), FrameReader(reader, source, image)


def outcome(
    frames: ShownFrames | FrameReader, number: int, window: Window | None
) -> tuple[bytes, tuple[int, ...], float] | str:
    try:
        shown, aspect = frames.displayed(number, window)
    except UnreadableObject as error:
        return str(error)
    return shown.tobytes(), shown.shape, aspect


def assert_the_same(data: bytes) -> None:
    quick, whole = both(data)
    for number in {1, whole.image.frames // 2 + 1, whole.image.frames}:
        for window in (None, WINDOW):
            assert outcome(quick, number, window) == outcome(whole, number, window)
    assert representative_index(quick.header) == representative_index(whole.header)
    assert frame_rate(quick.header) == frame_rate(whole.header)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_is_shown_as_it_was(path: Path) -> None:
    if path.stat().st_size <= _LARGEST:
        assert_the_same(path.read_bytes())


VARIANTS: dict[str, dict[str, object]] = {
    "MONOCHROME1": {"PhotometricInterpretation": "MONOCHROME1"},
    "inverse presentation": {"PresentationLUTShape": "INVERSE"},
    "a window": {"WindowCenter": 1050, "WindowWidth": 300},
    "a sigmoid": {"WindowCenter": 1050, "WindowWidth": 300, "VOILUTFunction": "SIGMOID"},
    "no padding": {"PixelPaddingValue": None},
    "much padding": {"PixelPaddingValue": -2000, "PixelPaddingRangeLimit": 900},
    "falling rescale": {"RescaleSlope": "-1.7", "RescaleIntercept": "12.5"},
    "twelve bits": {"BitsStored": 12, "HighBit": 11},
    "high bits": {"BitsStored": 12, "HighBit": 15, "PixelRepresentation": 0},
    "oblong pixels": {"PixelSpacing": [0.5, 0.7]},
}


def variant(elements: dict[str, object], syntax: str = ExplicitVRLittleEndian) -> bytes:
    ds = dcmread(io.BytesIO(ct_image()))
    for keyword, value in elements.items():
        if keyword.startswith("PixelPadding") and value is not None:
            ds.add_new(keyword, "SS", value)
        else:
            setattr(ds, keyword, value)
    return as_file(ds, syntax)


def as_file(ds: Dataset, syntax: str) -> bytes:
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    target = io.BytesIO()
    dcmwrite(target, ds, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True, enforce_file_format=True)
    return target.getvalue()


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("name", VARIANTS)
def test_every_way_to_be_shown_is_kept(name: str, syntax: str) -> None:
    assert_the_same(variant(VARIANTS[name], syntax))


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("undefined", [False, True])
def test_tables_of_values_are_kept(syntax: str, *, undefined: bool) -> None:
    ds = dcmread(io.BytesIO(ct_image(RescaleSlope=None, RescaleIntercept=None)))
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 12])
    item.add_new("LUTData", "OW", np.linspace(0, 4095, 4096).astype("<u2").tobytes())
    ds.VOILUTSequence = [item]
    ds["VOILUTSequence"].is_undefined_length = undefined
    item.is_undefined_length_sequence_item = undefined
    assert_the_same(as_file(ds, syntax))


def test_slices_with_the_same_elements_share_what_was_read_of_them() -> None:
    one, other, third = (
        read_head(io.BytesIO(data)) for data in (ct_image(1), ct_image(2, 5.0), variant(VARIANTS["a window"]))
    )
    assert one.shown_by is other.shown_by
    assert third.shown_by is not one.shown_by


def test_every_element_that_showing_looks_at_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: set[str] = set()
    real_get, real_in = Dataset.get, Dataset.__contains__

    def get(self: Dataset, key: object, *more: object) -> object:
        if isinstance(self, FileDataset):
            looked.add(str(key))
        return real_get(self, key, *more)  # type: ignore[call-overload]

    def contains(self: Dataset, key: object) -> bool:
        if isinstance(self, FileDataset):
            looked.add(str(key))
        return real_in(self, key)  # type: ignore[arg-type]

    samples = [dcmread(path) for path in FILES if path.stat().st_size <= _LARGEST]
    samples += [dcmread(io.BytesIO(variant(elements))) for elements in VARIANTS.values()]
    monkeypatch.setattr(Dataset, "get", get)
    monkeypatch.setattr(Dataset, "__contains__", contains)
    for ds in samples:
        if has_pixels(ds) and str(ds.file_meta.get("TransferSyntaxUID"))[:22] != "1.2.840.10008.1.2.4.10":
            decode_frame(ds)
            to_display(ds)
            pixel_aspect(ds, 0)
            representative_index(ds)
            frame_rate(ds)
    of_pixels = {
        "PixelData",
        "FloatPixelData",
        "DoubleFloatPixelData",
        "ExtendedOffsetTable",
        "ExtendedOffsetTableLengths",
    }
    known = {keyword_for_tag(tag) for tag in SHOWN_BY}
    assert "WindowCenter" in looked
    assert looked - known - of_pixels == set()


RANDOM = np.random.default_rng(7)
MODALITIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "rising": lambda values: values * 1.7 - 1024.3,
    "falling": lambda values: values * -0.3 + 7,
    "flat": lambda values: values * 0 + 5,
    "up and down": lambda values: np.abs(values - 300.5) * 0.1,
}


@pytest.mark.parametrize("modality", MODALITIES)
@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "i4", "f4"])
@pytest.mark.parametrize("padding", [None, (-2000, 20), (-(1 << 31), 1 << 31)])
@pytest.mark.parametrize("size", [1, 7, 5000, 600_000])
def test_a_computed_window_is_that_of_all_values(
    modality: str, dtype: str, padding: tuple[int, int] | None, size: int
) -> None:
    stored = RANDOM.normal(120, 60, size).clip(0 if "u" in dtype else -900, 250).astype(dtype).reshape(1, -1)
    window = computed_window(stored, MODALITIES[modality], padding)

    values = MODALITIES[modality](stored.astype(np.float64))
    is_padding = (stored >= padding[0]) & (stored <= padding[1]) if padding else np.zeros(stored.shape, bool)
    counted = values.ravel() if is_padding.all() else values[~is_padding]
    sample = counted[:: max(1, counted.size // (1 << 18))]
    low, high = np.percentile(sample, (0.5, 99.5))
    low, high = (sample.min(), sample.max()) if high <= low else (low, high)
    assert window == Window((low + high) / 2, max(float(high - low), 1e-6), "LINEAR_EXACT")


def test_what_has_no_pixels_cannot_be_shown() -> None:
    ds = made_image(np.zeros((1, 4, 4), np.uint8))
    del ds.PixelData
    with pytest.raises(UnreadableObject):
        read_head(io.BytesIO(as_file(ds, ExplicitVRLittleEndian)))
