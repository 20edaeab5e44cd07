"""Images with what is to be seen over them: overlay planes and display shutters (PS3.3 C.9.2, C.9.3, C.7.6.11)."""

from collections.abc import Iterator

import numpy as np
from pydicom import Dataset

from tests.functional.api.images import made_image
from tests.functional.api.planes import embed_overlay, put_overlay
from tests.system.pages.pixel_cases import COLUMNS, ROWS, PixelCase, Values, coloured, linear, made, own, ramp

_SHOWN = {"WindowCenter": 128, "WindowWidth": 256}
_REGION, _OPACITY = np.array([79, 216, 196]), 0.4
_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.7.2"


def plane_cases() -> Iterator[PixelCase]:
    """Planes of all kinds, and shutters."""
    yield from _graphics_cases()
    yield from _region_cases()
    yield from _frame_cases()
    yield from shutter_cases()


def odd_cases() -> Iterator[PixelCase]:
    """As large as no viewport can have in its middle without standing between the pixels of the screen."""
    for rows, columns in ((81, 97), (80, 97), (81, 96)):
        stored = np.random.default_rng(rows + columns).integers(0, 256, (rows, columns), dtype=np.uint8)
        yield PixelCase(f"{rows} rows, {columns} columns", made(stored, **_SHOWN), stored.astype(float), ("+Wi", "1"))
    palette = own("examples_palette.dcm")
    tables = [np.frombuffer(palette[0x0028, 0x1201 + n].value, "<u2") for n in range(3)]
    shown = np.stack([table[palette.pixel_array] / 65535 * 255 for table in tables], axis=-1)
    yield PixelCase("palette of pydicom", palette, shown)


def _noise(*shape: int) -> Values:
    return np.random.default_rng(sum(shape)).random(shape) < 0.3


def _over(shown: Values, points: Values, row: int = 1, column: int = 1) -> Values:
    """With the points of a plane in white, one by one as the standard counts them."""
    drawn = shown.astype(float).copy()
    for y, x in zip(*np.nonzero(points), strict=True):
        at = (y + row - 1, x + column - 1)
        if 0 <= at[0] < shown.shape[0] and 0 <= at[1] < shown.shape[1]:
            drawn[at] = 255
    return drawn


def _graphics_cases() -> Iterator[PixelCase]:
    stored = np.random.default_rng(9).integers(0, 200, (81, 97), dtype=np.uint8)
    ds, shown = made(stored, **_SHOWN), stored
    for group, (rows, columns), origin in (
        (0x6000, (31, 45), (-9, -12)),
        (0x6002, (17, 23), (40, 50)),
        (0x600A, (40, 60), (70, 60)),
        (0x601E, (3, 9), (60, 2)),
    ):
        points = _noise(rows, columns)
        put_overlay(ds, group, points, origin=origin)
        shown = _over(shown, points, *origin)
    yield PixelCase("overlays", ds, shown, ("+Wi", "1"), planes="6000 6002 600A 601E")
    stored, points = ramp(0, 4095, "<u2"), _noise(ROWS, COLUMNS)
    window = {"WindowCenter": 1800, "WindowWidth": 2500}
    ds = made(stored, BitsStored=12, HighBit=11, PhotometricInterpretation="MONOCHROME1", **window)
    embed_overlay(ds, 0x6002, points, 14)
    inverted = 255 - linear(stored, 1800, 2500)
    yield PixelCase("overlay in the pixels", ds, _over(inverted, points), ("+Wi", "1"), planes="6002")
    rgb = np.random.default_rng(5).integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)
    ds = coloured(rgb, "RGB")
    put_overlay(ds, 0x6000, points)
    yield PixelCase("overlay on RGB", ds, _over(rgb, points), None, tolerance=0, planes="6000")
    device = own("examples_overlay.dcm", WindowCenter=200, WindowWidth=400, Modality="OT")
    bits = np.unpackbits(np.frombuffer(device[0x6000, 0x3000].value, np.uint8), bitorder="little")
    grey = linear(device.pixel_array, 200, 400)
    drawn = _over(grey, bits[: grey.size].reshape(grey.shape))
    yield PixelCase("overlay of a device", device, drawn, ("+Wi", "1"), planes="6000")


