"""Small images of every kind that a screen has to show, each with the greys or colours that the standard asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.pixels import pixel_array
from pydicom.uid import generate_uid

from tests.functional.api.images import made_image, written

Values = NDArray[Any]
ROWS, COLUMNS = 80, 96
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


@dataclass(frozen=True)
class PixelCase:
    """An image and what it looks like, as (rows, columns) grey or (rows, columns, 3) RGB from 0 to 255, not rounded.

    Pixels that are not a number are not looked at. `dcmtk` are the options with which dcm2pnm draws the same; None where it
    draws something else. `frame` counts from 1; `planes` are what is to be seen over it.
    """

    name: str
    dataset: Dataset
    expected: Values
    dcmtk: tuple[str, ...] | None = ()
    tolerance: float = 1.0
    frame: int = 1
    planes: str = ""

    @property
    def series(self) -> str:
        return str(self.dataset.SeriesInstanceUID)


def linear(values: Values, center: float, width: float) -> Values:
    """PS3.3 C.11.2.1.2.1."""
    if width == 1:
        return np.where(values <= center - 0.5, 0.0, 255.0)
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1) * 255


def linear_exact(values: Values, center: float, width: float) -> Values:
    """PS3.3 C.11.2.1.3.2."""
    return np.clip((values.astype(float) - center) / width + 0.5, 0, 1) * 255


def sigmoid(values: Values, center: float, width: float) -> Values:
    """PS3.3 C.11.2.1.3.1."""
    return 255 / (1 + np.exp(-4.0 * (values.astype(float) - center) / width))


def looked_up(values: Values, first: int, table: Values) -> Values:
    """PS3.3 C.11.1.1 and C.11.2.1.1: the first entry for all values below the first that is mapped, the last one above."""
    return table[np.clip(values.astype(int) - first, 0, len(table) - 1)]


def ramp(low: int, high: int, kind: str) -> Values:
    """Every grey between them in no order of places, so that a pixel in the wrong place shows."""
    spread = np.linspace(low, high, ROWS * COLUMNS).round().astype(kind)
    return np.random.default_rng(7).permutation(spread).reshape(ROWS, COLUMNS)


def made(stored: Values, **elements: object) -> Dataset:
    """A grey image of (rows, columns)."""
    ds = made_image(stored[np.newaxis])
    del ds.NumberOfFrames
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = _SECONDARY_CAPTURE
    for name, value in elements.items():
        setattr(ds, name, value)
    return ds


def _lut_item(first: int, table: Values, bits: int, **elements: object) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(table), first & 0xFFFF, bits])
    item.add_new("LUTData", "OW", table.astype("<u2").tobytes())
    for name, value in elements.items():
        setattr(item, name, value)
    return item


def _bits(stored: int) -> dict[str, int]:
    return {"BitsStored": stored, "HighBit": stored - 1}


def grey_cases() -> Iterator[PixelCase]:
    """Windows, rescaling, tables and padding (PS3.3 C.7.6.3, C.11.1, C.11.2)."""
    stored = ramp(0, 65535, "<u2")
    scaled = {"RescaleSlope": 0.5, "RescaleIntercept": -1000}
    yield PixelCase(
        "16 bit, rescaled",
        made(stored, **scaled, WindowCenter=9000, WindowWidth=20001),
        linear(stored * 0.5 - 1000, 9000, 20001),
        ("+Wi", "1"),
    )
    stored = ramp(0, 4095, "<u2")
    yield PixelCase(
        "MONOCHROME1",
        made(stored, **_bits(12), PhotometricInterpretation="MONOCHROME1", WindowCenter=1800, WindowWidth=2500),
        255 - linear(stored, 1800, 2500),
        ("+Wi", "1"),
    )
    stored = ramp(-1000, 3000, "<i2")
    yield PixelCase(
        "signed, falling",
        made(
            stored, PixelRepresentation=1, RescaleSlope=-2, RescaleIntercept=500, WindowCenter=-1500, WindowWidth=5000
        ),
        linear(stored * -2.0 + 500, -1500, 5000),
        ("+Wi", "1"),
    )
    yield PixelCase(
        "signed, two values wide",
        made(stored, PixelRepresentation=1, RescaleSlope=1, RescaleIntercept=-24, WindowCenter=40, WindowWidth=2),
        linear(stored - 24.0, 40, 2),
        ("+Wi", "1"),
        tolerance=2,  # a graphics card finds the edge in a table of steps
    )
    stored = ramp(0, 255, "u1")
    yield PixelCase("8 bit", made(stored, WindowCenter=128, WindowWidth=256), stored.astype(float), ("+Wi", "1"))
    yield PixelCase(
        "8 bit, narrow", made(stored, WindowCenter=100, WindowWidth=64), linear(stored, 100, 64), ("+Wi", "1")
    )
    yield from _function_cases()
    yield from _table_cases()
    yield from _padding_cases()


def _function_cases() -> Iterator[PixelCase]:
    stored = ramp(0, 4095, "<u2")
    window = {"WindowCenter": 2000, "WindowWidth": 1000}
    for function, curve, options in (
        ("LINEAR", linear, ("+Wi", "1")),
        ("LINEAR_EXACT", linear_exact, None),
        ("SIGMOID", sigmoid, ("+Wfs", "+Wi", "1")),
    ):
        ds = made(stored, **_bits(12), **window, VOILUTFunction=function)
        yield PixelCase(f"function {function}", ds, curve(stored, 2000, 1000), options)
    ds = made(stored, **_bits(12), **window, VOILUTFunction="SIGMOID", PhotometricInterpretation="MONOCHROME1")
    yield PixelCase("function SIGMOID, MONOCHROME1", ds, 255 - sigmoid(stored, 2000, 1000), ("+Wfs", "+Wi", "1"))


def _table_cases() -> Iterator[PixelCase]:
    stored = ramp(0, 4095, "<u2")
    curve = np.round(4095 * (np.arange(3000) / 2999) ** 0.5)
    ds = made(stored, **_bits(12))
    ds.VOILUTSequence = [_lut_item(500, curve, 12, LUTExplanation="NORMAL")]
    yield PixelCase("VOI LUT", ds, looked_up(stored, 500, curve) / 4095 * 255, ("+Wl", "1"))
    signed = ramp(-1000, 1000, "<i2")
    short = np.round(255 * (np.arange(601) / 600) ** 2)
    ds = made(signed, PixelRepresentation=1, PhotometricInterpretation="MONOCHROME1")
    ds.VOILUTSequence = [_lut_item(-300, short, 8)]
    ds.VOILUTSequence[0]["LUTDescriptor"].VR = "SS"
    ds.VOILUTSequence[0].LUTDescriptor = [601, -300, 8]
    yield PixelCase("VOI LUT, signed, MONOCHROME1", ds, 255 - looked_up(signed, -300, short), ("+Wl", "1"))
    meaning = np.round(60000 * (1 - np.exp(-np.arange(4096) / 1000)))
    ds = made(stored, **_bits(12), WindowCenter=25000, WindowWidth=40000)
    ds.ModalityLUTSequence = [_lut_item(0, meaning, 16, ModalityLUTType="US")]
    yield PixelCase("modality LUT", ds, linear(looked_up(stored, 0, meaning), 25000, 40000), ("+Wi", "1"))


def _padding_cases() -> Iterator[PixelCase]:
    """Padding is shown as any value, but where the object has no window it does not count for that of the screen."""
    stored = ramp(0, 1000, "<i2")
    stored[:20, :30] = -2000
    padded = {"PixelRepresentation": 1, "PixelPaddingValue": -2000}
    window = {"WindowCenter": 500, "WindowWidth": 800}
    yield PixelCase("padding", made(stored, **padded, **window), linear(stored, 500, 800), ("+Wi", "1"))
    yield PixelCase("padding, no window", made(stored, **padded), linear(stored, 500.5, 1001), None)
    plain = ramp(100, 3000, "<u2")
    yield PixelCase("no window", made(plain, **_bits(12)), linear(plain, 1550.5, 2901), ("+Wm",))


def coloured(stored: Values, interpretation: str, **elements: object) -> Dataset:
    """Of (rows, columns, 3)."""
    ds = made(stored[..., 0], SamplesPerPixel=3, PlanarConfiguration=0, PhotometricInterpretation=interpretation)
    ds.PixelData = stored.astype("u1").tobytes()
    for name, value in elements.items():
        setattr(ds, name, value)
    return ds


def colour_cases() -> Iterator[PixelCase]:
    """Palettes, RGB and YBR (PS3.3 C.7.6.3.1.2)."""
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)
    yield PixelCase("RGB", coloured(rgb, "RGB"), rgb.astype(float), tolerance=0)
    planes = coloured(rgb, "RGB", PlanarConfiguration=1, PixelData=rgb.transpose(2, 0, 1).tobytes())
    yield PixelCase("RGB, plane by plane", planes, rgb.astype(float), tolerance=0)
    ybr = rng.integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)
    yield PixelCase("YBR_FULL", coloured(ybr, "YBR_FULL"), rgb_of(ybr))
    yield _palette_case()


def rgb_of(ybr: Values) -> Values:
    """PS3.3 C.7.6.3.1.2, YBR_FULL, the other way round."""
    y, b, r = (ybr[..., n].astype(float) for n in range(3))
    b, r = b - 128, r - 128
    return np.clip(np.stack([y + 1.402 * r, y - 0.344136 * b - 0.714136 * r, y + 1.772 * b], axis=-1), 0, 255)


def _palette_case() -> PixelCase:
    stored = ramp(0, 255, "u1")
    tables = np.stack([np.arange(200) * 300, 65535 - np.arange(200) * 200, (np.arange(200) * 7919) % 65536])
    ds = made(stored, PhotometricInterpretation="PALETTE COLOR")
    for name, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [200, 20, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", table.astype("<u2").tobytes())
    shown = np.stack([looked_up(stored, 20, table) / 65535 * 255 for table in tables], axis=-1)
    return PixelCase("palette", ds, shown)


def stored_cases() -> Iterator[PixelCase]:
    """Files of devices, from pydicom."""
    ct = own("CT_small.dcm", WindowCenter=40, WindowWidth=400, Modality="OT")
    values = ct.pixel_array * float(ct.RescaleSlope) + float(ct.RescaleIntercept)
    yield PixelCase("CT of pydicom", ct, linear(values, 40, 400), ("+Wi", "1"))
    jpeg = own("SC_rgb_jpeg_dcmtk.dcm")
    yield PixelCase("YBR JPEG of pydicom", jpeg, pixel_array(jpeg).astype(float), tolerance=4)


def own(name: str, **elements: object) -> Dataset:
    """One of pydicom's files."""
    path = get_testdata_file(name, download=False)
    assert path is not None
    ds = dcmread(path)
    ds.SeriesInstanceUID, ds.SOPInstanceUID = generate_uid(), generate_uid()
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds


@dataclass(frozen=True)
class PixelStudy:
    uid: str
    cases: tuple[PixelCase, ...]
    files: dict[str, Path]


def pixel_study(folder: Path, cases: Iterable[PixelCase]) -> PixelStudy:
    """All of them as one study, a series each."""
    folder.mkdir()
    uid = generate_uid()
    cases = tuple(cases)
    files = {}
    for number, case in enumerate(cases, 1):
        ds = case.dataset
        ds.StudyInstanceUID, ds.SeriesNumber, ds.InstanceNumber = uid, number, 1
        ds.PatientID, ds.PatientName, ds.SeriesDescription = "PIXELS-1", "Zhou^Mingyuan", case.name[:64]
        ds.PatientBirthDate, ds.StudyDate, ds.AccessionNumber = "19610215", "20260301", ""
        files[case.name] = folder / f"{number:03d}.dcm"
        files[case.name].write_bytes(written(ds))
    return PixelStudy(uid, cases, files)