def _region_cases() -> Iterator[PixelCase]:
    stored, points = ramp(0, 255, "u1"), _noise(20, 30)
    ds = made(stored, **_SHOWN)
    put_overlay(ds, 0x6000, points, origin=(30, 40), kind="R", label="Lesion")
    shown = np.repeat(stored[..., np.newaxis].astype(float), 3, axis=-1)
    part = shown[29:49, 39:69]
    part[points] = part[points] * (1 - _OPACITY) + _REGION * _OPACITY
    yield PixelCase("region of interest", ds, shown, None, planes="6000")


def _frame_cases() -> Iterator[PixelCase]:
    stored = np.random.default_rng(4).integers(0, 200, (4, 41, 53), dtype=np.uint8)
    points = _noise(2, 21, 31)
    for frame in (1, 3):
        ds = _frames(stored)
        put_overlay(ds, 0x6000, points, origin=(5, 7), first_frame=2)
        shown = _over(stored[2], points[1], 5, 7) if frame == 3 else stored[0].astype(float)
        planes = "6000" if frame == 3 else ""
        yield PixelCase(f"overlays of frames, {frame}", ds, shown, ("+Wi", "1"), frame=frame, planes=planes)
    embedded = _frames(stored.astype("<u2"), BitsStored=8, HighBit=7)
    every = _noise(4, 41, 53)
    embed_overlay(embedded, 0x6000, every, 15)
    shown = _over(stored[3], every[3])
    yield PixelCase("overlays in the pixels of frames", embedded, shown, None, frame=4, planes="6000")


def _frames(stored: Values, **elements: object) -> Dataset:
    ds = made_image(stored, **_SHOWN, **elements)
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = _MULTI_FRAME
    return ds


def shutter_cases() -> Iterator[PixelCase]:
    """The edges of circles and polygons are left out: a screen shares out a pixel that an edge goes through."""
    stored = ramp(60, 255, "u1")
    rectangle = {
        "ShutterLeftVerticalEdge": 11,
        "ShutterRightVerticalEdge": 80,
        "ShutterUpperHorizontalEdge": 6,
        "ShutterLowerHorizontalEdge": 70,
    }
    inside = np.zeros(stored.shape, bool)
    inside[5:70, 10:80] = True
    ds = made(stored, **_SHOWN, ShutterShape="RECTANGULAR", **rectangle)
    yield PixelCase("rectangular shutter", ds, np.where(inside, stored, 0.0), None, planes="shutter")
    circle = {"CenterOfCircularShutter": [40, 50], "RadiusOfCircularShutter": 30, "ShutterPresentationValue": 0x3333}
    ds = made(stored, **_SHOWN, ShutterShape=["CIRCULAR", "RECTANGULAR"], **circle, **rectangle)
    rows, columns = np.ogrid[1 : ROWS + 1, 1 : COLUMNS + 1]
    away = np.hypot(rows - 40, columns - 50) - 30
    shown = np.where(inside & (away < 0), stored, 51.0)
    shown[inside & (np.abs(away) < 1)] = np.nan
    yield PixelCase("circular and rectangular shutter", ds, shown, None, planes="shutter")
    ds = made(stored, **_SHOWN, ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=[5, 5, 5, 91, 75, 91])
    below = (rows - 5) * (91 - 5) - (columns - 5) * (75 - 5)
    shown = np.where((below < 0) & (rows > 5) & (columns < 91), stored, 0.0)
    edge = (np.abs(below) < 120) | (np.abs(rows - 5) < 2) | (np.abs(columns - 91) < 2)
    shown[edge] = np.nan
    put_overlay(ds, 0x6000, points := _noise(10, 20))
    yield PixelCase("overlay on a polygonal shutter", ds, _over(shown, points), None, planes="6000 shutter")
